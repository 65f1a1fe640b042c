"""From the books to us: a pass over one stream, page by page, as `integrations/sync.py` runs it.

Read first `fetching.py` (the next page, while this one is written), then `pages.py` (one page), `following.py` (the
inbox's entries about what is read) and `vanishing.py` (what a full read no longer met). `anew.py` says when everything
is read unasked, `ids.py` makes the ids of new rows. What becomes of a single record is decided in
`integrations/placing/`.
"""
