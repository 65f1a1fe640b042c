"""Builds the stand-in's companies: the hand-written firm, as many generated records as asked for, and a second firm.

The hand-written records go through the same rules as a client's; so their numbers, totals and vouchers agree.
Everything follows from the seed and the day.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from stdnum import luhn

from accounting.providers.visma_eaccounting.sandbox import drafts, invoices, orders
from accounting.providers.visma_eaccounting.sandbox.amounts import rounded
from accounting.providers.visma_eaccounting.sandbox.articles import described, write_article, write_project
from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.customers import write_customer
from accounting.providers.visma_eaccounting.sandbox.schema import Json, read, schema
from accounting.providers.visma_eaccounting.sandbox.seed_books import CODINGS, LOST_UNIT
from accounting.providers.visma_eaccounting.sandbox.seed_customers import company_body, person_body
from accounting.providers.visma_eaccounting.sandbox.seed_data import (
    ARTICLES,
    COMPANIES,
    FIRM,
    FIRM_ORG_NUMBER,
    PERSONS,
    PROJECTS,
    SECOND_FIRM,
    SECOND_FIRM_ORG_NUMBER,
    Article,
    Company,
    Person,
    Project,
)
from accounting.providers.visma_eaccounting.sandbox.seed_lists import Ids, seed_lists
from accounting.providers.visma_eaccounting.sandbox.seed_many import (
    add_articles,
    add_customers,
    add_orders,
    add_projects,
)
from accounting.providers.visma_eaccounting.sandbox.seed_orders import DRAFTS, INVOICES, ORDERS, VOUCHERS, Order, Row
from accounting.providers.visma_eaccounting.sandbox.switches import ServiceSwitches
from accounting.providers.visma_eaccounting.sandbox.vouchers import MANUAL, post_voucher
from accounting.sandbox import Clock, Options

CORE_CUSTOMERS: list[Company | Person] = sorted([*COMPANIES, *PERSONS], key=lambda each: each.number)


class StoppedClock(Clock):
    """A clock that stands still, for records that were made long ago."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def seed_companies(options: Options, clock: Clock, service: ServiceSwitches) -> dict[str, Books]:
    """The companies by id; the first is the demo firm, the others are small."""
    first = Books(name=FIRM, org_number=FIRM_ORG_NUMBER, clock=clock, service=service, seed=options.seed)
    second = Books(
        name=SECOND_FIRM, org_number=SECOND_FIRM_ORG_NUMBER, clock=clock, service=service, seed=options.seed + 7919
    )
    Seeder(first, 0).firm(options)
    Seeder(second, 1).small_firm()
    further = [further_firm(number, options, clock, service) for number in range(2, options.companies)]
    return {books.id: books for books in (first, second, *further)}


def further_firm(number: int, options: Options, clock: Clock, service: ServiceSwitches) -> Books:
    """One more small firm, like the second."""
    digits = f"5599{number:05d}"
    org_number = f"{digits[:6]}-{digits[6:]}{luhn.calc_check_digit(digits)}"
    name = f"{SECOND_FIRM.removesuffix(' AB')} {number} AB"
    books = Books(name=name, org_number=org_number, clock=clock, service=service, seed=options.seed + 7919 * number)
    Seeder(books, 1).small_firm()
    return books


