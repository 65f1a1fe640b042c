"""The one domain signal: what other apps may want to do when work is done."""

from __future__ import annotations

from django.dispatch import Signal

# Sent by services.complete_work_order with `work_order` and `by`, inside its transaction: a receiver
# that raises undoes the completion, and what it writes is there exactly when the completion is.
work_order_completed = Signal()
