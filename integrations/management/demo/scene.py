"""What happens on the firm's first day with its books, done the way its people would do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from django.core.management import CommandError, call_command
from django.utils import timezone

from accounting.sandbox import StandIn
from fieldwork.demo import PASSWORD, DemoFirm, complete_demo_work_orders, create_demo_firm
from fieldwork.demo_data.shapes import Firm
from integrations.management.demo.browser import Browser, Page, PageProblem
from integrations.models import Connection, Licence, Plan
from integrations.planning.making import make_plan

TRIAL = timedelta(days=14)
# More pages than any login has: it goes round in a circle.
LONGEST_LOGIN = 10


class Scene:
    """One firm and its accounting system. `say` tells the audience what is going on."""

    firm: DemoFirm
    connection: Connection

    def __init__(self, about: Firm, pages_url: str, *, say: Callable[[str], None]) -> None:
        self._about = about
        self._pages = pages_url
        self._say = say
        self._browser = Browser()

    def found_firm(self) -> None:
        """The firm with its people, customers, catalogue and work orders."""
        self.firm = create_demo_firm(self._about)
        self._say(f"Firm: {self.firm.organization.name}")

    def connect(self, stand_in: StandIn) -> None:
        """Through the pages: sign in here, sign in there, choose the company, grant access, confirm, save."""
        firm = self.firm.organization
        today = timezone.localdate()
        Licence.objects.create(
            organization=firm, provider=stand_in.key, starts_on=today, ends_on=today + TRIAL, is_trial=True
        )
        browser = self._browser
        browser.open(f"{self._pages}/login/")
        browser.submit(browser.page.form("username", "password"), {"username": self._about.owner, "password": PASSWORD})
        self._choose_the_login(stand_in)
        self._sign_in_there(stand_in)
        browser.submit(browser.page.form("decline"), button=("confirm", ""))
        self.connection = Connection.objects.get(organization=firm, provider=stand_in.key)
        self._say(f"Connected: {self.connection.books} at {stand_in.label}")
        self._set_up()
        self._look_ahead()

    def import_books(self) -> None:
        """The first sync."""
        self._say("First sync")
        self._sync()

    def finish_work_orders(self) -> None:
        """The performers complete their jobs."""
        finished = complete_demo_work_orders(self.firm)
        self._say(f"{len(finished)} work orders are finished")

    def export_work_orders(self) -> None:
        self._say("Second sync: the finished work goes to the books")
        self._sync()

    def _sync(self) -> None:
        try:
            call_command("sync", organization=self.firm.organization.slug)
        except SystemExit as end:
            # 1: some records wait in the inbox, as a few of this firm are made to.
            if end.code not in (0, 1, None):
                raise CommandError(f"The sync ended with {end.code}.") from None

    def _choose_the_login(self, stand_in: StandIn) -> None:
        """On the connections page, or on the page that asks for the company's id first."""
        browser, address = self._browser, f"/{stand_in.key}/connect/"
        page = browser.open(f"{self._pages}/books/")
        if not page.leads_to(address):
            page = browser.open(f"{self._pages}/books/{stand_in.key}/ways/")
        form = page.form_to(address)
        company = self._company(stand_in)
        browser.submit(form, {"tenant": company["id"]} if "tenant" in form.names() else {})

    def _company(self, stand_in: StandIn) -> dict[str, str]:
        """The firm's own books among those over there."""
        companies: list[dict[str, str]] = stand_in.describe()["companies"]
        return next(each for each in companies if each["name"] == self._about.name)

    def _sign_in_there(self, stand_in: StandIn) -> None:
        """Through the accounting system's own pages until it sends us back."""
        user = stand_in.describe()["users"][0]
        for _ in range(LONGEST_LOGIN):
            page = self._browser.page
            if urlsplit(page.url).netloc == urlsplit(self._pages).netloc:
                return
            form = page.forms[0]
            if "password" in form.names():
                self._browser.submit(form, {"email": user["email"], "password": user["password"]})
            else:
                self._browser.submit(form, button=form.buttons[0])
        raise PageProblem(f"The login at {stand_in.label} does not end: {self._browser.page.text[:300]}")

    def _set_up(self) -> None:
        """Step by step, with the settings as they are proposed, to the page that shows and saves them."""
        browser = self._browser
        browser.submit(browser.page.form("read-hour_units"))
        self._answer_questions(browser.page)
        browser.submit(browser.page.form_to("/set-up/save/"))

    def _answer_questions(self, page: Page) -> None:
        """What to send as it is proposed; an open question gets the choice that this firm would make."""
        form = page.form("send-document_kind")
        answers: dict[str, str] = {}
        for (name, value), label in form.labels.items():
            if (name, "") in form.fields and name.startswith("ask-") and self._is_usual(name, label):
                answers.setdefault(name, value)
        self._browser.submit(form, answers)

    def _look_ahead(self) -> None:
        """The plan of the first sync, made here and now, and Start."""
        self._say("Plan of the first sync")
        plan = Plan.objects.get(connection=self.connection)
        make_plan(plan.pk)
        page = self._browser.open(f"{self._pages}/books/{self.connection.pk}/plan/")
        self._browser.submit(page.form_to("/plan/start/"))

    def _is_usual(self, question: str, label: str) -> bool:
        """Whether a firm like this one gives that answer."""
        return any(part in question and word in label for part, word in self._about.usual)
