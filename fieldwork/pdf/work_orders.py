"""A work order on A4: who, where, what was done by whom, with what, and what it comes to.

    [order] = work_orders_to_print().filter(pk=pk)
    work_order_pdf(order)

In Swedish for customers in Sweden, else in English. The same work order gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from fpdf.enums import VAlign
from fpdf.fonts import FontFace

from fieldwork.models import WorkOrder, WorkOrderLine
from fieldwork.pdf.page import LARGE, LINE_MM, SMALL, TITLE, Paper, money, printable, quantity

Kind = WorkOrderLine.Kind
COLUMNS_MM = (22, 66, 24, 24, 15, 23)
ALIGNED = ("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT")


def work_orders_to_print() -> QuerySet[WorkOrder]:
    """Work orders with everything that their paper shows."""
    lines = WorkOrderLine.objects.select_related("material", "hour_type", "performed_by")
    orders = WorkOrder.objects.select_related(
        "organization", "customer", "work_site", "project", "assigned_to", "completed_by"
    )
    return orders.prefetch_related(Prefetch("lines", queryset=lines))


def language_of(work_order: WorkOrder) -> str:
    """That of the customer's country, as far as we have it."""
    customer = work_order.customer
    country = (customer.country if customer else "") or work_order.organization.country
    return "sv" if country.upper() == "SE" else "en"


def file_name(work_order: WorkOrder, reference: str = "") -> str:
    """`Arbetsorder-1187-K7Q2M9.pdf`: with nothing in it that an accounting system would write in another way."""
    with override(language_of(work_order)):
        word = _("Work order")
    return re.sub(r"[^A-Za-z0-9_]+", "-", f"{word}-{reference or work_order.number}").strip("-") + ".pdf"


def work_order_pdf(work_order: WorkOrder) -> bytes:
    """The paper. Reads what `work_orders_to_print` has loaded, and no network."""
    language = language_of(work_order)
    firm = work_order.organization
    with override(language), timezone.override(ZoneInfo(firm.time_zone)):
        heading = _("Work order %(number)s") % {"number": work_order.number}
        foot = " · ".join(filter(None, (firm.name, firm.organisation_number, firm.email, heading)))
        made_at = work_order.completed_at or work_order.updated_at
        paper = Paper(title=heading, foot=foot, language=language, made_at=made_at)
        write_head(paper, work_order, heading)
        write_description(paper, work_order)
        write_lines(paper, work_order)
        write_totals(paper, work_order)
        return paper.bytes()


# --- head -----------------------------------------------------------------------


def write_head(paper: Paper, work_order: WorkOrder, heading: str) -> None:
    paper.paragraph(work_order.organization.name, bold=True)
    paper.paragraph(heading, size=TITLE, bold=True)
    paper.ln(3)
    paper.columns(customer_of(work_order), site_of(work_order), facts_of(work_order))
    paper.ln(5)


def customer_of(work_order: WorkOrder) -> str:
    customer = work_order.customer
    if customer is None:
        return in_lines(_("Customer"), "–")
    place = f"{customer.postcode} {customer.city}"
    return in_lines(
        _("Customer"),
        customer.name,
        customer.street,
        customer.street2,
        place,
        customer.organisation_number,
        named(_("Customer number"), customer.number),
        named(_("Your reference"), work_order.your_reference),
    )


def site_of(work_order: WorkOrder) -> str:
    site = work_order.work_site or work_order.customer
    if site is None:
        return in_lines(_("Work site"), "–")
    return in_lines(_("Work site"), site.name, site.street, f"{site.postcode} {site.city}")


def facts_of(work_order: WorkOrder) -> str:
    completed = work_order.completed_at
    return in_lines(
        _("Details"),
        named(_("Ordered"), day(work_order.ordered_on)),
        named(_("Completed"), day(timezone.localdate(completed) if completed else None)),
        named(_("Performed by"), ", ".join(performers_of(work_order))),
        named(_("Project"), str(work_order.project or "")),
        named(_("Revision"), str(work_order.revision) if work_order.revision > 1 else ""),
    )


