"""The last look before a customer is created: who in the books has the same organisation number or e-mail.

What was read of the books is compared long before (`recognising/duplicates.py`); this finds who came there since, or is
not read at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from accounting.errors import Refused
from accounting.protocol import Ledger, SearchesCustomers
from accounting.types import CustomerDocument, CustomerRecord, Receipt, Stage
from fieldwork.models import Customer
from integrations.models import Link
from integrations.recognising.duplicates import match_there
from integrations.sending.looking import Sought
from integrations.sending.outcomes import FOUND, Blocked, Turn
from integrations.sending.recording import record_done
from integrations.sending.usability import looks_like


def is_there_already(turn: Turn, ledger: Ledger, sought: Sought) -> bool:
    """Whether the document is a customer whom the books have: then that one is used, and the operation is done.

    Raises Blocked when a person must say whether it is another. Network: what `customers_like` takes, for customers
    whom nobody has released. Where the accounting system cannot be searched like this, nobody is found.
    """
    operation, document = sought.operation, sought.document
    if operation.released or not isinstance(document, CustomerDocument):
        return False
    records = like(ledger, document)
    if not records:
        return False
    customer = Customer.objects.get(pk=operation.local_id)
    found = match_there(turn.connection, customer, records)
    if found.doubtful:
        problems = [looks_like(customer, str(each.customer)) for each in found.doubtful]
        # Of its own code: what is checked without the books would let it go again with each turn.
        raise Blocked(problems, code=FOUND)
    if found.certain is None or found.certain.link is None:
        return False
    link = found.certain.link
    receipt = Receipt(stage=Stage.CUSTOMER, remote_id=link.remote_id, number=link.remote_number)
    record_done(operation, receipt, origin=Link.Origin.ADOPTED)
    return True


def like(ledger: Ledger, asked: CustomerDocument) -> Sequence[CustomerRecord] | None:
    """None where the accounting system offers no such search, or not by these members."""
    if not isinstance(ledger, SearchesCustomers):
        return None
    try:
        return ledger.customers_like(asked)
    except Refused:
        return None
