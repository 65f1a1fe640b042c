"""Paper: a work order as the customer gets it."""

from __future__ import annotations

from fieldwork.pdf.work_orders import file_name, language_of, work_order_pdf, work_orders_to_print

__all__ = ["file_name", "language_of", "work_order_pdf", "work_orders_to_print"]
