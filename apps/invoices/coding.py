"""From a received document to a booking that could be made: supplier, ledger accounts, VAT codes, cost centres."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.core.identifiers import Kind
from apps.core.money import ZERO
from apps.exact.kept import stamps_of
from apps.exact.models import Division, Relation
from apps.intake.findings import Finding
from apps.invoices import policy
from apps.invoices.handing_over import that_count
from apps.invoices.identifying import identify
from apps.invoices.lines import Knowledge, code_line
from apps.invoices.models import UNDER_WAY, ActiveMethod, Invoice, InvoiceLine, WaitsFor
from apps.invoices.policy import Decision, Obstacle
from apps.invoices.receiving import SYSTEM
from apps.invoices.rows import identifiers_from
from apps.invoices.taxes import Base, Total, spread
from apps.invoices.terms import terms_of
from apps.posting.models import Method, PostingState
from apps.rules import books
from apps.rules.books import Books

CODED = [
    "gl_account", "gl_code", "gl_source", "gl_why", "scenario", "vat_code", "vat_source", "vat_why", "tax",
    "cost_center", "cost_center_source", "cost_center_why", "cost_unit", "cost_unit_source", "cost_unit_why",
]  # fmt: skip
NOBODY = {
    "supplier": None,
    "supplier_name": "",
    "supplier_why": "",
    "payment_condition": "",
    "rate": None,
    "entry_date": None,
    "question": None,
    "mapping_id": None,
}


@dataclass
class Booking:
    """A booking in the making: the lines, what is set on the invoice, and what stands in the way, gravest first."""

    lines: list[InvoiceLine]
    values: dict[str, Any] = field(default_factory=dict)
    obstacles: list[Obstacle] = field(default_factory=list)


def code(
    invoice: Invoice,
    *,
    accepted: bool = False,
    who: str = SYSTEM,
    why: str = "",
    mode: str = "",
    **values: Any,
) -> None:
    """Match and code a document and move it from where it is to ATTENTION, PROPOSED or READY.

    `accepted`: a person agreed with the booking. `mode`: instead of that of its administration. `values` are
    set along with the move. Raises core.transitions.Changed when another process moved it first; then nothing
    is written. A document that is on its way to Exact, or there, is never coded again: ValueError.
    """
    administration = invoice.administration
    if administration is None or invoice.state in UNDER_WAY:
        raise ValueError(f"{invoice} cannot be coded in state {invoice.state}.")
    method = ActiveMethod.objects.method_for(administration.pk, invoice.kind)
    booking = _book(invoice, administration, method)
    waived = values.get("waived", invoice.waived)
    obstacles = that_count(booking.obstacles, method)
    mode = mode or (Mode.PROPOSE if _was_taken_back(invoice) else administration.mode)
    decision = policy.decide(mode, obstacles, waived=waived, accepted=accepted)
    with transaction.atomic():
        invoice.move(
            decision.state,
            who=who,
            why=why or decision.detail or booking.values.get("supplier_why") or _("coded"),
            at=clock.now(),
            cause=decision.cause,
            detail=decision.detail,
            waits_for=decision.waits_for,
            waits_until=waits_until(decision),
            **{**NOBODY, **booking.values, **values},
        )
        # One upsert instead of bulk_update: its CASE per column and row costs many times more.
        InvoiceLine.objects.bulk_create(
            booking.lines, update_conflicts=True, unique_fields=["pk"], update_fields=CODED, batch_size=500
        )


def _was_taken_back(invoice: Invoice) -> bool:
    """Tell whether a person took the booking back: then it is not booked again by itself.

    On pilot nothing is booked anyway.
    """
    is_live = invoice.administration is not None and invoice.administration.mode != Mode.PILOT
    return is_live and invoice.posting is not None and invoice.posting.state == PostingState.WITHDRAWN


def waits_until(decision: Decision) -> datetime | None:
    """Return the end of the minutes for undo, None when the document does not wait for that."""
    if decision.waits_for != WaitsFor.HOLD_BACK:
        return None
    return clock.now() + timedelta(minutes=settings.HOLD_BACK_MINUTES)


def _book(invoice: Invoice, administration: Administration, method: str) -> Booking:
    division = Division.objects.filter(administration=administration).first()
    stamps = stamps_of(division) if division else {}
    booking = Booking(list(invoice.lines.order_by("position")), obstacles=_doubts(invoice))
    identified = identify(invoice, administration, division, stamps, asks=method == Method.ENTRY)
    booking.values.update(identified.values)
    booking.obstacles += identified.obstacles
    _spread_taxes(invoice, booking)
    if identified.relation and division:
        _code_lines(invoice, books.books_of(division, stamps), division, identified.relation, booking)
        calendar, own = books.calendar_of(division, stamps), identified.relation.payment_condition_purchase
        terms = terms_of(invoice, administration, division, calendar, own)
        booking.values.update(terms.values)
        booking.obstacles += terms.obstacles
    return booking


def _doubts(invoice: Invoice) -> list[Obstacle]:
    found = []
    other = invoice.double_of
    if other is not None:
        detail = _("The other one: %(number)s of %(date)s, %(amount)s %(currency)s.")
        found.append(
            Obstacle(
                Cause.POSSIBLE_DOUBLE,
                detail
                % {
                    "number": other.number,
                    "date": date_format(other.issue_date, "j-n-Y"),
                    "amount": number_format(other.payable, 2, force_grouping=True),
                    "currency": other.currency,
                },
            )
        )
    findings = [Finding(**finding) for finding in invoice.findings]
    return found + [Obstacle(finding.cause, finding.sentence()) for finding in findings if finding.blocks]


def _spread_taxes(invoice: Invoice, booking: Booking) -> None:
    """Give each line its VAT; a booking that would not come to the document's total is an obstacle."""
    bases = [Base(line.net, line.category, line.rate) for line in booking.lines]
    totals = [
        Total(category, Decimal(rate) if rate else None, Decimal(tax))
        for category, rate, _taxable, tax in invoice.payment.get("subtotals", [])
        if tax != "None"
    ]
    for line, tax in zip(booking.lines, spread(bases, totals, invoice.tax or ZERO), strict=True):
        line.tax = tax
    total = sum((line.net + (line.tax or ZERO) for line in booking.lines), ZERO)
    if total != invoice.gross:
        detail = _("The lines with VAT come to %(lines)s, the document says %(total)s.")
        booking.obstacles.append(
            Obstacle(
                Cause.TOTALS_DIFFER,
                detail
                % {
                    "lines": number_format(total, 2, force_grouping=True),
                    "total": number_format(invoice.gross, 2, force_grouping=True),
                },
            )
        )


