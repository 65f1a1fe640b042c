"""What each kind of problem means: its title, the usual cause, and the cure. The catalogue behind *Explain*.

Read first `entries.py` (what an explanation is, and how one is found); the others hold the texts, one module per
place where such problems arise.
"""
