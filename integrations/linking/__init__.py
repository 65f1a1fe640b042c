"""What a person says about which customer of the books is which of ours, checked against the books.

Read first `inquiring.py` (whom a pasted reference means, who over there looks like ours), then `by_hand.py` (the
link that somebody makes or takes back).
"""
