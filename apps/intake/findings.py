"""What the checks see on a document: what blocks its booking, and what a bookkeeper should know. Pure.

A purchase invoice is never refused because a rule fails (e-invoicing facts 1.10): a finding blocks only when
the entry would be wrong.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from apps.core.causes import Cause
from apps.core.identifiers import LABELS, Kind
from apps.core.money import ZERO, cents
from apps.intake.document import Document, Party
from apps.intake.vat_sentences import SENTENCES as ABOUT_VAT

SENTENCES = {
    "lines_differ": _("The lines, charges and allowances add up to %(expected)s, the total says %(found)s."),
    "line_unreadable": _("The amount of line %(line)s is missing or cannot be read."),
    "BR-CO-10": _("The sum of the lines is %(expected)s, the document says %(found)s (BR-CO-10)."),
    "BR-CO-13": _("The total without VAT should be %(expected)s, the document says %(found)s (BR-CO-13)."),
    "BR-CO-14": _("The VAT per rate adds up to %(expected)s, the document says %(found)s (BR-CO-14)."),
    "BR-CO-15": _("The total with VAT should be %(expected)s, the document says %(found)s (BR-CO-15)."),
    "BR-CO-16": _("The amount to pay should be %(expected)s, the document says %(found)s (BR-CO-16)."),
    "BR-CO-17": _(
        "The VAT at %(rate)s %% should be about %(expected)s, the document says %(found)s (BR-CO-17)."
    ),
    "credit_unclear": _(
        "The document calls itself a credit note (type %(type_code)s) but asks for %(found)s to be paid."
    ),
    "self_billed": _("This invoice was written by the customer for the supplier (self-billing)."),
    "check_failed": _("%(kind)s %(value)s of the supplier does not pass its check."),
    "iban_check_failed": _("The bank account %(value)s is not a valid IBAN."),
    "supplier_unidentified": _("The supplier gives no number that says who it is."),
    "vat_without_rate": _("The document charges %(found)s of VAT at %(rate)s, a category without VAT."),
    "group_differs": _(
        "The lines at %(rate)s add up to %(expected)s, but their VAT is computed over %(found)s."
    ),
    "currency_missing": _("The document does not say in which currency it is."),
    "prepaid": _("%(found)s was paid before. The whole invoice is booked; the payment is not."),
    "direct_debit": _("The supplier collects this itself: booked with payment condition %(value)s."),
    "direct_debit_unknown": _(
        "The supplier collects this itself, but Exact has no payment condition for that. See that it is not paid twice."
    ),
    "card": _("This was paid by card: booked with payment condition %(value)s."),
    "card_unknown": _(
        "This was paid by card, but Exact has no payment condition for that. See that it is not paid twice."
    ),
    "day_closed": _("%(text)s lies in a closed period; the first open day is %(value)s."),
    "day_filed": _("The VAT of %(text)s was filed; the first open day is %(value)s."),
    "condition_unknown": _("Exact has no payment condition %(value)s; the booking goes without it."),
    "cost_left_out": _("%(value)s is left out: ledger account %(account)s takes none of these."),
    "rule_code_unusable": _("Rule %(rule)s says %(value)s, which may not be used in Exact any more."),
    "vat_code_reverse": _(
        "VAT code %(value)s is for reverse charge, but the document charges VAT. Choose another VAT code, or ask the "
        "supplier for a correct invoice."
    ),
    "vat_code_charges": _(
        "VAT code %(value)s is one with VAT, but the document charges none. Choose a VAT code without VAT, unless this "
        "is meant: it is booked with 0.00 VAT."
    ),
    "order_closed": _(
        "Order %(order)s in Exact is cancelled or invoiced already: the item is invoiced beside it."
    ),
    "order_begun": _(
        "Of order %(order)s in Exact some is invoiced already: the item is invoiced beside it, and it stays open."
    ),
    "order_quantity": _(
        "Invoiced is %(value)s and ordered %(text)s: the item is invoiced beside order %(order)s, which stays open."
    ),
    "order_amount": _(
        "Invoiced is %(found)s and ordered for %(expected)s: the item is invoiced beside order %(order)s, which stays "
        "open."
    ),
    "order_vat_code": _(
        "Invoiced with VAT code %(value)s and ordered with %(text)s: the item is invoiced beside order %(order)s, "
        "which stays open."
    ),
    "rate_missing": _("The document is in %(value)s and names no exchange rate: Exact takes its own."),
    "amount_unusual": _(
        "%(found)s is unusual for this supplier: its last %(count)s bookings speak for %(low)s to %(high)s."
    ),
    "entry_moved": _(
        "%(text)s lies in a closed or filed period: booked on %(value)s. The document keeps its date."
    ),
    "prepaid_odd": _("The document says that %(found)s was paid before, which has the wrong sign."),
    "rounded": _(
        "The amount to pay is rounded by %(found)s; the booking is made for the total with VAT before that."
    ),
    "number_missing": _("The document has no number."),
    "due_date_missing": _("The document has no due date."),
    "enclosure_unsafe": _(
        "The file “%(file)s” inside the document is no PDF or image and is not sent to Exact; open it here."
    ),
    "enclosure_unreadable": _("The file “%(file)s” inside the document is empty or damaged."),
    "enclosure_too_large": _(
        "The file “%(file)s” (%(size)s) is larger than Exact takes and is not sent; open it here."
    ),
    "original_too_large": _(
        "The document itself (%(size)s) is larger than Exact takes as a file and is not attached; it is kept here."
    ),
    "file_came_late": _(
        "The file “%(file)s” was added to this document after it went to Exact; it is not there, open it here."
    ),
    "page_not_made": _(
        "No readable page of this document could be made; in Exact it has its other files alone."
    ),
    "receiver_differs": _("This is for %(administration)s (%(why)s), although %(what)s points to %(other)s."),
    "receiver_unknown": _(
        "%(kind)s %(value)s of the receiver is not that of this administration, nor of any other."
    ),
    "made_from_confirmation": _(
        "This was made from a confirmation (%(own)s) of order %(number)s; the order itself was not seen."
    ),
    "another_version": _("This is another version of order %(number)s, which is in Exact already."),
    "order_lines_differ": _("The lines add up to %(expected)s, the document says %(found)s."),
    "charges_in_price": _("Charges and allowances on the line are taken into its price."),
    "substitute_offered": _("The supplier offers another item instead: %(item)s."),
    "value_unreadable": _("The value of %(field)s cannot be read: “%(text)s”."),
    **ABOUT_VAT,
}
ABOUT_ROUTING = frozenset({"receiver_differs", "receiver_unknown"})  # settled when a person chose
WITHOUT_VAT = frozenset({"AE", "Z", "E", "O", "K", "G"})
MOST_LINES_NAMED = 10
_AMOUNTS = {"expected", "found", "low", "high"}
_QUANTITIES = {("order_quantity", "value"), ("order_quantity", "text")}  # of which sentences
_TELLING = {Kind.VAT, Kind.KVK, Kind.BE_ENTERPRISE, Kind.OIN, Kind.GLN, Kind.PEPPOL}
_CHECKED = {Kind.VAT, Kind.KVK, Kind.BE_ENTERPRISE, Kind.OIN, Kind.GLN}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the checks saw. `code` names the sentence; `values` are texts, amounts as plain decimals.

    `cause` is set when it blocks the booking: why the document then waits. Among the values, `lines` says which
    lines it is about ("1-3, 7"); without it, it is about the document.
    """

    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    cause: str = ""

    @property
    def blocks(self) -> bool:
        """Tell whether a booking must wait for a person."""
        return bool(self.cause)

    def sentence(self) -> str:
        """Return one sentence for people, in the language of the moment."""
        shown = {k: _shown(v) if k in _AMOUNTS else v for k, v in self.values.items()}
        shown |= {k: _number(v) for k, v in self.values.items() if (self.code, k) in _QUANTITIES}
        if "kind" in shown:
            shown["kind"] = str(LABELS.get(shown["kind"], shown["kind"]))
        words = str(SENTENCES[self.code]) % shown
        where = str(_("(line %(lines)s)")) % shown if "lines" in shown else ""
        return f"{words} {where}".strip()


