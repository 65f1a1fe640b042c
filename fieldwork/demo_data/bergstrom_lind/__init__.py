"""Bergström & Lind: plumbers and electricians in Gothenburg, eight people, most of a hundred customers."""

from __future__ import annotations

from fieldwork.demo_data.bergstrom_lind import catalogue, customers, firm, work_orders
from fieldwork.demo_data.shapes import Firm

FIRM = Firm(
    name="Bergström & Lind Rör och El AB",
    slug="bergstrom-lind",
    organisation_number="556812-4472",
    email="kontoret@bergstromlind.example",
    country="SE",
    currency="SEK",
    time_zone="Europe/Stockholm",
    language="sv",
    terms="30 dagar netto",
    vat_percent="25",
    usual=(("terms", "30 dagar netto"), ("coding", "25 %")),
    finished="Klar",
    under_way="Pågående",
    colleagues=firm.COLLEAGUES,
    steps=firm.STEPS,
    projects=firm.PROJECTS,
    customers=customers.CUSTOMERS,
    materials=(*catalogue.MATERIALS_IN_THE_BOOKS, *catalogue.MATERIALS_ONLY_HERE),
    hour_types=(*catalogue.HOUR_TYPES_IN_THE_BOOKS, *catalogue.HOUR_TYPES_ONLY_HERE),
    work_orders=work_orders.WORK_ORDERS,
    host="karin",
)
