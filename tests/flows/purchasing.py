"""What the bakery buys: documents made of the sandbox's assortment, and what the sandbox has of them afterwards."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.core import clock
from apps.orders.models import PurchaseOrder
from apps.sandbox.exact import documents, store
from apps.sandbox.models import Row
from tests.flows.conftest import BAKERY
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

    def form(self, administration: int | None = None) -> dict[str, Any]:
        """Return it as a person fills it in; beside a file that is there the administration is known."""
        sent: dict[str, Any] = {
            "administration": administration or "",
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
