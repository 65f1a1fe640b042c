"""A browser small enough to read: pages, cookies and forms, no JavaScript.

The demo signs in with it exactly as a person would, through our own pages and those
of the accounting system's stand-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

TIMEOUT_S = 30


class PageProblem(Exception):
    """A page did not answer as a person would need it to."""


@dataclass
class Form:
    """A form as a page shows it, with the values it would send if nothing were touched."""

    action: str
    method: str = "get"
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def names(self) -> set[str]:
        return {name for name, _ in self.fields} | set(self.choices) | {name for name, _ in self.buttons}


class _Forms(HTMLParser):
    """The forms of a page, and its visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._form: Form | None = None
        self._open_select: str = ""
        self._open_option: tuple[str, str] | None = None
        self._area: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(action=given.get("action", ""), method=given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag in {"input", "button", "select", "option", "textarea"}:
            getattr(self, f"_{tag}")(self._form, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._open_select = ""
        elif tag == "option":
            self._open_option = None
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            name, value = self._form.fields[-1]
            self._form.fields[-1] = (name, value + data)
        elif self._open_option and self._form is not None:
            self._form.labels[self._open_option] = data.strip()
        elif data.strip():
            self.text.append(data.strip())

    def _input(self, form: Form, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text").lower()
        if not name:
            return
        if kind in {"submit", "image"}:
            form.buttons.append((name, given.get("value", "")))
        elif kind == "radio":
            form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields.append((name, given.get("value", "on")))
        elif kind != "checkbox" or "checked" in given:
            form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))

    def _button(self, form: Form, given: dict[str, str]) -> None:
        if given.get("name") and given.get("type", "submit") == "submit":
            form.buttons.append((given["name"], given.get("value", "")))

    def _select(self, form: Form, given: dict[str, str]) -> None:
        self._open_select = given.get("name", "")
        form.choices.setdefault(self._open_select, [])

    def _option(self, form: Form, given: dict[str, str]) -> None:
        name, value = self._open_select, given.get("value", "")
        self._open_option = (name, value)
        if not form.choices[name]:
            form.fields.append((name, value))  # what a browser sends when nothing is selected
        elif "selected" in given:
            form.fields = [pair for pair in form.fields if pair[0] != name]
        form.choices[name].append(value)
        if "selected" in given and (name, value) not in form.fields:
            form.fields.append((name, value))

    def _textarea(self, form: Form, given: dict[str, str]) -> None:
        self._area = given.get("name", "")
        form.fields.append((self._area, ""))


@dataclass
class Page:
    """What came back: where we ended, the status, the text and the forms."""

    url: str
    status: int
    html: str
    forms: list[Form]
    text: str

    def form(self, *names: str) -> Form:
        """The first form that has all these fields. Raises PageProblem."""
        for form in self.forms:
            if set(names) <= form.names():
                return form
        raise PageProblem(f"{self.url} has no form with {', '.join(names)}. It says: {self.text[:500]}")

    def form_to(self, ending: str) -> Form:
        """The first form whose address ends like this. Raises PageProblem."""
        for form in self.forms:
            if urlsplit(form.action).path.endswith(ending):
                return form
        raise PageProblem(f"{self.url} has no form to {ending}. It says: {self.text[:500]}")

    def leads_to(self, ending: str) -> bool:
        """Whether there is a form whose address ends like this."""
        return any(urlsplit(form.action).path.endswith(ending) for form in self.forms)


class Browser:
    """One person's browser: cookies are kept, redirects followed, errors raised."""

    def __init__(self) -> None:
        # Never through a proxy of the machine: all addresses are on loopback.
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), ProxyHandler({}))
        self.page = Page(url="", status=0, html="", forms=[], text="")

    def open(self, url: str) -> Page:
        return self._load(Request(url))  # noqa: S310  (addresses of our own demo)

    def submit(
        self, form: Form, values: Mapping[str, str] | None = None, *, button: tuple[str, str] | None = None
    ) -> Page:
        """The page after sending `form` with `values` filled in."""
        values = values or {}
        sent = [(name, value) for name, value in form.fields if name not in values]
        sent += list(values.items()) + ([button] if button else [])
        url = urljoin(self.page.url, form.action)
        if form.method == "get":
            return self.open(f"{url}?{urlencode(sent)}")
        headers = {"Referer": self.page.url}
        return self._load(Request(url, data=urlencode(sent).encode(), headers=headers))  # noqa: S310

    def _load(self, request: Request) -> Page:
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                url, status, html = answer.geturl(), answer.status, answer.read().decode()
        except HTTPError as error:
            raise PageProblem(f"{request.full_url} answered {error.code}: {error.read()[:300]!r}") from error
        parser = _Forms()
        parser.feed(html)
        self.page = Page(url=url, status=status, html=html, forms=parser.forms, text=" ".join(parser.text))
        return self.page
