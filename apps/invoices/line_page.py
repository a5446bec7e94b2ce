"""What the page of a document shows of one line: its values with who vouches for each, and what rules said."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.exact.models import GLAccount
from apps.invoices import item_page
from apps.invoices.entry_lines import entry_lines
from apps.invoices.models import InvoiceLine
from apps.rules.books import Books
from apps.rules.models import BookingRule
from apps.rules.sentences import percent
from apps.rules.sources import ICONS
from apps.rules.words import Spread


def content(
    line: InvoiceLine, books: Books | None, seen: set[int], *, of_items: bool = False
) -> dict[str, Any]:
    """Return what the template shows of `line`; `seen`: the keys of the rules that this person may open.

    `of_items`: it is delivered as a purchase invoice, and its account is its item's.
    """
    account = books.accounts_by_code.get(line.gl_code) if books else None
    return {
        "row": line,
        "account": account,
        "values": [*_items(line), *_values(line, account, is_fixed=True)]
        if of_items
        else list(_values(line, account)),
        "candidates": item_page.candidates_of(line) if of_items else [],
        "won": [one for one in _said(line, seen) if one["won"]],
        "beaten": [one for one in _said(line, seen) if not one["won"]],
        "parts": list(_parts(line, books)),
        "besides": list(_besides(line)),
    }


def _items(line: InvoiceLine) -> Iterator[dict[str, Any]]:
    value = item_page.value_of(line)
    yield {**value, "icon": ICONS.get(value["name"], "help")}


def _values(
    line: InvoiceLine, account: GLAccount | None, *, is_fixed: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield each coded value with who vouched for it and why; `is_fixed`: nobody chooses the account."""
    for name in ("gl", "vat", "cost_center", "cost_unit"):
        field = f"{name}_code" if name in {"gl", "vat"} else name
        source = getattr(line, f"{name}_source")
        yield {
            "field": field,
            "label": _label(InvoiceLine, field),
            "value": getattr(line, field),
            "text": account.description if account and name == "gl" else "",
            "source": getattr(line, f"get_{name}_source_display")(),
            "icon": ICONS.get(source, "help"),
            "why": getattr(line, f"{name}_why"),
            "is_fixed": is_fixed and name == "gl",
            "is_needless": is_fixed and name == "gl",
        }


def _said(line: InvoiceLine, seen: set[int]) -> Iterator[dict[str, Any]]:
    """Yield what each rule said, the strongest first. A person's choice goes before all of them."""
    for one in line.rules:
        shown = {"label": _label(BookingRule, one["field"]), "value": _shown(one["field"], one["value"])}
        yield {**one, **shown, "may_open": one["pk"] in seen}


def _shown(field: str, value: str) -> str:
    """Return what a rule said about `field` as people read it."""
    if field in {"private_use", "non_deductible"}:
        return percent(Decimal(value))
    if field == "spread":
        return str(Spread(value).label)
    return _("yes") if field == "never_automatic" else value


def _parts(line: InvoiceLine, books: Books | None) -> Iterator[dict[str, Any]]:
    """Yield the parts that the line is booked in, none when it is booked whole."""
    if not line.split:
        return
    names = {account.code: account.description for account in books.accounts.values()} if books else {}
    for kept, part in zip(line.split, entry_lines([line]), strict=False):
        size = percent(Decimal(kept["percentage"])) if kept.get("percentage") else _("amount")
        if not kept.get("percentage") and not kept.get("amount"):
            size = _("the rest")
        yield {"part": part, "size": size, "text": names.get(part.gl_code, "")}


def _besides(line: InvoiceLine) -> Iterator[tuple[str, str, str]]:
    """Yield what else is done with the line, as (what, how, the rules that say so)."""
    if line.entry_text and line.entry_text != line.description:
        yield _("Description in the books"), line.entry_text, _rules_of(line, "description")
    if line.private_use is not None:
        yield _("Private use"), percent(line.private_use), _rules_of(line, "private_use")
    if line.non_deductible is not None:
        said = _rules_of(line, "non_deductible")
        yield _("VAT that is not deductible"), percent(line.non_deductible), said
    if line.spread_from and line.spread_to:
        days = (date_format(day, "j-n-Y") for day in (line.spread_from, line.spread_to))
        yield _("Spread over"), " - ".join(days), _rules_of(line, "spread")
    if asking := _rules_of(line, "never_automatic"):
        yield _("Do not automate"), _("a person must look"), asking


def _rules_of(line: InvoiceLine, field: str) -> str:
    return ", ".join(one["name"] for one in line.rules if one["field"] == field and one["won"])


def _label(model: Any, field: str) -> str:
    return str(model._meta.get_field(field).verbose_name)
