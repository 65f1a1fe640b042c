"""An action on the customers of the field work: add them in the books.

`fieldwork` knows no books, so its admin cannot bring this itself; it is put onto the admin that is registered.
"""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.models import Customer
from integrations.admin.scoping import staff_member
from integrations.export import create_now
from integrations.sending.queueing import live_connection


@admin.action(description=gettext_lazy("Add as customer in the books"), permissions=["change"])
def add_in_the_books(customers: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet[Customer]) -> None:
    """Each chosen customer becomes one of the books, unless they are there already."""
    asked = 0
    for customer in chosen.select_related("organization"):
        connection = live_connection(customer.organization)
        if connection is not None:
            create_now(connection, customer, by=staff_member(request))
            asked += 1
    if asked:
        customers.message_user(request, _("%(count)s customers go to the books.") % {"count": asked})
    if left := chosen.count() - asked:
        sentence = _("%(count)s stay: their organization has no accounting system connected.")
        customers.message_user(request, sentence % {"count": left}, messages.WARNING)


customer_admin = admin.site.get_model_admin(Customer)
customer_admin.actions = [*(customer_admin.actions or []), add_in_the_books]
