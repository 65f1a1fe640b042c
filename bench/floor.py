"""The least that reading customers into a database can cost: `floor.py <base url> <database> [since]`.

Every page is parsed and written whole: to PostgreSQL by COPY into a temporary table and one INSERT … ON
CONFLICT, to SQLite by one prepared upsert for all rows of a page. JSON by msgspec, HTTP by requests, as the
product has them.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import requests

from bench.people import person

PAGE_SIZE = 500
COLUMNS = list(person(0))
NESTED = {"TermsOfPayment", "EmailAddresses", "CustomerLabels"}
TYPES = {
    "uuid": {"Id", "DeliveryMethodId", "DeliveryTermId", "PayToAccountId", "TermsOfPaymentId"},
    "boolean": {"ReverseChargeOnConstructionServices", "IsPrivatePerson", "IsActive", "ForceBookkeepVat"},
    "integer": {"WebshopCustomerNumber"},
    "numeric(6,4)": {"DiscountPercentage"},
    "timestamptz": {
        "ChangedUtc",
        "LastInvoiceDate",
        "AutoInvoiceActivationEmailSentDate",
        "AutoInvoiceRegistrationRequestSentDate",
    },
    "jsonb": NESTED,
}
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
CONFLICT = 'ON CONFLICT ("Id") DO UPDATE SET ' + ", ".join(f'"{name}" = excluded."{name}"' for name in COLUMNS[1:])


def pages(base: str, since: str) -> Iterator[list[dict[str, Any]]]:
    session = requests.Session()
    session.trust_env = False
    query = {"$filter": f"ChangedUtc ge {since}"} if since else {}
    number, last = 1, 1
    while number <= last:
        wanted = {**query, "$page": str(number), "$pagesize": str(PAGE_SIZE)}
        answer = msgspec.json.decode(session.get(f"{base}/customers", params=wanted, timeout=60).content)
        last = answer["Meta"]["TotalNumberOfPages"]
        yield answer["Data"]
        number += 1


def row_of(record: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(msgspec.json.encode(record[name]).decode() if name in NESTED else record[name] for name in COLUMNS)


def type_of(column: str) -> str:
    return next((kind for kind, columns in TYPES.items() if column in columns), "text")


def to_postgresql(url: str, base: str, since: str) -> None:
    columns = ", ".join(f'"{name}" {type_of(name)}{" PRIMARY KEY" if name == "Id" else ""}' for name in COLUMNS)
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS floor ({columns})")
        cursor.execute("CREATE TEMP TABLE staging (LIKE floor) ON COMMIT DELETE ROWS")
        for page in pages(base, since):
            with connection.transaction():
                with cursor.copy(f"COPY staging ({NAMES}) FROM STDIN") as copy:
                    for record in page:
                        copy.write_row(row_of(record))
                cursor.execute(f"INSERT INTO floor ({NAMES}) SELECT {NAMES} FROM staging {CONFLICT}")


def to_sqlite(path: str, base: str, since: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f'CREATE TABLE IF NOT EXISTS floor ({NAMES}, PRIMARY KEY ("Id"))')
    upsert = f"INSERT INTO floor ({NAMES}) VALUES ({', '.join('?' * len(COLUMNS))}) {CONFLICT}"
    for page in pages(base, since):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(upsert, [row_of(record) for record in page])
        connection.execute("COMMIT")


def main(base_url: str, database: str, since: str = "") -> None:
    started = time.process_time()
    if database.startswith("postgres"):
        to_postgresql(database, base_url, since)
    else:
        to_sqlite(database.removeprefix("sqlite:///"), base_url, since)
    print(json.dumps({"cpu": time.process_time() - started}))


if __name__ == "__main__":
    main(*sys.argv[1:])
