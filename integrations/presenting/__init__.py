"""What pages show and ask: facts and forms for views, template tags and the admin. No page asks the books here.

`dashboard.py`, `panels.py` (a record's place in the books), `pills.py` (a state as a word), `progress.py` (a run as a
bar), and the forms: `settings_form.py`, `webhook_form.py`.
"""
