"""How installation and connections are doing, computed from the database, and who is told.

Read first `rounds.py` (every five minutes), then `facts.py` (what a fact is, and from which age on it is an alarm).
Looking: `signs.py` (the installation) and `observing.py` (all connections together), which makes a `Sighting` of each.
Judging: `installation_facts.py`, `connection_facts.py` and `firm_facts.py`, and `health.py`, which asks them all.
Telling: `alarms.py`, `notices.py`, `webhooks.py`. Asking: `banner.py` for people, `readiness.py` and `metrics.py` for
machines. `canary.py` is the secret that shows whether the keys still fit.
"""
