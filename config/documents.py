"""The documentation as it lies in docs/, for programs that read: `/llms.txt` lists the pages, each is Markdown."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

MARKDOWN = "text/markdown; charset=utf-8"


@login_not_required
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page. Only what the folder lists is opened, whatever the address says."""
    for each in pages():
        if each.stem == name:
            return HttpResponse(each.read_text(encoding="utf-8"), content_type=MARKDOWN)
    raise Http404


@login_not_required
@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    """The list of the pages, as https://llmstxt.org describes it."""
    lines = [f"- [{title_of(each)}]({settings.SITE_URL}/docs/{each.name})" for each in pages()]
    api = f"- [OpenAPI document]({settings.SITE_URL}/api/v1/openapi.json)"
    head = "# Fieldledger\n\n> Connects field-service work with Nordic accounting.\n\n## Documentation\n\n"
    return HttpResponse(head + "\n".join([*lines, api]) + "\n", content_type="text/plain; charset=utf-8")


def pages() -> list[Path]:
    return sorted(Path(settings.BASE_DIR, "docs").glob("*.md"))


def title_of(page: Path) -> str:
    with page.open(encoding="utf-8") as lines:
        return next(lines).lstrip("# ").strip()
