"""From a person's "Connect" to a live connection, and back: every step that needs the owner.

Read first `flow.py` (a login with a page), `tenants.py` (one without) or `inviting.py` (by a link), then `keeping.py`
(whose books, and which connection), `confirming.py` (the right company?), `setting_up.py` (step by step to Start),
`questions.py` (what the provider must be told) and `disconnecting.py`. `refusals.py` says why not. Tokens are no
person's business: `integrations/tokens.py`.
"""
