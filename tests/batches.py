"""Many coded invoices at once, for measurements and long runs: rows as intake and coding leave them."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from apps.clients.models import Mode
from apps.core import clock
from apps.exact import linking, mirror, registration, signing_in
from apps.exact.models import Connection, Division
from apps.exact.visitor import Visitor
from apps.intake.models import Channel, Original, Part, PartOutcome, Receipt
from apps.invoices.demo import FIXTURES
from apps.invoices.models import Invoice, InvoiceLine, Kind, State
from apps.rules import vat_table
from apps.sandbox import seed
from apps.sandbox.exact import store

SAMPLE = "01-zwaluw-bloem.xml"
SUPPLIERS = 5
_RATE = Decimal("0.21")
_HIGH_PURCHASE, _COSTS = "2", "4900"
_FIRST_DAY = date(2026, 9, 1)


def sign_in(codes: Iterable[int]) -> Connection:
    """Go the whole way through the consent page."""
    return signing_in.complete(
        Visitor().consent(signing_in.begin(registration.default_app()), divisions=list(codes))
    )


def open_books(codes: Iterable[int], *, whole: bool = False) -> list[Division]:
    """Add divisions to the sandbox, connect and link them, and read what a booking needs of them.

    `whole`: read everything and confirm the VAT table, so that a document can also be coded anew.
    """
    codes = list(codes)
    for code in codes:
        seed.add_division(code, relations=SUPPLIERS, bank_share=0)
    sign_in(codes)
    divisions = list(Division.objects.select_related("app", "connection__app").filter(code__in=codes))
    for division in divisions:
        administration = linking.create_for(division)
        administration.mode, administration.purchase_journal = Mode.AUTOMATIC, "60"
        administration.save(update_fields=["mode", "purchase_journal"])
        mirror.sync(division, None if whole else ["vat_codes"])
        if whole:
            vat_table.propose(administration)
            vat_table.confirm(administration, by="test")
    return divisions


def stack(division: Division, count: int) -> list[Invoice]:
    """Make so many invoices of `division` that are ready to be booked; all have the same original, none its number."""
    administration, now = division.administration, clock.now()
    original, received = (
        _original(),
        Receipt.objects.create(channel=Channel.UPLOAD, received_at=now, opened_at=now),
    )
    parts = Part.objects.bulk_create(
        Part(
            receipt=received,
            original=original,
            administration=administration,
            position=1,
            filename=SAMPLE,
            outcome=PartOutcome.DOCUMENT,
        )
        for _number in range(count)
    )
    first = Invoice.objects.filter(administration=administration).count() + 1
    suppliers = list(store.rows("crm/Accounts", division.code).order_by("mark"))
    invoices = Invoice.objects.bulk_create(
        Invoice(
            part=part,
            administration=administration,
            state=State.READY,
            received_at=now,
            changed_at=now,
            **_figures(number, f"{division.code}-{number:05}", suppliers[number % len(suppliers)].data),
        )
        for number, part in enumerate(parts, start=first)
    )
    InvoiceLine.objects.bulk_create(_line(invoice, division) for invoice in invoices)
    return invoices


def _original() -> Original:
    content = (FIXTURES / "documents" / SAMPLE).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    known = Original.objects.filter(pk=sha256).first()
    return known or Original.objects.create(
        sha256=sha256,
        size=len(content),
        content_name=storages["originals"].save(f"{sha256[:2]}/{sha256}", ContentFile(content)),
        received_at=clock.now(),
    )


def _figures(place: int, number: str, supplier: dict[str, Any]) -> dict[str, Any]:
    day = _FIRST_DAY + timedelta(days=place % 28)
    net = Decimal(100 + place % 50)
    tax = (net * _RATE).quantize(Decimal("0.01"))
    return {
        "kind": Kind.INVOICE,
        "format": "bis3",
        "number": number,
        "number_key": number.casefold(),
        "double_key": hashlib.sha256(number.encode()).hexdigest(),
        "issue_date": day,
        "due_date": day + timedelta(days=30),
        "currency": "EUR",
        "net": net,
        "tax": tax,
        "gross": net + tax,
        "payable": net + tax,
        "line_count": 1,
        "vendor_name": supplier["Name"],
        "vendor_key": f"kvk {supplier['ChamberOfCommerce']}",
        "vendor": {
            "name": supplier["Name"],
            "country": "NL",
            "keys": [f"kvk {supplier['ChamberOfCommerce']}"],
        },
        "supplier": supplier["ID"],
        "supplier_name": supplier["Name"],
    }


def _line(invoice: Invoice, division: Division) -> InvoiceLine:
    account = store.by_mark("financial/GLAccounts", division.code, _COSTS)
    assert account
    return InvoiceLine(
        invoice=invoice,
        position=1,
        description="Goederen",
        net=invoice.net,
        tax=invoice.tax,
        category="S",
        rate=Decimal(21),
        gl_account=account.key,
        gl_code=_COSTS,
        vat_code=_HIGH_PURCHASE,
    )
