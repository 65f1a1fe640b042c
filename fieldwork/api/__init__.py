"""The firm's records for its other programs, over HTTP.

`door.py` is what every request passes: the key, how often, how much, and whether it was answered before. `records.py`
saves what came through the forms of the pages, so that there is one set of rules. The other modules are the
addresses, by kind of record. The document that describes them is put together above, in `integrations/api/`.
"""
