"""What the rows of an order sheet say of the order as a whole: the same on each of them, or on one alone. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from django.utils.translation import gettext as _

from apps.core import identifiers as ids
from apps.core.identifiers import Identifier
from apps.intake.document import Party
from apps.intake.order_sheets.cells import Cells, Row
from apps.intake.order_sheets.columns import HEAD, SUPPLIER
from apps.intake.parsing import Unreadable

NumberedRows = Sequence[tuple[int, Row]]
_KVK_SCHEME = "0106"


class Head(TypedDict):
    """The fields of an OrderDocument that a sheet has in its head."""

    number: str
    issue_date: date
    currency: str
    seller: Party
    seller_code: str
    buyer: Party
    administration: str
    buyer_reference: str
    delivery_date: date | None


def read_head(rows: NumberedRows, cells: Cells) -> Head:
    """Return the head of the one order in `rows`; what is wrong with it is noted in `cells`.

    Raises Unreadable when the rows name more than one order (code `several_orders`), or no date.
    """
    said = {column: _said(rows, column, cells) for column in HEAD}
    texts = {column: text for column, (_row, text) in said.items()}
    if not texts["order_number"]:
        cells.fault(rows[0][0], "order_number", _("this must be filled in."))
    if not any(texts[column] for column in SUPPLIER):
        words = _("no supplier is named. Fill in its name, VAT number, KvK number or code.")
        cells.fault(rows[0][0], "supplier_name", words)
    return {
        "number": texts["order_number"],
        "currency": _currency(*said["currency"], cells),
        "seller": party(texts["supplier_name"], texts["supplier_vat"], texts["supplier_kvk"]),
        "seller_code": texts["supplier_code"],
        "buyer": party("", texts["buyer_vat"], texts["buyer_kvk"]),
        "administration": texts["administration"],
        "buyer_reference": texts["reference"],
        "delivery_date": cells.day(said["delivery_date"][0], texts, "delivery_date"),
        "issue_date": cells.demanded_day(said["order_date"][0], texts, "order_date"),
    }


def party(name: str, vat: str, kvk: str) -> Party:
    """Return the party of which a sheet or a form says these, "" where it says nothing."""
    tax, chamber = ids.vat(vat) if vat else None, ids.kvk(kvk) if kvk else None
    found: list[Identifier] = [tax, *ids.implied(tax)] if tax else []
    found += [chamber] if chamber else []
    return Party(
        name=name,
        legal_name=name,
        identifiers=tuple(dict.fromkeys(found)),
        vat=vat,
        legal_id=kvk,
        legal_scheme=_KVK_SCHEME if kvk else "",
    )


def _said(rows: NumberedRows, column: str, cells: Cells) -> tuple[int, str]:
    """The row that says it first and what it says; another row that says something else is at fault."""
    found = [(number, text) for number, row in rows if (text := cells.text(row, column))]
    if not found:
        return rows[0][0], ""
    first, text = found[0]
    for number, other in found[1:]:
        if other.casefold() != text.casefold():
            _differs(column, (first, text), (number, other), cells)
            break
    return first, text


def _differs(column: str, one: tuple[int, str], other: tuple[int, str], cells: Cells) -> None:
    values = {"first": one[1], "other": other[1], "at": str(one[0])}
    if column == "order_number":
        words = _(
            "Row %(row)s names order %(other)s, and row %(at)s order %(first)s. One file holds one order: make a file "
            "for each."
        )
        raise Unreadable(words % {**values, "row": other[0]}, "several_orders")
    words = _("“%(other)s” differs from “%(first)s” in row %(at)s, and belongs to the whole order.")
    cells.fault(other[0], column, words, **values)


def _currency(row: int, text: str, cells: Cells) -> str:
    code = "EUR" if text == "€" else text.upper()
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
        cells.fault(row, "currency", _("“%(text)s” is not a currency. Write EUR, for example."), text=text)
        return ""
    return code
