"""What people fill in about an order as a whole, and on its lines where they are."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Administration
from apps.intake.order_sheets import figures
from apps.orders import picking
from apps.orders.editing import LineEdit
from apps.orders.models import OrderTerms, PurchaseOrderLine
from apps.orders.refused import Refused

REASONS = (
    ("not_ours", gettext_lazy("not for us")),
    ("no_order", gettext_lazy("not an order")),
    ("double", gettext_lazy("a double")),
    ("other", gettext_lazy("something else")),
)
CODES = ("vat_code", "cost_center", "cost_unit")
BRACES = re.compile(r"\{([^{}]*)\}")


class IgnoreForm(forms.Form):
    """Why an order is put aside."""

    reason = forms.ChoiceField(choices=REASONS)
    words = forms.CharField(max_length=200, required=False)

    def why(self) -> str:
        """Return the reason in words."""
        reason = str(dict(REASONS)[self.cleaned_data["reason"]])
        words = self.cleaned_data["words"]
        return f"{reason}: {words}" if words else reason


class RouteForm(forms.Form):
    """The administration of an order."""

    administration = forms.ModelChoiceField(queryset=Administration.objects.none())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Administration.objects.visible_to(user).order_by("name")
        self.fields["administration"].queryset = choices  # type: ignore[attr-defined]


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]
    """How an administration takes orders."""

    class Meta:
        model = OrderTerms
        fields = ("administration", "takes_orders", "price_band", "description")

    def clean_description(self) -> str:
        """Return what orders are called. Raises ValidationError for a word in braces that means nothing."""
        text: str = self.cleaned_data["description"].strip()
        if [word for word in BRACES.findall(text) if word != "number"] or re.search(
            r"[{}]", BRACES.sub("", text)
        ):
            raise forms.ValidationError(
                _("Only {number} may stand in braces; it becomes the number on the order.")
            )
        return text


def edits_in(
    data: QueryDict, lines: Iterable[PurchaseOrderLine], administration: Administration
) -> list[LineEdit]:
    """Return what was filled in for `lines`; a field is called `<name>-<line id>`. A code may carry its text.

    A field that did not come, as when a form is cut off on its way, stays as it is; one that came empty is emptied.
    Raises Refused, with the line, for an item, a figure or a date that means nothing.
    """
    lines = list(lines)
    sent = [line for line in lines if f"item-{line.pk}" in data]
    typed = {line.pk: data.get(f"item-{line.pk}", "").strip() for line in sent}
    changed = {typed[one.pk] for one in lines if typed.get(one.pk) and not _is_same(one, typed[one.pk])}
    items = picking.items_called(administration, changed)
    return [_edit(data, line, typed.get(line.pk), items) for line in lines]


def _edit(data: QueryDict, line: PurchaseOrderLine, item: str | None, items: dict[str, Any]) -> LineEdit:
    try:
        return LineEdit(
            line.pk,
            item=str(line.item or "") if item is None else _item(line, item, items),
            **{
                name: read(data.get(f"{name}-{line.pk}", ""))
                if f"{name}-{line.pk}" in data
                else getattr(line, name)
                for name, read in READ_AS.items()
            },
        )
    except forms.ValidationError as problem:
        words = _("Line %(position)d: %(problem)s")
        raise Refused(words % {"position": line.position, "problem": problem.messages[0]}) from problem


def _item(line: PurchaseOrderLine, text: str, items: dict[str, Any]) -> str:
    """Return the id in Exact of the item that was typed, "" for none."""
    if not text:
        return ""
    if _is_same(line, text):
        return str(line.item)
    if text not in items:
        raise forms.ValidationError(
            _("Exact has no item “%(text)s” here, or several. Type a code.") % {"text": text}
        )
    return str(items[text].exact_id)


def _is_same(line: PurchaseOrderLine, text: str) -> bool:
    shown = picking.BETWEEN.join(filter(None, (line.item_code, line.item_name)))
    return line.item is not None and text in {line.item_code, shown}


def _number(text: str) -> Decimal | None:
    return figure_in(text) if text.strip() else None


def figure_in(text: str, mark: str = "") -> Decimal:
    """Return the figure that somebody typed, with a decimal comma or point. Raises ValidationError for none."""
    try:
        value = figures.number(text, mark)
    except figures.Unclear:
        words = _("“%(text)s” can be read in two ways. Write it without a mark between the thousands.")
        raise forms.ValidationError(words % {"text": text}) from None
    if value is None:
        raise forms.ValidationError(_("“%(text)s” is not a number.") % {"text": text[:40]})
    return value


def percentage_in(text: str) -> Decimal:
    """Return the percentage that somebody typed, from 0 to 100. Raises ValidationError for none."""
    value = figure_in(text)
    if not 0 <= value <= 100:
        raise forms.ValidationError(_("“%(text)s” is not a percentage from 0 to 100.") % {"text": text[:40]})
    return value


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    value = figures.day(text)
    if value is None:
        raise forms.ValidationError(
            _("“%(text)s” is not a date. Write it as 31-12-2026.") % {"text": text[:40]}
        )
    return value


def _code(text: str) -> str:
    """Return the code of "4 - BTW hoog", as the list of suggestions writes it."""
    return text.split(picking.BETWEEN, 1)[0].strip()[:20]


READ_AS: dict[str, Callable[[str], Any]] = {
    "ordered": _number,
    "ordered_price": _number,
    "receipt_date": _day,
    **dict.fromkeys(CODES, _code),
}
