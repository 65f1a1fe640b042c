"""From us to the books: the life of an operation, as `integrations/export.py` runs it.

Read in the order of that life: `queueing.py` (into the outbox), `preconditions.py` with `usability.py` (may it go),
`preparing.py` and `looking.py` (is it there already), `outcomes.py` (the one table from error to next state),
`recording.py` with `statuses.py` (done), `verification.py` (read back), `recovery.py` (sent, and no answer).
`preflight.py` asks the preconditions for a job that is still open.
"""
