"""From a record of the books to rows of ours: whose it is, what becomes of it, and how it is written in bulk.

Read first `context.py` (what a record is read against), then `matching.py` (which of ours it is), `records.py` (its
rows, or the reason why not) and `orders.py` (the same for a sales order). `objections.py` holds the findings about
records, `upsert.py` the SQL. What is called for which stream, `integrations/pipelines.py` declares.
"""
