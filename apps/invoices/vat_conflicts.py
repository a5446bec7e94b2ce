"""VAT codes that say something else than the document: of a rule, of a correction, or chosen by a person. Pure.

The entry comes to the document's total with any of them (`amounts`); what the VAT return makes of it would be wrong.
"""

from collections.abc import Iterable, Iterator, Sequence

from apps.core.money import cents
from apps.intake.findings import Finding
from apps.invoices.entry_lines import entry_lines
from apps.invoices.models import InvoiceLine
from apps.invoices.vat_findings import ranges
from apps.rules.books import Books

REVERSE, CHARGES = "vat_code_reverse", "vat_code_charges"
CODES = frozenset({REVERSE, CHARGES})


def conflicts(lines: Sequence[InvoiceLine], books: Books) -> list[Finding]:
    """Return each VAT code of coded `lines`, or of their parts, that contradicts the document, and on which lines.

    A code for reverse charge where VAT is charged, and one with a percentage where none is.
    """
    has_vat = any(line.tax for line in lines)
    where: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        for kind, code in _of(line, books, has_vat=has_vat):
            where.setdefault((kind, code), []).append(line.position)
    return [Finding(kind, _values(code, on, len(lines))) for (kind, code), on in where.items()]


def _of(line: InvoiceLine, books: Books, *, has_vat: bool) -> Iterator[tuple[str, str]]:
    # Of a document with VAT, a line whose rate is above zero may have none of it by rounding alone.
    is_without = not line.tax and not (has_vat and line.rate)
    for part in entry_lines([line]):
        code = books.vat_codes.get(part.vat_code)
        if code and code.charged and line.tax:
            yield REVERSE, code.code
        elif code and not code.charged and is_without and cents(part.net * (code.percentage or 0)):
            yield CHARGES, code.code


def _values(code: str, on: Iterable[int], lines: int) -> dict[str, str]:
    places = set(on)
    return {"value": code} if len(places) == lines else {"value": code, "lines": ranges(places)}
