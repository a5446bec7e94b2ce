"""What a person fills in on the lines of an order: nothing of it is overruled afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.states import State
from apps.exact.models import Division
from apps.items.catalogue import catalogue_of
from apps.items.index import Catalogue
from apps.items.units import MOST
from apps.orders.as_seen import seen
from apps.orders.coding import code, write_lines
from apps.orders.models import PurchaseOrder, PurchaseOrderLine, ValueSource
from apps.orders.refused import Refused
from apps.people.models import User
from apps.rules.books import Books, books_of

CODES = ("vat_code", "cost_center", "cost_unit")


@dataclass(frozen=True, slots=True)
class LineEdit:
    """What a person filled in on one line. `item`: its id in Exact, "" to have it looked for again.

    `ordered` and `ordered_price` are in purchase units; None: they are worked out again. Codes are those of Exact, ""
    for none.
    """

    line_id: int
    item: str
    ordered: Decimal | None
    ordered_price: Decimal | None
    vat_code: str
    cost_center: str = ""
    cost_unit: str = ""
    receipt_date: date | None = None


def edit_lines(
    order: PurchaseOrder, edits: Iterable[LineEdit], *, by: User, version: int | None = None
) -> None:
    """Take over what differs from what stands on the lines, and code the order anew.

    Raises Refused for an item or a code that Exact does not have, and what is no quantity or price; Changed when the
    order moved since it was seen.
    """
    seen(order, version)
    if (
        order.state not in {State.ATTENTION, State.PROPOSED}
        or order.administration is None
        or order.is_answer
    ):
        raise Refused(_("The lines of this document cannot be changed now."))
    division = Division.objects.filter(administration=order.administration).first()
    if division is None:
        raise Refused(_("No division of Exact is linked yet."))
    books, catalogue = books_of(division), catalogue_of(division)
    lines = {line.pk: line for line in order.lines.all()}
    why = _("chosen by %(who)s") % {"who": by}
    with transaction.atomic():
        for edit in edits:
            line = lines.get(edit.line_id)
            if line is None:
                raise Refused(_("This line does not belong to the document."))
            _set_item(line, edit.item, catalogue, order.supplier, why)
            _set_quantity(line, edit, why)
            _set_codes(line, edit, books, why)
            line.receipt_date = edit.receipt_date
        write_lines(lines.values())
        code(order, who=str(by), why=_("lines changed"), touched=True, coded_by=by)


def _set_item(
    line: PurchaseOrderLine, item: str, catalogue: Catalogue, supplier: UUID | None, why: str
) -> None:
    if item == str(line.item or ""):
        return
    line.item_mapping = line.item_question = None
    if not item:
        line.item, line.item_code, line.item_name = None, "", ""
        line.item_source, line.item_why = ValueSource.NOBODY, ""
        return
    card = catalogue.card_of(_key(item), supplier) if supplier else None
    if card is None or not card.usable:
        raise Refused(_("Choose an item of this administration that may be ordered."))
    line.item, line.item_code, line.item_name = card.exact_id, card.code, card.name
    line.item_source, line.item_why = ValueSource.PERSON, why[:255]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused(_("Choose an item of this administration that may be ordered.")) from error


def _set_quantity(line: PurchaseOrderLine, edit: LineEdit, why: str) -> None:
    """Take over quantity and price together: one of them alone would be of another unit than the other."""
    if (edit.ordered, edit.ordered_price) == (line.ordered, line.ordered_price):
        return
    if edit.ordered is None:
        line.ordered_source = ValueSource.NOBODY
        return
    if not round(edit.ordered, 4) or (edit.ordered_price is not None and edit.ordered_price < 0):
        raise Refused(_("Fill in how much is ordered, and at what price."))
    if max(abs(edit.ordered), edit.ordered_price or 0) >= MOST:
        raise Refused(_("Quantity or price of this line is larger than can be ordered."))
    line.ordered, line.ordered_price = edit.ordered, edit.ordered_price
    line.ordered_source, line.unit_why = ValueSource.PERSON, why[:255]


def _set_codes(line: PurchaseOrderLine, edit: LineEdit, books: Books, why: str) -> None:
    known = dict(zip(CODES, (books.vat_codes, books.cost_centers, books.cost_units), strict=True))
    for name in CODES:
        value = getattr(edit, name)
        if value == getattr(line, name):
            continue
        if value and value not in known[name]:
            raise Refused(_("Exact has no code %(code)s here.") % {"code": value})
        is_choice = value or name != "vat_code"  # no VAT code is no choice: it is looked for again
        prefix = name.removesuffix("_code")
        setattr(line, name, value)
        setattr(line, f"{prefix}_source", ValueSource.PERSON if is_choice else ValueSource.NOBODY)
        setattr(line, f"{prefix}_why", why[:255] if is_choice else "")
