"""What the bakery buys: documents made of the sandbox's assortment, the doors they come in by, a worker's minute.

Nothing is made here but what a sender, a person or a worker makes; what becomes of it is read in the sandbox.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils.module_loading import import_string

from apps.core import clock
from apps.core.queue import OrmQ
from apps.orders import due, tasks
from apps.orders.models import PurchaseOrder
from apps.sandbox import time
from apps.sandbox.exact import documents, store
from apps.sandbox.models import Row
from tests.flows.conftest import BAKERY
from tests.intake import mails
from tests.intake.order_samples import book
from tests.orders import documents as papers

OFFERS, CARDS = "logistics/SupplierItem", "crm/Accounts"
ORDERS, LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"
FILES = "documents/DocumentAttachments"
US = "64134164"  # the bakery's number at the chamber of commerce
WORDS = {
    "doos": "BX",
    "zak": "BG",
    "krat": "CR",
    "stuk": "C62",
    "kg": "KGM",
    "m": "MTR",
    "rol": "RO",
    "pak": "PK",
}
HEADER = (
    "Ordernummer",
    "Orderdatum",
    "Crediteurcode",
    "KvK koper",
    "Artikelcode leverancier",
    "Omschrijving",
    "Aantal",
    "Eenheid",
    "Prijs",
    "Leverdatum regel",
)
BELLS_AT_ONCE = 500


@dataclass(frozen=True)
class Wish:
    """A line of an order: so many of what a supplier offers, in a unit as it is called in Exact; `day` it is wanted.

    `price` is for one of `unit`. `offer` is the row of SupplierItem in the sandbox.
    """

    offer: dict[str, Any]
    quantity: Decimal
    unit: str
    price: Decimal
    day: date
    code: str = ""

    @property
    def ordered(self) -> tuple[Decimal, Decimal]:
        """How many purchase units that is, and the price of one, by the factor that Exact has."""
        factor = Decimal(str(self.offer["PurchaseUnitFactor"]))
        if self.unit == self.offer["PurchaseUnit"]:
            return self.quantity, self.price
        return self.quantity / factor, self.price * factor

    def but(self, **values: Any) -> "Wish":
        """Return the same with other values."""
        return replace(self, **values)


@dataclass(frozen=True)
class Order:
    """An order as its sender means it: `supplier` is the card in the sandbox."""

    supplier: dict[str, Any]
    number: str
    day: date
    wishes: tuple[Wish, ...]

    def with_first(self, first: Wish) -> "Order":
        """Return the same with another first line."""
        return replace(self, wishes=(first, *self.wishes[1:]))

    def ubl(self) -> bytes:
        """Return it as a UBL order."""
        lines = tuple(
            papers.Line(
                item=one.code or one.offer["SupplierItemCode"],
                quantity=f"{one.quantity:f}",
                price=f"{one.price:f}",
                name=one.offer["ItemDescription"],
                day=one.day.isoformat(),
                unit=WORDS.get(one.unit, one.unit),
            )
            for one in self.wishes
        )
        return papers.Paper(
            number=self.number,
            day=self.day.isoformat(),
            buyer=US,
            buyer_name="Bakkerij De Gouden Aar B.V.",
            seller=self.supplier["ChamberOfCommerce"],
            seller_name=self.supplier["Name"],
            lines=lines,
        ).xml()

    def sheet(self) -> bytes:
        """Return it as an xlsx file after the template."""
        head = (self.number, self.day, self.supplier["Code"].strip(), US)
        return book(
            *(
                (
                    *head,
                    one.code or one.offer["SupplierItemCode"],
                    one.offer["ItemDescription"],
                    float(one.quantity),
                    one.unit,
                    float(one.price),
                    one.day,
                )
                for one in self.wishes
            ),
            header=HEADER,
        )

    def form(self, administration: int) -> dict[str, Any]:
        """Return it as a person fills it in."""
        sent: dict[str, Any] = {
            "administration": administration,
            "supplier": self.supplier["Code"].strip(),
            "number": self.number,
            "order_date": self.day.isoformat(),
            "currency": "EUR",
            "rate": "",
            "lines-TOTAL_FORMS": str(len(self.wishes)),
            "lines-INITIAL_FORMS": "0",
        }
        for number, one in enumerate(self.wishes):
            typed = {
                "seller_item": one.code or one.offer["SupplierItemCode"],
                "quantity": written(one.quantity),
                "unit": one.unit,
                "price": written(one.price),
                "receipt_date": f"{one.day:%d-%m-%Y}",
            }
            sent |= {f"lines-{number}-{name}": text for name, text in typed.items()}
        return sent


def written(figure: Decimal) -> str:
    """Return a figure as people here type it."""
    return f"{figure:f}".replace(".", ",")


def card(code: str) -> dict[str, Any]:
    """Return a supplier's card in the sandbox."""
    return next(row.data for row in store.rows(CARDS, BAKERY) if row.data["Code"].strip() == code)


