"""What a form says of the lines of an order: the fields that it sends, and the others as they stand."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.orders import picking
from apps.orders.editing import CODES, LineEdit
from apps.orders.models import PurchaseOrderLine
from apps.orders.refused import Refused
from apps.orders.typed_values import day_in, figure_in

LONGEST = 255  # characters kept of what is said of the project


def edits_in(
    data: QueryDict, lines: Iterable[PurchaseOrderLine], administration: Administration
) -> list[LineEdit]:
    """Return what was filled in for `lines`; a field is called `<name>-<line id>`. A code may carry its text.

    A field that is not sent says nothing: what it stands for stays; one that is sent empty was emptied. Raises Refused,
    with the line, for an item, a figure or a date that means nothing.
    """
    lines = list(lines)
    typed = {line.pk: _typed(data, line, "item") for line in lines}
    changed = {text for line in lines if (text := typed[line.pk]) and not _is_same(line, text)}
    items = picking.items_called(administration, changed)
    return [_edit(data, line, typed[line.pk], items) for line in lines]


def _typed(data: QueryDict, line: PurchaseOrderLine, name: str) -> str | None:
    """Return what was typed in the field `name` of `line`, None when it was not sent."""
    text = data.get(f"{name}-{line.pk}")
    return None if text is None else str(text).strip()


def _edit(data: QueryDict, line: PurchaseOrderLine, item: str | None, items: dict[str, Any]) -> LineEdit:
    said: dict[str, Any] = {}
    try:
        for name, read in READ.items():
            text = _typed(data, line, name)
            said[name] = getattr(line, name) if text is None else read(text)
        return LineEdit(line.pk, item=_item(line, item, items), **said)
    except forms.ValidationError as problem:
        words = _("Line %(position)d: %(problem)s")
        raise Refused(words % {"position": line.position, "problem": problem.messages[0]}) from problem


def _item(line: PurchaseOrderLine, text: str | None, items: dict[str, Any]) -> str:
    """Return the id in Exact of the item that was typed, "" for none."""
    if text is None or (text and _is_same(line, text)):
        return str(line.item or "")
    if not text:
        return ""
    if text not in items:
        raise forms.ValidationError(
            _("Exact has no item “%(text)s” here, or several. Type a code.") % {"text": text}
        )
    return str(items[text].exact_id)


def _is_same(line: PurchaseOrderLine, text: str) -> bool:
    shown = picking.BETWEEN.join(filter(None, (line.item_code, line.item_name)))
    return line.item is not None and text in {line.item_code, shown}


def _number(text: str) -> Decimal | None:
    return figure_in(text) if text else None


def _day(text: str) -> date | None:
    return day_in(text) if text else None


def _code(text: str) -> str:
    """Return the code of "4 - BTW hoog", as the list of suggestions writes it."""
    return text.split(picking.BETWEEN, 1)[0].strip()[:20]


def _words(text: str) -> str:
    return text[:LONGEST]


READ = {
    "ordered": _number,
    "ordered_price": _number,
    "receipt_date": _day,
    "project_text": _words,
    **dict.fromkeys(CODES, _code),
}
