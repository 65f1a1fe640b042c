"""The inbox as a page shows it: entries in groups of one kind, each with who, what, why and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fieldwork.models import Membership
from integrations.explaining.catalogue import explain
from integrations.exports import CHANGES, SALES
from integrations.models import Case, Operation
from integrations.owning.comparing import CODE as BOTH_CHANGED
from integrations.presenting.happenings import BY_MODEL
from integrations.presenting.kinds import kind_title, subject_title
from integrations.repairing.deciding import EXCLUDE
from integrations.repairing.declared import REPAIRS, repair_for
from integrations.repairing.forms import RepairForm
from integrations.repairing.repair import Offers, Repair
from integrations.watching.facts import Remedy, open_page, take_step

PAGES = {
    "work_order": "fieldwork:work_order_detail",
    "customer": "fieldwork:customer_detail",
    "material": "fieldwork:material_edit",
    "hour_type": "fieldwork:hour_type_edit",
    "project": "fieldwork:project_edit",
    "contact_person": "fieldwork:contact_person_edit",
    "contact": "fieldwork:contact_person_edit",
}
# Where the owner says what the accounting system must be told.
CONNECTION_PAGES = {
    "answer_missing": "integrations:settings",
    "answer_gone": "integrations:settings",
    "terms_unanswered": "integrations:settings",
    "coding_unanswered": "integrations:settings",
    "kind_not_offered": "integrations:settings",
    "orders_off": "integrations:settings",
    "value_not_mapped": "integrations:values",
}
# Where both that want the same number are found by it.
LISTS = {
    "remote_customer": "fieldwork:customer_list",
    "remote_article": "fieldwork:material_list",
    "remote_project": "fieldwork:project_list",
}
# Where a single field is repaired.
FORMS = {"customer": "fieldwork:customer_edit"}
READ_AGAIN = frozenset({"stream_not_allowed", "stream_stopped", "stream_given_up", "many_records_missing"})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A case with everything that can be done about it.

    `alike` counts the open cases that the same decision would repair, this one included; `follows` when the form of
    one of them stands further up on the page.
    """

    case: Case
    address: str
    form: RepairForm | None
    excluding: RepairForm | None
    remedy: Remedy | None
    alike: int
    excluded_alike: int
    is_owner: bool
    may_accept: bool
    follows: bool = False

    @property
    def subject_address(self) -> str:
        return subject_address(self.case)

    @property
    def shows_page(self) -> bool:
        """Whether the page of the repair is worth a button: not the connection's, where the repair stands here."""
        if not self.address or self.address == self.subject_address:
            return False
        is_connection = self.case.subject_kind == "connection" or self.case.where == "connection"
        return not is_connection or (self.form is None and self.remedy is None)

    @property
    def kind(self) -> str:
        return subject_title(self.case.subject_kind)

    @property
    def what(self) -> str:
        return what_happened(self.case)

    @property
    def may_retry(self) -> bool:
        return self.case.operation is not None and self.case.operation.state in Operation.NEEDS_PERSON

    @property
    def may_leave(self) -> bool:
        """Whether it is a change of what is in the books that stopped: they may as well stay as they are."""
        return self.may_retry and self.case.operation is not None and self.case.operation.kind in CHANGES

    @property
    def may_be_ticked(self) -> bool:
        return self.may_retry or self.excluding is not None

    @property
    def is_under_way(self) -> bool:
        """Tried again just now, and not answered yet."""
        return self.case.operation is not None and self.case.operation.state in Operation.OPEN

    @property
    def may_answer(self) -> bool:
        """Whether this person sees the form; the rest is told who does."""
        return self.form is not None and (self.is_owner or not self.form.repair.for_owner)

    @property
    def remembers(self) -> bool:
        return self.form is not None and self.form.repair.remembers(self.case)

    @property
    def remembers_exclusion(self) -> bool:
        return EXCLUDE.remembers(self.case)

    @property
    def is_explained(self) -> bool:
        return explain(self.case.code) is not None


@dataclass(frozen=True, kw_only=True)
class Group:
    """The entries of one kind on this page; `count` are all that are open, on every page."""

    code: str
    count: int
    entries: Sequence[Entry]

    @property
    def title(self) -> str:
        return kind_title(self.code)

    @property
    def can_retry(self) -> bool:
        return any(entry.may_retry for entry in self.entries)

    @property
    def can_leave(self) -> bool:
        return any(entry.may_leave for entry in self.entries)

    @property
    def is_explained(self) -> bool:
        return explain(self.code) is not None


def groups_of(entries: Iterable[Entry], counts: Mapping[str, int]) -> Iterator[Group]:
    """In the order of the entries, which are sorted by kind."""
    for code, group in groupby(entries, key=lambda entry: entry.case.code):
        yield Group(code=code, count=counts.get(code, 0), entries=list(group))


