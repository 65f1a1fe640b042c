"""The admin of the field work: every record, narrowed to the organizations of the staff member."""

from __future__ import annotations

from fieldwork.admin import catalogue, customers, keys, people, work

__all__ = ["catalogue", "customers", "keys", "people", "work"]
