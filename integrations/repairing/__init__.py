"""Repairs where the problem is told: one declaration per way of repairing, and one engine that carries them out.

Read first `declared.py` (which repair fits which case), then `carrying_out.py` (for one case or for all alike).
`repair.py` says what a repair is; `fields.py`, `choosing.py`, `mapping.py`, `deciding.py` and `look_alikes.py` are the
repairs; `offers.py` reads what a page of forms needs, `likeness.py` counts what is alike; `forms.py` makes the form;
`rules.py` remembers decisions and makes them again.
"""
