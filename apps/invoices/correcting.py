"""Noticing what a person replaces on lines, so that it is remembered for the next document of that supplier."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apps.invoices.lines import PREFIXES
from apps.invoices.models import Invoice, InvoiceLine, ValueSource
from apps.people.models import User
from apps.rules import corrections
from apps.rules.corrections import Change

_LOOKED_FOR_AGAIN = ("gl_code", "vat_code")  # emptied, they are no choice


@dataclass(frozen=True, slots=True)
class Seen:
    """What stood on a line before a person changed it: by field its code, who vouched for it, and by which rule."""

    codes: dict[str, tuple[str, str, int | None]]


def seen(line: InvoiceLine) -> Seen:
    """Return what stands on `line` now."""
    return Seen(
        {
            field: (getattr(line, field), getattr(line, f"{prefix}_source"), _rule(line, field))
            for field, prefix in PREFIXES.items()
        }
    )


def changes(before: Seen, line: InvoiceLine) -> Iterator[Change]:
    """Yield what a person replaced on `line`.

    An account or VAT code that is emptied is looked for again. If a person had chosen it, that choice is taken
    back: the text then stands for nothing any more.
    """
    for field, (code, source, rule) in before.codes.items():
        chosen = getattr(line, field)
        scenario = line.scenario if field == "vat_code" else ""
        if chosen == code:
            continue
        if chosen or field not in _LOOKED_FOR_AGAIN:
            yield Change(line.description, field, code, source, chosen, rule, scenario)
        elif source == ValueSource.PERSON:
            yield Change(line.description, field, "", source, "", scenario=scenario)


def remember(invoice: Invoice, changed: list[Change], *, by: User) -> None:
    """Keep what `by` changed on lines of `invoice`; of an unknown supplier nothing was proposed, nor is it kept."""
    if changed and invoice.supplier and invoice.administration:
        corrections.remember(invoice.administration, invoice.supplier, changed, part=invoice.part, by=by)


def _rule(line: InvoiceLine, field: str) -> int | None:
    """Return the rule whose word was taken for `field`, as the line keeps what was said (lines.code_line)."""
    spoke: list[dict[str, Any]] = line.rules
    return next((one["pk"] for one in spoke if one["field"] == field and one["won"]), None)