class Seeder:
    """Fills one company's books. `ids` finds records again by their number."""

    def __init__(self, books: Books, company: int) -> None:
        self.books = books
        self.clock = books.clock
        self.today = books.today()
        self.ids: Ids = seed_lists(books, self.today, company=company)

    def firm(self, options: Options) -> None:
        """The demo firm."""
        customers = CORE_CUSTOMERS[: options.customers]
        articles = ARTICLES[: options.articles]
        projects = PROJECTS[: options.projects]
        self.core(customers, articles, projects)
        self.documents(ORDERS[: options.orders])
        add_customers(self.books, self.today, (options.customers or 0) - len(customers))
        add_articles(self.books, self.today, (options.articles or 0) - len(articles), self.ids)
        add_projects(self.books, self.today, (options.projects or 0) - len(projects))
        self.travel(-1)
        add_orders(self.books, (options.orders or 0) - len(self.books.tables["orders"]))
        self.come_back()

    def small_firm(self) -> None:
        """A second firm with some customers and articles, so that a mix-up shows."""
        self.core([], ARTICLES[:30], PROJECTS[11:12])
        add_customers(self.books, self.today, 14)
        self.come_back()

    def core(
        self, customers: list[Company | Person], articles: tuple[Article, ...], projects: tuple[Project, ...]
    ) -> None:
        for customer in customers:
            self.travel(-self.books.random.randint(30, 900))
            body = company_body(customer) if isinstance(customer, Company) else person_body(customer)
            body["TermsOfPaymentId"] = self.ids.terms[customer.terms]
            self.ids.customers[customer.number] = write_customer(self.books, values_of("CustomerApi", body))["Id"]
        for article in articles:
            self.travel(-self.books.random.randint(20, 700))
            self.ids.articles[article.number] = self.article(article)
        self.books.tables["units"].remove(self.ids.units.pop(LOST_UNIT))
        for project in projects:
            if project.customer is None or project.customer in self.ids.customers:
                self.travel(min(project.start, -1))
                self.ids.projects[project.number] = self.project(project)

    def article(self, article: Article) -> str:
        percent = Decimal(CODINGS[article.coding].percent)
        net = Decimal(article.price)
        body = {
            "IsActive": article.active,
            "Number": article.number,
            "Name": article.name,
            "NetPrice": net,
            "GrossPrice": rounded(net * (1 + percent / 100)),
            "CodingId": self.ids.codings[article.coding],
            "UnitId": self.ids.units[article.unit],
            "PurchasePrice": Decimal(article.purchase),
            "StockBalance": Decimal(article.stock),
            "HouseWorkType": article.house_work,
            "Barcodes": [{"Barcode": article.barcode, "BarcodeType": 0}] if article.barcode else None,
            "SendToWebshop": True,
            "Note": article.note,
        }
        values = values_of("ArticleApi", body)
        record = write_article(self.books, values)
        if article.unit == LOST_UNIT:
            coding = self.books.existing("articleaccountcodings", values["CodingId"], member="CodingId")
            self.books.tables["articles"].put({**record, **described(values, coding, None)})
        return str(record["Id"])

    def project(self, project: Project) -> str:
        body = {
            "Number": project.number,
            "Name": project.name,
            "StartDate": self.day(project.start),
            "EndDate": None if project.end is None else self.day(project.end),
            "CustomerId": self.ids.customers.get(project.customer or ""),
            "Notes": project.notes,
            "Status": 2 if project.finished else 1,
        }
        return str(write_project(self.books, values_of("ProjectApi", body))["Id"])

    def documents(self, some_orders: tuple[Order, ...]) -> None:
        for order in some_orders:
            if self.known(order.customer, order.rows):
                self.order(order)
        for invoice in INVOICES:
            if self.known(invoice.customer, invoice.rows):
                self.invoice(invoice.customer, invoice.rows, day=invoice.day, paid=invoice.paid)
        for draft in DRAFTS:
            if self.known(draft.customer, draft.rows):
                self.travel(-2)
                body = self.document_body(draft.customer, draft.rows, draft.your_reference)
                drafts.write_draft(self.books, values_of("CustomerInvoiceDraftApi", body))
        for booking in VOUCHERS:
            self.travel(booking.day)
            rows = [
                {"AccountNumber": account, "DebitAmount": Decimal(debit), "CreditAmount": Decimal(credit)}
                for account, debit, credit in booking.rows
            ]
            post_voucher(self.books, day=self.day(booking.day), text=booking.text, rows=rows, series="V", kind=MANUAL)

    def order(self, order: Order) -> None:
        self.travel(order.day)
        customer = self.books.existing("customers", self.ids.customers[order.customer], member="CustomerId")
        body = self.document_body(order.customer, order.rows, order.your_reference) | {
            "CurrencyCode": customer["CurrencyCode"],
            "OrderDate": self.day(order.day),
            "DeliveryDate": None if order.deliver is None else self.day(order.deliver),
            "Status": min(order.status, orders.ONGOING),
            "OurReference": "Anna Bergström",
            "ReverseChargeOnConstructionServices": customer["ReverseChargeOnConstructionServices"],
        }
        for row in body["Rows"]:
            row["ProjectId"] = self.ids.projects.get(order.project or "") if row["ArticleId"] else None
        record = orders.write_order(self.books, values_of("OrderApi", body))
        if order.status >= orders.SHIPPED:
            self.travel(order.day + 4)
            record = orders.ship(self.books, record)
        if order.status == orders.INVOICED:
            self.travel(order.day + 5)
            orders.convert_order(self.books, record, other_costs=None)

    def invoice(self, customer: str, rows: tuple[Row, ...], *, day: int, paid: bool) -> None:
        self.travel(day)
        body = self.document_body(customer, rows, None)
        body["RotReducedInvoicingType"] = 0
        record = invoices.create_invoice(self.books, values_of("CustomerInvoiceApi", body))
        if paid:
            self.travel(day + 24)
            settled = {"RemainingAmount": Decimal(0), "RemainingAmountInvoiceCurrency": Decimal(0), "PaymentStatus": 0}
            record |= {"PaymentDate": self.day(day + 24), "ModifiedUtc": self.books.stamp(), **settled}
            self.books.tables["customerinvoices"].put(record)

    def document_body(self, customer: str, rows: tuple[Row, ...], your_reference: str | None) -> Json:
        return {
            "CustomerId": self.ids.customers[customer],
            "EuThirdParty": False,
            "RotReducedInvoicingType": 0,
            "YourReference": your_reference,
            "Rows": [self.row(customer, number, row) for number, row in enumerate(rows, 1)],
        }

    def row(self, customer: str, number: int, row: Row) -> Json:
        record = self.books.existing("customers", self.ids.customers[customer], member="CustomerId")
        body: Json = {
            "LineNumber": number,
            "IsTextRow": row.article is None,
            "IsWorkCost": False,
            "EligibleForReverseChargeOnVat": record["ReverseChargeOnConstructionServices"] and row.article is not None,
            "ReversedConstructionServicesVatFree": False,
            "ArticleId": None,
            "Text": row.text,
            "Quantity": Decimal(row.quantity),
            "DiscountPercentage": Decimal(row.discount),
        }
        if row.article is None:
            return body
        article = self.books.existing("articles", self.ids.articles[row.article], member="ArticleId")
        price: Any = article["GrossPrice" if record["IsPrivatePerson"] else "NetPrice"]
        return body | {"ArticleId": article["Id"], "UnitPrice": Decimal(row.price) if row.price else Decimal(price)}

    def known(self, customer: str, rows: tuple[Row, ...]) -> bool:
        """Whether customer and articles are among those that were asked for."""
        articles = {row.article for row in rows if row.article}
        return customer in self.ids.customers and articles <= self.ids.articles.keys()

    def day(self, offset: int) -> str:
        return (self.today + timedelta(days=offset)).isoformat()

    def travel(self, days: int) -> None:
        """To a working hour of another day; the stamps have a varying number of digits."""
        random = self.books.random
        digits = random.randint(0, 6)
        fraction = random.randint(0, 10**digits - 1) * 10 ** (6 - digits)
        start = datetime.combine(self.today + timedelta(days=days), datetime.min.time(), tzinfo=UTC)
        moment = start + timedelta(seconds=random.randint(7 * 3600, 16 * 3600), microseconds=fraction)
        self.books.set_clock(StoppedClock(moment))

    def come_back(self) -> None:
        self.books.set_clock(self.clock)


def values_of(of: str, body: Json) -> Json:
    """The body as a request's; what is odd about it is odd on purpose."""
    return read(schema(of), body, [])
