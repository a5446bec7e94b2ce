"""Gives templates the documents that came of parts, all of a page with one query."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.template import Library
from django.utils.formats import number_format

from apps.core import money as prices
from apps.intake.models import Part
from apps.invoices.models import Invoice
from apps.vendors.evidence import Key

register = Library()


@register.simple_tag(takes_context=True)
def documents_of(context: Any, parts: Iterable[Part]) -> dict[int, Invoice]:
    """Return part id -> document, for `parts` and what they are duplicates of, as far as this person sees them."""
    keys = {key for part in parts for key in (part.pk, part.duplicate_of_id) if key}
    rows = Invoice.objects.visible_to(context["request"].user).filter(part__in=keys)
    rows = rows.select_related("administration__division", "posting__division")
    return {row.part_id: row for row in rows}


@register.simple_tag
def document_of(part: Part, found: dict[int, Invoice]) -> Invoice | None:
    """Return the document that came of `part`, out of what `documents_of` found."""
    return found.get(part.pk)


@register.filter
def money(amount: Any) -> str:
    """Return an amount with two decimals as people of this language write it; "" for none."""
    if amount is None or amount == "":
        return ""
    return number_format(Decimal(str(amount)), decimal_pos=2, force_grouping=True)


@register.filter
def price(amount: Any) -> str:
    """Return a price with at least two decimals as people of this language write it; "" for none."""
    return "" if amount is None or amount == "" else prices.price(Decimal(str(amount)))


@register.filter
def plain(number: Any) -> str:
    """Return a number without needless zeros, as people of this language write it; "" for none."""
    if number is None or number == "":
        return ""
    return number_format(f"{Decimal(str(number)).normalize():f}", use_l10n=True, force_grouping=True)


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """Return `mapping[key]`, None when it is not there."""
    return mapping.get(key)


@register.filter
def identity(text: str) -> str:
    """Return an identity ("vat NL...") as people name it ("VAT number NL...")."""
    kind, _space, value = text.partition(" ")
    return Key(kind, value).words