def performers_of(work_order: WorkOrder) -> list[str]:
    """Everybody who is named on a line; where nobody is, whom the work was given to."""
    people = [line.performed_by for line in work_order.lines.all() if line.performed_by]
    fallback = work_order.assigned_to or work_order.completed_by
    return list(dict.fromkeys(map(str, people or ([fallback] if fallback else []))))


def in_lines(*parts: str) -> str:
    return "\n".join(part.strip() for part in parts if part.strip())


def named(label: str, value: str) -> str:
    return f"{label}: {value}" if value.strip() else ""


def day(moment: date | None) -> str:
    return date_format(moment, "SHORT_DATE_FORMAT") if moment else ""


# --- what was done --------------------------------------------------------------


def write_description(paper: Paper, work_order: WorkOrder) -> None:
    paper.paragraph(work_order.title, size=LARGE, bold=True)
    if work_order.description.strip():
        paper.paragraph(work_order.description.strip())
    paper.ln(4)


def write_lines(paper: Paper, work_order: WorkOrder) -> None:
    """The hours, the material and what else was noted, each under its name."""
    lines = list(work_order.lines.all())
    groups = ((Kind.HOURS, _("Hours")), (Kind.MATERIAL, _("Material")), (Kind.TEXT, _("Notes")))
    for kind, heading in groups:
        some = [line for line in lines if line.kind == kind]
        if some and kind == Kind.TEXT:
            write_notes(paper, heading, some)
        elif some:
            write_table(paper, heading, some)


def write_table(paper: Paper, heading: str, lines: Sequence[WorkOrderLine]) -> None:
    paper.paragraph(heading, bold=True)
    head = (_("Number"), _("Text"), _("Quantity"), _("Unit price"), _("Discount"), _("Net"))
    paper.write_in(SMALL)
    with paper.table(
        col_widths=COLUMNS_MM,
        text_align=ALIGNED,
        borders_layout="HORIZONTAL_LINES",
        headings_style=FontFace(emphasis="BOLD"),
        line_height=LINE_MM,
        v_align=VAlign.T,
        padding=(0.8, 0.6),
    ) as table:
        for texts in (head, *map(cells_of, lines)):
            row = table.row()
            for text in texts:
                row.cell(printable(text))
    paper.ln(3)


def cells_of(line: WorkOrderLine) -> tuple[str, ...]:
    item = line.material or line.hour_type
    who_and_when = ", ".join(filter(None, (str(line.performed_by or ""), day(line.performed_on))))
    return (
        item.number if item else "",
        in_lines(line.text or (item.name if item else ""), who_and_when),
        quantity(line.quantity, line.unit),
        money(line.unit_price),
        quantity(line.discount_percent, "%") if line.discount_percent else "",
        money(line.amount),
    )


def write_notes(paper: Paper, heading: str, lines: Sequence[WorkOrderLine]) -> None:
    paper.paragraph(heading, bold=True)
    for line in lines:
        paper.paragraph(line.text)
    paper.ln(3)


# --- totals ---------------------------------------------------------------------


def write_totals(paper: Paper, work_order: WorkOrder) -> None:
    """The sums of the groups and of everything, net: VAT is the invoice's."""
    currency = work_order.organization.currency
    lines = list(work_order.lines.all())
    sums = (
        (_("Hours"), total_of(lines, Kind.HOURS)),
        (_("Material"), total_of(lines, Kind.MATERIAL)),
        (_("Net sum"), work_order.total),
    )
    if not any(amount for _label, amount in sums):
        return
    for label, amount in sums[:-1]:
        if amount:
            write_total(paper, label, money(amount, currency))
    write_total(paper, sums[-1][0], money(sums[-1][1], currency), bold=True)
    paper.write_in(SMALL, quiet=True)
    paper.cell(0, LINE_MM, _("All prices are without VAT."), align="R")


def write_total(paper: Paper, label: str, amount: str, *, bold: bool = False) -> None:
    paper.write_in(9.5, bold=bold)
    paper.cell(paper.epw - 40, LINE_MM + 0.6, label, align="R")
    paper.cell(40, LINE_MM + 0.6, amount, align="R", new_x="LMARGIN", new_y="NEXT")


def total_of(lines: Sequence[WorkOrderLine], kind: str) -> Decimal:
    return sum((line.amount for line in lines if line.kind == kind), Decimal("0.00"))
