"""What a posting may end as: an entry, a purchase order, a purchase invoice. Where each stands in Exact, and how what
is there is told from others.

One table by the name of the step that makes it. Sources: Exact facts 4.4 and the values of its states.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.money import cents
from apps.exact.values import decimal_of, integer_of, text_of
from apps.posting.models import ENTRY, ORDER, PURCHASE_INVOICE, RESULTS, Method, Posting

Row = Mapping[str, Any]
MADE_BY: dict[str, str] = dict(
    zip((Method.ENTRY, Method.ORDER, Method.INVOICE), RESULTS, strict=True)
)  # method -> the step that makes its result


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of result. `key`, `number`, `mark`, `date`, `amount`: the fields that hold its id, its number, our
    reference, its day and its total with VAT.

    `closed`: in which states it may not be removed any more; `processed` and `changed` say so. `dead`: the state of one
    that was cancelled, `credits`: what says that its amount is to be read as negative; both (field, values).
    `is_unique`: Exact itself refuses a second one like it (Exact facts 5).
    """

    resource: str
    key: str
    number: str
    mark: str
    date: str
    amount: str
    url: str
    closed: Mapping[str, frozenset[int]]
    processed: Promise
    changed: Promise
    dead: tuple[str, frozenset[int]] = ("", frozenset())
    credits: tuple[str, frozenset[int]] = ("", frozenset())
    is_unique: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """What is asked for, to know one again and to say whether it may be removed."""
        more = [name for name, _values in (self.dead, self.credits) if name]
        shown = (self.key, self.number, self.date, self.amount, self.mark, "Supplier", "YourRef", "Document")
        return tuple(dict.fromkeys((*shown, *self.closed, *more)))

    def bears(self, row: Row, reference: str) -> bool:
        """Tell whether `row` carries our reference: alone, or in brackets behind what stands there for people."""
        text = text_of(row.get(self.mark))
        return text == reference or text.endswith(f"[{reference}]")

    def is_closed(self, row: Row) -> bool:
        """Tell whether Exact, or somebody in it, went on with `row`."""
        return any(integer_of(row.get(name)) in values for name, values in self.closed.items())

    def is_dead(self, row: Row) -> bool:
        """Tell whether `row` was cancelled."""
        return integer_of(row.get(self.dead[0])) in self.dead[1]

    def total_of(self, row: Row) -> Decimal | None:
        """Return the total of `row` with VAT, negative for what the supplier gives back; None when Exact names none."""
        amount = decimal_of(row.get(self.amount))
        if amount is None:
            return None
        gives_back = integer_of(row.get(self.credits[0])) in self.credits[1]
        return cents(-abs(amount) if gives_back else amount)

    def opens_at(self, posting: Posting, exact_id: str) -> str:
        """Return where the one with this id opens in Exact's own screens."""
        division = posting.division
        pattern = str(getattr(settings, self.url))
        return pattern.format(base=division.app.base_url, id=exact_id, division=division.code)


_BEGUN = frozenset({20, 30, 40})  # partial, complete, cancelled
KINDS = {
    ENTRY: Kind(
        resource="purchaseentry/PurchaseEntries",
        key="EntryID",
        number="EntryNumber",
        mark="ExternalLinkReference",
        date="EntryDate",
        amount="AmountFC",
        url="EXACT_ENTRY_URL",
        closed={"Status": frozenset({50})},
        processed=_("Exact has processed this entry. Correct it there."),
        changed=_("Somebody changed this entry in Exact just now. Look at it first."),
        is_unique=True,
    ),
    ORDER: Kind(
        resource="purchaseorder/PurchaseOrders",
        key="PurchaseOrderID",
        number="OrderNumber",
        mark="Description",
        date="OrderDate",
        amount="AmountFC",
        url="EXACT_ORDER_URL",
        closed={"OrderStatus": _BEGUN, "ReceiptStatus": _BEGUN, "InvoiceStatus": _BEGUN},
        processed=_(
            "Something of this order was received, invoiced or cancelled in Exact. Correct it there."
        ),
        changed=_("Somebody changed this order in Exact just now. Look at it first."),
        dead=("OrderStatus", frozenset({40})),
    ),
    PURCHASE_INVOICE: Kind(
        resource="purchase/PurchaseInvoices",
        key="ID",
        number="EntryNumber",
        mark="Description",
        date="InvoiceDate",
        amount="Amount",
        url="EXACT_INVOICE_URL",
        closed={"Status": frozenset({50})},
        processed=_("Exact has processed this purchase invoice. Correct it there."),
        changed=_("Somebody changed this purchase invoice in Exact just now. Look at it first."),
        credits=("Type", frozenset({8031, 8034})),
    ),
}
BY_RESOURCE = {kind.resource: kind for kind in KINDS.values()}
