"""The link that a person makes or takes back, with its trace in the history.

No network: whoever calls has looked at the books' customer already.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounting.types import CustomerRecord
from fieldwork.models import Customer, User
from integrations.history import note
from integrations.linking.inquiring import ReferenceRefused
from integrations.linking.rereading import read_again
from integrations.models import Agreement, Change, Connection, Link, LinkDecision, Operation
from integrations.sending.queueing import UNSENT, business_key
from integrations.trouble.cases import close_cases

State = Operation.State
BEING_SENT = (State.CLAIMED, State.SENDING, State.IN_DOUBT)


def check(connection: Connection, customer: Customer, record: CustomerRecord) -> None:
    """Raises ReferenceRefused when ours cannot be linked to that customer of the books, unless they are linked."""
    values = {"name": f"{record.number} {record.name}".strip(), "provider": connection.label}
    if not record.active:
        raise ReferenceRefused(
            _("%(name)s is not active in %(provider)s. Activate the customer there, or choose another.") % values
        )
    holder = holder_of(connection, record.remote_id)
    if holder is not None and holder.pk != customer.pk:
        raise ReferenceRefused(_("%(name)s is linked to another of your customers:") % values, holder=holder)
    if holder is None and is_in_books(connection, customer):
        raise ReferenceRefused(_("%(customer)s is linked already. Unlink first.") % {"customer": customer})
    refuse_while_being_sent(connection, customer)


def is_in_books(connection: Connection, customer: Customer) -> bool:
    """Also without a link: as the same as another customer of ours, who has it."""
    own = Operation.objects.filter(books=connection.books_id, kind="customer", local_id=customer.pk)
    return counterpart_of(connection, customer) is not None or own.filter(state=State.DONE).exists()


def holder_of(connection: Connection, remote_id: str) -> Customer | None:
    """Our customer who is linked to that one of the books."""
    link = Link.objects.filter(books=connection.books_id, kind="customer", remote_id=remote_id).first()
    return Customer.objects.filter(pk=link.local_id).first() if link else None


def counterpart_of(connection: Connection, customer: Customer) -> Link | None:
    return Link.objects.filter(books=connection.books_id, kind="customer", local_id=customer.pk).first()


def refuse_while_being_sent(connection: Connection, customer: Customer) -> None:
    own = Operation.objects.filter(books=connection.books_id, kind="customer", local_id=customer.pk)
    if own.filter(state__in=BEING_SENT).exists():
        raise ReferenceRefused(
            _("%(customer)s is being sent right now. Wait until that is over.") % {"customer": customer}
        )


# --- linking --------------------------------------------------------------------


def link_by_hand(connection: Connection, customer: Customer, record: CustomerRecord, *, by: User) -> Link:
    """The new link. Raises ReferenceRefused, also when somebody else was faster.

    What stands in the fields stays as it is on both sides; a creation that waits for a decision is settled by it.
    """
    check(connection, customer, record)
    existing = counterpart_of(connection, customer)
    if existing is not None:  # pressed twice
        return existing
    try:
        with transaction.atomic():
            link = Link.objects.create(
                books=connection.pinned_books,
                kind="customer",
                remote_id=record.remote_id,
                remote_number=record.number[:100],
                local_model=customer._meta.label,
                local_id=customer.pk,
                origin=Link.Origin.PERSON,
            )
            note_link(connection, customer, link, what=Change.What.LINKED, by=by)
            decide(customer, link, verdict=LinkDecision.Verdict.SAME, by=by)
            settle(connection, customer, link)
    except IntegrityError:
        raise linked_meanwhile(customer) from None
    return link


def take_over_link(connection: Connection, customer: Customer, link: Link, *, by: User) -> Link:
    """The link of another customer of ours, who is the same, goes over to this one. Unlinking gives it back."""
    if link.gone_at is not None:
        raise ReferenceRefused(
            _("%(number)s is no longer in %(provider)s.") % {"number": link.remote_number, "provider": connection.label}
        )
    if counterpart_of(connection, customer) is not None:
        raise linked_meanwhile(customer)
    refuse_while_being_sent(connection, customer)
    former = Customer.objects.filter(pk=link.local_id).first()
    with transaction.atomic():
        same = Link.objects.filter(pk=link.pk, local_id=link.local_id)
        if not same.update(local_id=customer.pk, origin=Link.Origin.PERSON):
            raise linked_meanwhile(customer)
        if former is not None:
            note_link(connection, former, link, what=Change.What.UNLINKED, by=by)
        link.refresh_from_db()
        note_link(connection, customer, link, what=Change.What.LINKED, by=by)
        decide(customer, link, verdict=LinkDecision.Verdict.SAME, by=by, former=former)
        settle(connection, customer, link)
    return link


def settle(connection: Connection, customer: Customer, link: Link) -> None:
    """What waited for this decision goes on: the creation, which finds the link, and the entries of the inbox."""
    own = Operation.objects.filter(books=connection.books_id, kind="customer", local_id=customer.pk)
    own.filter(state__in=UNSENT).update(due_at=timezone.now())
    own.requeue(timezone.now())
    close_cases(connection, subject=("remote_customer", [link.remote_id]), codes=["look_alike"])


def linked_meanwhile(customer: Customer) -> ReferenceRefused:
    return ReferenceRefused(_("%(customer)s was linked by somebody else meanwhile.") % {"customer": customer})


# --- unlinking ------------------------------------------------------------------


def unlink(connection: Connection, customer: Customer, *, by: User) -> None:
    """Ours and theirs are two again; nothing else changes here or there. Raises ReferenceRefused.

    What was sent keeps its trace; the creation of the customer no longer stands for it, so it can be added anew.
    """
    refuse_while_being_sent(connection, customer)
    with transaction.atomic():
        link = counterpart_of(connection, customer)
        if link is not None:
            note_link(connection, customer, link, what=Change.What.UNLINKED, by=by)
            give_back(connection, customer, link, by=by)
        withdraw_creation(connection, customer)


def give_back(connection: Connection, customer: Customer, link: Link, *, by: User) -> None:
    """To the customer of ours from whom it was taken over, if there is one; else it is gone, and theirs comes in as a
    customer of its own with the next sync."""
    decisions = LinkDecision.objects.filter(books=connection.books_id, kind="customer", local_id=customer.pk)
    taken = decisions.filter(remote_id=link.remote_id, former_id__isnull=False).first()
    ours = Customer.objects.filter(organization=customer.organization_id)
    former = ours.filter(pk=taken.former_id).first() if taken and taken.former_id else None
    decide(customer, link, verdict=LinkDecision.Verdict.DIFFERENT, by=by)
    Agreement.objects.filter(books=connection.books_id, local_id=customer.pk).delete()
    if former is None or counterpart_of(connection, former) is not None:
        link.delete()
        read_again(connection, "customer")
        return
    Link.objects.filter(pk=link.pk).update(local_id=former.pk)
    note_link(connection, former, link, what=Change.What.LINKED, by=by)


def withdraw_creation(connection: Connection, customer: Customer) -> None:
    own = Operation.objects.filter(books=connection.books_id, kind="customer", business_key=business_key(customer))
    own.filter(state=State.DONE).withdraw()


# --- the trace ------------------------------------------------------------------


def decide(customer: Customer, link: Link, *, verdict: str, by: User, former: Customer | None = None) -> None:
    """What the person has said of the two, remembered."""
    LinkDecision.objects.update_or_create(
        books_id=link.books_id,
        kind="customer",
        remote_id=link.remote_id,
        local_id=customer.pk,
        defaults={
            "remote_label": link.remote_number,
            "local_model": customer._meta.label,
            "local_label": str(customer),
            "former_id": former.pk if former else None,
            "verdict": verdict,
            "by": by,
        },
    )


def note_link(connection: Connection, customer: Customer, link: Link, *, what: str, by: User) -> None:
    is_new = what == Change.What.LINKED
    values = {"remote_number": link.remote_number, "remote_id": link.remote_id}
    note(
        customer,
        source=Change.Source.HERE,
        what=what,
        fields={name: ("", value) if is_new else (value, "") for name, value in values.items()},
        books=connection.books,
        by=by,
    )
