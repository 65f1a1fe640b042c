"""The domain signals: what other apps may want to do when work is done, or when a person changes a record."""

from __future__ import annotations

from django.dispatch import Signal

# Sent by services.complete_work_order with `work_order` and `by`, inside its transaction: a receiver
# that raises undoes the completion, and what it writes is there exactly when the completion is.
work_order_completed = Signal()

# Sent by views.editing with `record`, `before` (the old values of the fields that differ now; empty when it is
# new or removed), `deed` (added, changed or removed) and `by`, in the transaction that saves or removes it.
record_edited = Signal()