def _shown(amount: str) -> str:
    return number_format(Decimal(amount), decimal_pos=2, force_grouping=True)


def _number(text: str) -> str:
    """Return a quantity as the reader writes it; what is none stays as it is."""
    try:
        return number_format(Decimal(text), use_l10n=True)
    except InvalidOperation:
        return text


def _total(code: str, expected: Decimal, found: Decimal | None, *, blocks: bool = True) -> Iterator[Finding]:
    """A finding when `found` is given and is not `expected`, rounded half up to cents as EN 16931 does."""
    expected = cents(expected)
    if found is not None and expected != cents(found):
        values = {"expected": str(expected), "found": str(found)}
        yield Finding(code, values, Cause.TOTALS_DIFFER if blocks else "")


def _lines(document: Document) -> Iterator[Finding]:
    """What will be booked as cost must be the total without VAT; how the sender got there only informs."""
    unreadable = [line.identifier or str(line.position) for line in document.lines if line.net is None]
    for line in unreadable[:MOST_LINES_NAMED]:
        yield Finding("line_unreadable", {"line": line}, Cause.TOTALS_DIFFER)
    lines = sum((line.net or ZERO for line in document.lines), ZERO)
    adjustments = sum((one.net or ZERO for one in document.adjustments), ZERO)
    yield from _total("lines_differ", lines + adjustments, document.net)
    yield from _total("BR-CO-10", lines, document.line_total, blocks=False)
    if document.line_total is not None:
        allowed = (document.charge_total or ZERO) - (document.allowance_total or ZERO)
        yield from _total("BR-CO-13", document.line_total + allowed, document.net, blocks=False)


