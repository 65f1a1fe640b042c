"""Asks the books about single customers: whom a pasted reference means, and who there looks like one of ours.

Network in every function; nothing is written, here or there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounting.errors import AccountingError, NotFound
from accounting.protocol import Ledger, ShowsRecords, remote_id_in
from accounting.types import CustomerDocument, CustomerRecord, Receipt, Stage
from fieldwork.models import Customer
from integrations.connections import open_ledger
from integrations.models import Connection, Link
from integrations.sending.existing import like

# What may be a customer's number and not a broken id: ids are longer.
NUMBER = re.compile(r"[\w./ -]{1,20}")


class ReferenceRefused(Exception):
    """A reference that cannot be used, with a sentence for the person who typed it.

    `holder` is our customer who has that record of the books already.
    """

    def __init__(self, sentence: str, *, holder: Customer | None = None) -> None:
        super().__init__(sentence)
        self.holder = holder


def customer_meant(connection: Connection, text: str) -> CustomerRecord:
    """The customer of the books whose reference, address or number was pasted. Raises ReferenceRefused."""
    try:
        return meant(connection, open_ledger(connection), text)
    except NotFound:
        raise ReferenceRefused(
            _("%(books)s has no customer with this reference. It may belong to another company, or be deleted.")
            % {"books": connection}
        ) from None
    except AccountingError as error:
        raise ReferenceRefused(
            _("%(provider)s could not be asked: %(reason)s Nothing was changed; try again later.")
            % {"provider": connection.label, "reason": _(error.sentence)}
        ) from None


def meant(connection: Connection, ledger: Ledger, text: str) -> CustomerRecord:
    """By the id in the text; else, as a bare number may be an id or a customer's number, by that."""
    if remote_id := remote_id_in(connection.ledger_provider, text):
        try:
            return shown(ledger, remote_id)
        except NotFound:
            if not NUMBER.fullmatch(text.strip()):
                raise
    return shown(ledger, numbered(connection, ledger, text))


def shown(ledger: Ledger, remote_id: str) -> CustomerRecord:
    """The customer as the books have it. Where they show no single records, just number and name are known."""
    if isinstance(ledger, ShowsRecords):
        return ledger.record(CustomerRecord, remote_id)
    receipt = ledger.fetch(Receipt(stage=Stage.CUSTOMER, remote_id=remote_id))
    return CustomerRecord(remote_id=remote_id, number=receipt.number, name=receipt.name, is_company=True)


def numbered(connection: Connection, ledger: Ledger, text: str) -> str:
    """The id of the customer with that number over there. Raises ReferenceRefused or NotFound."""
    number = text.strip()
    if not NUMBER.fullmatch(number):
        raise ReferenceRefused(
            _("This is no reference of %(provider)s. Copy the address of the customer's page there, or its last part.")
            % {"provider": connection.label}
        )
    known = Link.objects.filter(books=connection.books_id, kind="customer", remote_number=number).first()
    if known is not None:
        return known.remote_id
    asked = CustomerDocument(reference=number, number=number, name="", is_company=True)
    found = [each for each in like(ledger, asked) or () if each.number == number]
    if len(found) != 1:
        raise NotFound
    return found[0].remote_id


def alike_in_books(connection: Connection, customer: Customer) -> Sequence[CustomerRecord] | None:
    """Who over there shares a number, an organisation number or an e-mail with ours, and has no link yet.

    None when the books could not be searched: then nobody knows.
    """
    asked = CustomerDocument(
        reference="",
        number=customer.number,
        name=customer.name,
        is_company=customer.is_company,
        organisation_number=customer.organisation_number,
        email=customer.email,
    )
    try:
        found = like(open_ledger(connection), asked)
    except AccountingError:
        return None
    if not found:
        return found
    ids = {each.remote_id for each in found}
    links = Link.objects.filter(books=connection.books_id, kind="customer", remote_id__in=ids)
    linked = set(links.values_list("remote_id", flat=True))
    return [each for each in found if each.remote_id not in linked]
