"""Exact's words -> the cause a document waits for. Pure.

The texts follow the grammar `Problem: Field`, in the language of the connected user (Exact 3.5), so Dutch and
English are both read. What is not in the list waits as *rejected by Exact*, with Exact's words.
"""

import re

from apps.core.causes import Cause

_RULES: tuple[tuple[str, str], ...] = (
    (r"periode is afgesloten|period is closed", Cause.PERIOD_CLOSED),
    (
        r"(verplicht|onbekend|mandatory|required|unknown): *(boekjaar|financial year|fiscal year)",
        Cause.PERIOD_CLOSED,
    ),
    (
        r"(ongeldige referentie|ongeldig|niet toegestaan|invalid reference|invalid|not allowed): *(btw-code|vat code)",
        Cause.NO_VAT_CODE,
    ),
    (r"kostenplaats|kostendrager|cost cent|cost unit", Cause.COST_CENTRE_MISSING),
    (r"grootboekrekening|g/l account", Cause.NO_GL_ACCOUNT),
    (
        r"(relatie|leverancier|klant|account|supplier|customer) \((geblokkeerd|blocked|type)\)",
        Cause.SUPPLIER_BLOCKED,
    ),
)
_NUMBERING = re.compile(r"in gebruik: *boekstuknummer|in use: *document number", re.IGNORECASE)
_DOUBLES = re.compile(
    r"bestaat reeds|already exists|in gebruik: *boekstuknummer|in use: *document number|dubbel|duplicate",
    re.IGNORECASE,
)


def cause_of(words: str) -> str:
    """Return the cause that Exact's `words` mean; several joined sentences give the first that is known."""
    for pattern, cause in _RULES:
        if re.search(pattern, words, re.IGNORECASE):
            return cause
    return Cause.REJECTED_BY_EXACT


def is_about_numbering(words: str) -> bool:
    """Tell whether Exact's own booking number was taken, which says nothing about the invoice (Exact 5)."""
    return bool(_NUMBERING.search(words))


def says_it_exists(words: str) -> bool:
    """Tell whether Exact refused because it already has something like this (Exact 5)."""
    return bool(_DOUBLES.search(words))