def _taxes(document: Document) -> Iterator[Finding]:
    """VAT per rate, tolerance below 1.00 (BR-CO-17), its sum (14), the total with VAT (15), to pay (16)."""
    for part in document.subtotals:
        if part.rate is None or part.taxable is None or part.tax is None:
            continue
        expected = cents(part.taxable * part.rate / 100)
        if abs(expected - part.tax) >= 1:
            values = {"rate": f"{part.rate.normalize():f}", "expected": str(expected), "found": str(part.tax)}
            yield Finding("BR-CO-17", values, Cause.TOTALS_DIFFER)
    yield from _groups(document)
    if document.subtotals:
        tax = sum((part.tax or ZERO for part in document.subtotals), ZERO)
        yield from _total("BR-CO-14", tax, document.tax)
    gross = document.net + (document.tax or ZERO)
    yield from _total("BR-CO-15", gross, document.gross)
    if document.gross is not None:
        gross = document.gross
    left = gross - (document.prepaid or ZERO) + (document.rounding or ZERO)
    yield from _total("BR-CO-16", left, document.payable)


def _groups(document: Document) -> Iterator[Finding]:
    """What each VAT rate is computed over must be its lines (BR-S-08 and its siblings, tolerance 1), and categories
    without VAT must not charge any (BR-Z-09, BR-E-09, BR-AE-09, BR-IC-09, BR-G-09, BR-O-09)."""
    nets: dict[tuple[str, Decimal], Decimal] = defaultdict(lambda: ZERO)
    for line in document.lines:
        nets[line.category, line.rate or ZERO] += line.net or ZERO
    for adjustment in document.adjustments:
        nets[adjustment.category, adjustment.rate or ZERO] += adjustment.net or ZERO
    named = all(line.category for line in document.lines)
    for part in document.subtotals:
        name = f"{part.category} {(part.rate or ZERO).normalize():f} %"
        if part.category in WITHOUT_VAT and part.tax:
            yield Finding("vat_without_rate", {"rate": name, "found": str(part.tax)}, Cause.TOTALS_DIFFER)
        net = nets[part.category, part.rate or ZERO]
        if named and part.taxable is not None and abs(net - part.taxable) >= 1:
            values = {"rate": name, "expected": str(net), "found": str(part.taxable)}
            yield Finding("group_differs", values, Cause.TOTALS_DIFFER)


def _money(document: Document) -> Iterator[Finding]:
    if not document.currency:
        yield Finding("currency_missing", cause=Cause.TOTALS_DIFFER)
    if document.rounding:
        far = abs(document.rounding) > 1
        yield Finding("rounded", {"found": str(document.rounding)}, Cause.TOTALS_DIFFER if far else "")
    if document.prepaid:
        odd = document.prepaid * document.net < 0
        values = {"found": str(document.prepaid)}
        yield Finding("prepaid_odd", values, Cause.TOTALS_DIFFER) if odd else Finding("prepaid", values)


def _nature(document: Document) -> Iterator[Finding]:
    if document.calls_itself_credit:
        values = {"type_code": document.type_code, "found": str(document.payable)}
        yield Finding("credit_unclear", values, Cause.NEEDS_APPROVAL)
    if document.is_self_billed:
        yield Finding("self_billed", cause=Cause.NEEDS_APPROVAL)


def _supplier(party: Party) -> Iterator[Finding]:
    for number in party.identifiers:
        if not number.valid and number.kind in _CHECKED:
            yield Finding("check_failed", {"kind": number.kind.value, "value": number.value})
    if not any(n.kind in _TELLING and n.valid and not n.is_placeholder for n in party.identifiers):
        yield Finding("supplier_unidentified")


def _rest(document: Document) -> Iterator[Finding]:
    for account in document.payee_ibans:
        if not account.valid:
            yield Finding("iban_check_failed", {"value": account.value})
    if not document.number:
        yield Finding("number_missing")
    if document.due_date is None:
        yield Finding("due_date_missing")
    for name, text in document.oddities:
        yield Finding("value_unreadable", {"field": name, "text": text})


def check(document: Document) -> tuple[Finding, ...]:
    """Return what the checks see on `document`, what blocks first. Arithmetic as e-invoicing facts 4."""
    found = [*_lines(document), *_taxes(document), *_money(document), *_nature(document)]
    found += [*_supplier(document.supplier), *_rest(document)]
    return tuple(sorted(found, key=lambda finding: not finding.blocks))