def _code_lines(
    invoice: Invoice, codes: Books, division: Division, relation: Relation, booking: Booking
) -> None:
    administration = cast(Administration, invoice.administration)
    known = Knowledge(
        books=codes,
        rules=books.rules_for(administration, supplier_name=relation.name, supplier_code=relation.code),
        vat_table=books.vat_table_of(administration),
        supplier_name=relation.name,
        country=_vat_country(invoice) or relation.country,
        card_account=str(relation.gl_account_purchase or ""),
        booked=books.booked_accounts(division, str(relation.exact_id)),
    )
    obstacles = [obstacle for line in booking.lines for obstacle in code_line(line, known)]
    booking.obstacles += sorted(obstacles, key=lambda obstacle: ORDER.index(obstacle.cause))
    if not administration.purchase_journal:
        booking.obstacles.append(
            Obstacle(
                Cause.NEEDS_APPROVAL,
                _("Choose the purchase journal of this administration first."),
                is_gap=True,
            )
        )


def _vat_country(invoice: Invoice) -> str:
    """The country whose VAT the vendor reckons with: of its VAT number, else of its address (e-invoicing facts 5)."""
    numbers = (one for one in identifiers_from(invoice.vendor) if one.kind is Kind.VAT and one.valid)
    country: str = invoice.vendor.get("country", "")
    return next((one.value[:2] for one in numbers), country)


ORDER = (Cause.NO_GL_ACCOUNT, Cause.NO_VAT_CODE, Cause.COST_CENTRE_MISSING)
