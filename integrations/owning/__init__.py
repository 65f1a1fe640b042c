"""Who decides about a field: the books, we, whoever changed it last, or a person each time. Read `groups.py` first."""
