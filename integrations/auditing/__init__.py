"""What the books really hold, compared with what we believe; and what was lost here, restored from it.

Comparing: `rounds.py` (when), `reconciling.py` (one comparison from start to end), and what it is made of:
`scanning.py` (list the books), `tracing.py` (whose each document is), `comparing.py`, `discrepancies.py` (the
findings), `balancing.py` (has each work order come to an end) and `accepting.py` (what a person leaves as it is).
Restoring: `rebuilding.py`, with `restoring_records.py` and `restoring_sales.py`. Both ask `bearers.py` which work
order a printed reference belongs to.
"""
