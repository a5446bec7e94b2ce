"""One difference between an order and an answer to it, as it is kept and as it is shown. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.money import price


class Field(models.TextChoices):
    """What differs."""

    ITEM = "item", gettext_lazy("item")
    QUANTITY = "quantity", gettext_lazy("quantity")
    PRICE = "price", gettext_lazy("price")
    DATE = "date", gettext_lazy("delivery date")
    BACKORDER = "backorder", gettext_lazy("several deliveries")
    REJECTED = "rejected", gettext_lazy("rejected")
    REMOVED = "removed", gettext_lazy("removed")
    ADDED = "added", gettext_lazy("not ordered")


class Why(models.TextChoices):
    """Why a person does it in Exact."""

    NONE = "", ""
    UNIT = "unit", gettext_lazy("its unit cannot be converted to that of the order")
    ITEM = "item", gettext_lazy("another item: a line in Exact keeps the item it was made with")
    SEVERAL = "several", gettext_lazy("a line in Exact has one price and one delivery date")
    LINE_GOES = "line_goes", gettext_lazy("Postkamer removes no line of an order")
    LINE_COMES = "line_comes", gettext_lazy("Exact takes no further lines in an order that is there")
    DELIVERED = "delivered", gettext_lazy("the supplier says it was delivered already")


@dataclass(frozen=True, slots=True)
class Difference:
    """`line`: its label, "" for the order as a whole; `line_id`: the key of the ordered line, None without one.

    `ordered` and `confirmed`: numbers with a point, days as ISO dates, else texts; "" where there is none. `why`: the
    reason that it is not applied by Postkamer.
    """

    field: Field
    line: str = ""
    name: str = ""
    line_id: int | None = None
    ordered: str = ""
    confirmed: str = ""
    why: Why = Why.NONE

    @property
    def can_apply(self) -> bool:
        """Whether accepting changes it in Exact."""
        return self.why == Why.NONE

    @property
    def value(self) -> Any:
        """What the field becomes: a Decimal or a date; only of what can be applied."""
        return date.fromisoformat(self.confirmed) if self.field == Field.DATE else Decimal(self.confirmed)

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return _("line %(line)s") % {"line": self.line} if self.line else _("the order")

    @property
    def ordered_shown(self) -> str:
        """What was ordered, for people."""
        return _shown(self.field, self.ordered)

    @property
    def confirmed_shown(self) -> str:
        """What is answered, for people."""
        return _shown(self.field, self.confirmed)

    @property
    def sentence(self) -> str:
        """All of it in one line: where, what, from and to."""
        sides = f"{self.ordered_shown} → {self.confirmed_shown}"
        if self.field in (Field.REJECTED, Field.REMOVED):
            sides = " ".join(
                filter(None, (self.ordered_shown, self.confirmed_shown and f"→ {self.confirmed_shown}"))
            )
        elif self.field == Field.ADDED:
            sides = " ".join(filter(None, (self.confirmed_shown, self.name)))
        return f"{self.place}: {self.field.label} {sides}".strip()

    def as_kept(self) -> dict[str, Any]:
        """Return it as PurchaseOrder.differences keeps it; `by_hand` says that a person does it."""
        kept = {name: getattr(self, name) for name in ("line", "name", "line_id", "ordered", "confirmed")}
        return {"field": self.field.value, **kept, "why": self.why.value, "by_hand": not self.can_apply}


def kept(row: Mapping[str, Any]) -> Difference:
    """Return a difference that `as_kept` gave."""
    texts = {name: row.get(name, "") for name in ("line", "name", "ordered", "confirmed")}
    return Difference(Field(row["field"]), line_id=row.get("line_id"), why=Why(row.get("why", "")), **texts)


def _shown(field: Field, value: str) -> str:
    if not value:
        return "-" if field in (Field.QUANTITY, Field.PRICE, Field.DATE, Field.ITEM) else ""
    if field == Field.DATE:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    try:
        if field == Field.PRICE:
            return price(Decimal(value))
        return number_format(Decimal(value), force_grouping=True) if field != Field.ITEM else value
    except ArithmeticError:  # several, or a unit that could not be converted: as it is written
        return value
