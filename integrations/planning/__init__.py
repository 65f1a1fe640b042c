"""What a sync would do, without doing it: looked at before anything is written, held, approved, started.

Read first `rehearsing.py` (the look ahead itself), then `incoming.py` and `outgoing.py` (what becomes of a record in
either direction), `making.py` (kept as a plan, by a worker) and `deciding.py` (what a person says to it).
"""
