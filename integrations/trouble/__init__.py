"""What goes wrong: who is told, and how long we bear it before a person has to look.

Read first `cases.py` (an entry in the inbox), then `reporting.py` (the same for an operation), and the two kinds of
patience: `breaker.py` with books that fail, `patience.py` with a record that fails while the books answer.
"""
