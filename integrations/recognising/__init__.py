"""Which of theirs is which of ours: by links, by our reference, and by what two records have in common.

Read first `references.py` (our sign on what we write), then `counterparts.py` (the links of a whole batch) and
`duplicates.py` (who may be there already without a link).
"""
