"""Which e-invoice a PDF or picture in the same mail or folder belongs to. Pure.

A wrong pair would hide an invoice, so what is not clear stays alone, where a person sees it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

SHORTEST = 3  # characters of a number that says something in a file name
_DIGITS = re.compile(r"\d{4,}")
_NOISE = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class EInvoice:
    """An e-invoice of the same arrival: its part, its file name, and what it says of itself."""

    part: int
    filename: str
    number: str
    issue_date: date | None


def partner(filename: str, e_invoices: Sequence[EInvoice], *, papers: int) -> int | None:
    """Return the part of the e-invoice that the paper `filename` belongs to, None when none clearly does.

    The same name, or the number in the name, decides where that fits one only. One e-invoice with one paper
    (`papers` counts them) are a pair unless the name holds another number.
    """
    for fits in (_same_name, _names_it):
        found = [one.part for one in e_invoices if fits(filename, one)]
        if found:
            return found[0] if len(found) == 1 else None
    if len(e_invoices) == 1 and papers == 1 and not _names_another(filename, e_invoices[0]):
        return e_invoices[0].part
    return None


def _plain(text: str) -> str:
    return _NOISE.sub("", text.casefold())


def _stem(filename: str) -> str:
    return _plain(filename.rpartition(".")[0] or filename)


def _same_name(filename: str, one: EInvoice) -> bool:
    return _stem(filename) == _stem(one.filename)


def _names_it(filename: str, one: EInvoice) -> bool:
    """Tell whether the name holds the number, and not as part of a longer one: 123 is not in 1234."""
    number = _plain(one.number)
    if len(number) < SHORTEST:
        return False
    return re.search(rf"(?<!\d){re.escape(number)}(?!\d)", _stem(filename)) is not None


def _names_another(filename: str, one: EInvoice) -> bool:
    """Tell whether the name holds a number that is neither the invoice's, nor its file's, nor its date."""
    day = one.issue_date
    dates = (day.strftime("%Y%m%d"), day.strftime("%d%m%Y"), day.strftime("%Y")) if day else ()
    known = f"{_plain(one.number)} {_plain(one.filename)} {' '.join(dates)}"
    return any(digits not in known for digits in _DIGITS.findall(filename))