def one_form_for_all(entries: Sequence[Entry]) -> list[Entry]:
    """Where saving one repairs all alike, the first has the form in sight and the others have it in a fold."""
    by_repair: dict[str, list[Case]] = {}
    for each in entries:
        if each.form is not None and each.form.repair.once:
            by_repair.setdefault(each.form.repair.key, []).append(each.case)
    marks = {pk: (key, mark) for key, cases in by_repair.items() for pk, mark in REPAIRS[key].alike(cases).items()}
    shown: set[tuple[str, str, UUID, str]] = set()
    result = []
    for each in entries:
        if each.case.pk not in marks:
            result.append(each)
            continue
        place = (*marks[each.case.pk], each.case.connection_id, each.case.code)
        result.append(replace(each, follows=place in shown))
        shown.add(place)
    return result


def entry_of(
    case: Case,
    membership: Membership,
    offers: Offers,
    *,
    alike: Mapping[tuple[str, UUID], int],
    may_accept: bool,
    filled: RepairForm | None = None,
) -> Entry:
    """The case with its forms; `filled` is the one that somebody has just sent."""
    repair = repair_for(case)
    return Entry(
        case=case,
        address=address_of(case, membership),
        form=form_of(case, repair, offers, filled),
        excluding=form_of(case, EXCLUDE if EXCLUDE.fits(case) else None, offers, filled),
        remedy=remedy_of(case),
        alike=alike.get((repair.key, case.pk), 1) if repair else 1,
        excluded_alike=alike.get((EXCLUDE.key, case.pk), 1),
        is_owner=membership.is_owner(),
        may_accept=may_accept,
    )


def form_of(case: Case, repair: Repair | None, offers: Offers, filled: RepairForm | None) -> RepairForm | None:
    if repair is None or (case.operation is not None and case.operation.state in Operation.OPEN):
        return None
    return filled if filled is not None and filled.repair is repair else RepairForm(case, repair, offers)


def remedy_of(case: Case) -> Remedy | None:
    """What is neither typed nor chosen: a step that the owner takes, or the page that tells more."""
    if case.code == "reconnect_needed":
        return take_step(gettext_noop("Reconnect"), "integrations:connect", case.connection.provider)
    if case.code in READ_AGAIN:
        return take_step(gettext_noop("Sync now"), "integrations:sync", case.connection_id)
    if case.code == "overdue":
        return open_page(gettext_noop("Health"), "integrations:health")
    return None


def address_of(case: Case, membership: Membership) -> str:
    """The page where the case is repaired, or empty where there is none for this person."""
    if case.subject_kind == "connection" or case.where == "connection":
        return page_of_connection(case) if membership.is_owner() else ""
    if case.code == "customer_looks_like_another" and is_uuid(case.part):
        return reverse("integrations:add_customer", args=[case.part])
    if case.code == "look_alike" and case.connection.is_live:
        kind = case.subject_kind.removeprefix("remote_")
        return f"{reverse('integrations:linking', args=[case.connection_id])}?{urlencode({'kind': kind})}"
    if case.code == "number_taken" and case.subject_kind in LISTS:
        return f"{reverse(LISTS[case.subject_kind])}?{urlencode({'q': case.values.get('number', '')})}"
    if case.where in PAGES and is_uuid(case.part):
        page = FORMS.get(case.where, PAGES[case.where]) if case.field else PAGES[case.where]
        return reverse(page, args=[case.part])
    return subject_address(case)


def page_of_connection(case: Case) -> str:
    page = CONNECTION_PAGES.get(case.code)
    return reverse(page, args=[case.connection_id]) if page else reverse("integrations:books")


def subject_address(case: Case) -> str:
    """The page of the record that the case is about, or empty when it is none of ours."""
    if case.subject_kind in PAGES and is_uuid(case.subject_id):
        return reverse(PAGES[case.subject_kind], args=[case.subject_id])
    if case.code == BOTH_CHANGED and is_uuid(case.part):
        return reverse(BY_MODEL[case.values["model"]].page, args=[case.part])
    return ""


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


# --- what happened --------------------------------------------------------------


def what_happened(case: Case) -> str:
    """In one short sentence: was not sent, did not come in, differs. Why is another."""
    books = {"books": case.connection.label}
    if case.subject_kind.startswith("remote_"):
        return _("Did not come from %(books)s as it stands there.") % books
    if case.subject_kind == "stream":
        return _("Reading it from %(books)s stopped.") % books
    if case.operation is None:
        return without_operation(case) % books
    return of_operation(case.operation) % books


def without_operation(case: Case) -> str:
    if case.subject_kind == "connection":
        return _("The connection to %(books)s needs somebody.")
    return _("Here and in %(books)s it does not agree.")


def of_operation(operation: Operation) -> str:
    if operation.state == Operation.State.DONE:
        return _("Was sent to %(books)s, and differs there.")
    if operation.state == Operation.State.IN_DOUBT:
        return _("May have arrived in %(books)s; that is being checked.")
    if operation.state in Operation.OPEN:
        return _("Is on its way to %(books)s again.")
    if operation.kind in SALES:
        return _("Was not sent to %(books)s.")
    if operation.kind in CHANGES:
        return _("Was not changed in %(books)s.")
    return _("Was not added in %(books)s.")