def offers(supplier: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a supplier sells in the sandbox under codes of its own, by these."""
    rows = store.rows(OFFERS, BAKERY).filter(data__Supplier=supplier["ID"])
    known = [row.data for row in rows if row.data["SupplierItemCode"]]
    return sorted(known, key=lambda one: str(one["SupplierItemCode"]))


def wish(offer: dict[str, Any], number: int, *, in_item_units: bool = False) -> Wish:
    """Return a line, the `number`-th: so many purchase units, or as many of the item's own, at the supplier's price."""
    price, factor = Decimal(str(offer["PurchasePrice"])), Decimal(str(offer["PurchaseUnitFactor"]))
    count, day = Decimal(number % 7 + 1), clock.today() + timedelta(days=3 + number % 11)
    if not in_item_units:
        return Wish(offer, count, offer["PurchaseUnit"], price, day)
    each = (price / factor).quantize(Decimal("0.0001"))
    return Wish(offer, count * factor, offer["ItemUnitCode"], each, day)


def order(supplier: dict[str, Any], number: str, *wishes: Wish) -> Order:
    """Return an order of today."""
    return Order(supplier, number, clock.today(), wishes)


# the doors


def by_mail(content: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the mail server hand over a mail with this file."""
    made = mails.message(subject="Bestelling")
    mails.attach(made, content, name)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(made.as_bytes())))
    call_command("receive_mail")
    work()


def by_upload(browser: Browser, content: bytes, name: str) -> None:
    """Upload a file on the page for that."""
    upload(browser, [(name, content)])


def upload(browser: Browser, files: Sequence[tuple[str, bytes]]) -> None:
    """Upload files, by name, on the page for that, and have them read."""
    sent = {"documents": [SimpleUploadedFile(name, content) for name, content in files]}
    assert browser.post(reverse("admin:intake_receipt_upload"), sent).status_code == 302
    work()


# the worker


def work(minutes: int = 1) -> None:
    """Do what the workers do in some minutes: what bells ask, the sweep, and the delivery of what is due."""
    for _minute in range(minutes):
        _hear()
        tasks.sweep()
        for division in due.divisions_due():
            tasks.deliver(division)
        _hear()
        time.advance(timedelta(minutes=1))


def _hear() -> None:
    for _bell in range(BELLS_AT_ONCE):
        bell = OrmQ.objects.order_by("pk").first()
        if bell is None:
            return
        task, keys = bell.func(), bell.args()
        bell.delete()
        import_string(task)(*keys)
    raise AssertionError("The bells do not come to an end.")


# what is in the sandbox


def in_exact(number: str) -> list[Row]:
    """Return the orders in the sandbox with this reference."""
    return [row for row in store.rows(ORDERS, BAKERY) if row.data.get("YourRef") == number]


def lines_in_exact(row: Row) -> list[dict[str, Any]]:
    """Return the lines of an order in the sandbox, in their order."""
    return sorted(
        (one.data for one in store.children(LINES, BAKERY, row.key)), key=lambda one: one["LineNumber"]
    )


def stored(number: str) -> PurchaseOrder:
    """Return an order of ours as it is stored now."""
    found: PurchaseOrder = PurchaseOrder.objects.select_related("posting", "part__original").get(
        number=number
    )
    return found


def is_posted_as_meant(
    meant: Order, original: bytes, name: str, *, ours: PurchaseOrder | None = None
) -> None:
    """Hold what the sandbox has against what the sender meant: once, in every field, with the original attached."""
    ours, (row,) = ours or stored(meant.number), in_exact(meant.number)
    assert ours.posting is not None
    head = row.data
    assert (head["Supplier"], head["Source"]) == (meant.supplier["ID"], 11)
    assert head["Description"] == f"PO {meant.number} [{ours.posting.reference}]"
    assert re.fullmatch(r"PK-\w{12}", ours.posting.reference)
    assert (head["OrderDate"][:10], head["Currency"]) == (meant.day.isoformat(), "EUR")
    assert (str(ours.posting.exact_id), ours.exact_number) == (row.key, str(head["OrderNumber"]))
    assert row.key in ours.exact_url
    (file,) = store.children(FILES, BAKERY, head["Document"])
    assert (file.data["FileName"], documents.content(file.key)) == (name, original)
    lines = lines_in_exact(row)
    assert len(lines) == len(meant.wishes)
    for line, one in zip(lines, meant.wishes, strict=True):
        ordered, price = one.ordered
        assert line["Item"] == one.offer["Item"]
        assert Decimal(str(line["QuantityInPurchaseUnits"])) == ordered
        assert Decimal(str(line["Quantity"])) == ordered * Decimal(str(one.offer["PurchaseUnitFactor"]))
        assert (Decimal(str(line["NetPrice"])), line["Unit"]) == (price, one.offer["PurchaseUnit"])
        assert line["VATCode"] == (one.offer["PurchaseVATCode"] or meant.supplier["PurchaseVATCode"]).strip()
        assert line["ReceiptDate"][:10] == one.day.isoformat()
