"""What a person says about which customer of the books is which of ours, checked against the books.

Read first `inquiring.py` (whom a pasted reference means, who over there looks like ours), then `by_hand.py` (the
link that somebody makes or takes back). For all at once: `pairs.py` (who is certainly, likely or not at all one of
theirs), `many.py` (links by the hundred, and the way back) and `kept.py` (the same for tens of thousands).
"""
