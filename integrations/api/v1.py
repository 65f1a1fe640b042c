"""Version 1 of the API: its addresses, each behind the door, and its description, which anybody may read."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET
from ninja.responses import Response
from ninja.security import HttpBearer

from fieldwork.api import catalogue, customers, work_orders
from fieldwork.api.door import through_the_door
from fieldwork.api.problems import Problem
from fieldwork.api.reports import HANDLERS
from fieldwork.models import ApiKey
from integrations.api import books, connections
from integrations.api.describing import DescribedAPI

WORDS = """\
For other programs of the firm. Each request shows a key of the firm: `Authorization: Bearer flk_…`. Lists come in
pages in an order that does not change; amounts are text with a decimal point; moments have their zone. Every problem
has one form (RFC 9457). A key may ask 600 times a minute. `docs/api.md` has examples.
"""


class ApiKeyBearer(HttpBearer):
    """Describes the key. The door has looked at it already, before anything else."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        key: ApiKey = request.key  # type: ignore[attr-defined]
        return key


api = DescribedAPI(
    title="Fieldledger",
    version="1",
    description=WORDS,
    auth=ApiKeyBearer(),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
for router in (customers.router, catalogue.router, work_orders.router, books.router, connections.router):
    api.add_router("", router)
for kind, answer in HANDLERS.items():
    api.add_exception_handler(kind, answer)


@login_not_required
@require_GET
def document(request: HttpRequest) -> HttpResponse:
    return Response(api.get_openapi_schema())


def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    return Problem("not-found").answer()


def addresses() -> list[URLPattern]:
    """The document, the operations behind the door, and behind it also whatever else somebody tries."""
    operations, _application, _namespace = api.urls
    found = [path("openapi.json", document, name="openapi")]
    for each in operations:
        assert isinstance(each, URLPattern)
        each.callback = through_the_door(nothing if each.name == "api-root" else each.callback)
        found.append(each)
    return [*found, path("<path:rest>", through_the_door(nothing), name="nothing")]


urls = (addresses(), "ninja", "api")
