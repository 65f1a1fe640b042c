"""Papers to take along or to send."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from fieldwork.access import MemberRequest, member_required
from fieldwork.models import WorkOrder
from fieldwork.pdf import file_name, work_order_pdf, work_orders_to_print


@member_required
@require_safe
def work_order_paper(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The work order as PDF, for whoever may see it."""
    visible = WorkOrder.objects.visible_to(request.membership)
    work_order = get_object_or_404(work_orders_to_print().filter(pk__in=visible.values("pk")), pk=pk)
    answer = HttpResponse(work_order_pdf(work_order), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(work_order)}"'
    return answer
