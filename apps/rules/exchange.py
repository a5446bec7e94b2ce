"""Booking rules as a table: its columns in both languages, and the rules that somebody takes along."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.core.tables.columns import Columns
from apps.core.tables.reading import Rows
from apps.rules import part_texts
from apps.rules.models import BookingRule
from apps.rules.models.booking_rule import BookingRules
from apps.rules.rule_book import rule_of

# The columns of an export, each with the other names under which an import knows it.
COLUMNS = Columns(
    {
        "key": (gettext_noop("rule number"), "rule number|number|regelnummer|nummer"),
        "name": (gettext_noop("name"), "name|naam"),
        "administration": (gettext_noop("administration"), "administration|administratie"),
        "client": (gettext_noop("client"), "client|klant"),
        "client_group": (gettext_noop("group of clients"), "group of clients|group|klantengroep|groep"),
        "position": (gettext_noop("order"), "order|volgorde"),
        "active": (gettext_noop("active"), "active|actief"),
        "supplier_contains": (
            gettext_noop("supplier's name contains"),
            "supplier's name contains|supplier|naam van de crediteur bevat|crediteur",
        ),
        "supplier_code": (
            gettext_noop("supplier's code in Exact"),
            "supplier's code in Exact|supplier code|crediteurcode|code van de crediteur in Exact",
        ),
        "vendor_key": (gettext_noop("vendor identity"), "vendor identity|identiteit van de leverancier"),
        "classification": (
            gettext_noop("supplier's classification in Exact"),
            "supplier's classification in Exact|classification|classificatie",
        ),
        "item_group": (gettext_noop("item group in Exact"), "item group in Exact|item group|artikelgroep"),
        "seller_item": (
            gettext_noop("seller's item code"),
            "seller's item code|artikelcode van de leverancier",
        ),
        "commodity_code": (gettext_noop("commodity code"), "commodity code|goederencode"),
        "text": (gettext_noop("text"), "text|tekst"),
        "text_in": (gettext_noop("where"), "where|waar"),
        "text_match": (gettext_noop("how"), "how|hoe"),
        "amount_from": (
            gettext_noop("amount of the line from"),
            "amount of the line from|amount from|bedrag van de regel vanaf|bedrag vanaf",
        ),
        "amount_to": (
            gettext_noop("amount of the line up to"),
            "amount of the line up to|amount up to|bedrag van de regel tot en met|bedrag tot en met",
        ),
        "scenario": (gettext_noop("VAT scenario"), "VAT scenario|btw-scenario"),
        "buyer_reference": (gettext_noop("buyer reference"), "buyer reference|referentie van de koper"),
        "order_number": (
            gettext_noop("order number begins with"),
            "order number begins with|order number|ordernummer begint met|ordernummer",
        ),
        "delivery_address": (
            gettext_noop("delivery address contains"),
            "delivery address contains|delivery address|afleveradres bevat|afleveradres",
        ),
        "gl_code": (gettext_noop("ledger account"), "ledger account|grootboekrekening|gl account"),
        "vat_code": (gettext_noop("VAT code"), "VAT code|btw-code"),
        "cost_center": (gettext_noop("cost centre"), "cost centre|cost center|kostenplaats"),
        "cost_unit": (gettext_noop("cost unit"), "cost unit|kostendrager"),
        "parts": (gettext_noop("split"), "split|parts|splitsing|delen"),
        "description": (
            gettext_noop("description in the books"),
            "description in the books|description|omschrijving in de boeken|omschrijving",
        ),
        "private_use": (gettext_noop("private use (%)"), "private use (%)|privégebruik (%)"),
        "non_deductible": (
            gettext_noop("VAT that is not deductible (%)"),
            "VAT that is not deductible (%)|niet-aftrekbare btw (%)",
        ),
        "spread": (gettext_noop("spread"), "spread|spreiding|gespreid"),
        "spread_months": (gettext_noop("number of months"), "number of months|aantal maanden"),
        "payment_condition": (gettext_noop("payment condition"), "payment condition|betalingsconditie"),
        "never_automatic": (gettext_noop("do not automate"), "do not automate|niet automatiseren"),
    },
    needed=("name",),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of such a table as it was written; `key` is the number of the rule.

    `number` is the row in the spreadsheet. None: the table has no such column.
    """

    number: int
    key: str | None = None
    name: str | None = None
    administration: str | None = None
    client: str | None = None
    client_group: str | None = None
    position: str | None = None
    active: str | None = None
    supplier_contains: str | None = None
    supplier_code: str | None = None
    vendor_key: str | None = None
    classification: str | None = None
    item_group: str | None = None
    seller_item: str | None = None
    commodity_code: str | None = None
    text: str | None = None
    text_in: str | None = None
    text_match: str | None = None
    amount_from: str | None = None
    amount_to: str | None = None
    scenario: str | None = None
    buyer_reference: str | None = None
    order_number: str | None = None
    delivery_address: str | None = None
    gl_code: str | None = None
    vat_code: str | None = None
    cost_center: str | None = None
    cost_unit: str | None = None
    parts: str | None = None
    description: str | None = None
    private_use: str | None = None
    non_deductible: str | None = None
    spread: str | None = None
    spread_months: str | None = None
    payment_condition: str | None = None
    never_automatic: str | None = None


TEXTS = tuple(one.name for one in fields(Line))


def lines_in(rows: Rows) -> list[Line]:
    """Return the rows below the header; columns are known by their names in Dutch or English, in any order.

    Raises Unreadable when a column that is needed is missing or stands there twice.
    """
    return [Line(number, **values) for number, values in COLUMNS.values_in(rows)]


def export_rows(rules: BookingRules) -> Iterator[list[str]]:
    """Yield the header and then `rules`, which the caller narrowed to what the person may see."""
    yield COLUMNS.titles()
    rows = rules.select_related("administration", "client", "client_group").prefetch_related("splits")
    for row in rows.order_by("position", "pk").iterator(chunk_size=500):
        yield [_written(row, column) for column in COLUMNS.known]


def _written(row: BookingRule, column: str) -> str:
    """Return the cell of `row` as an import reads it again, whatever the language."""
    if column == "key":
        return str(row.pk)
    if column == "parts":
        return part_texts.written(rule_of(row).splits)
    value: Any = getattr(row, column)
    if column in ("administration", "client"):
        return value.slug if value else ""
    if column in ("text_in", "text_match") and not row.text:
        return ""
    if column in ("text_in", "text_match", "scenario", "spread"):
        return str(getattr(row, f"get_{column}_display")()) if value else ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)
