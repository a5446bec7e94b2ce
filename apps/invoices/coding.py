"""From a received document to a booking that could be made: supplier, items or accounts, VAT codes, cost centres."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.clients import policy
from apps.clients.models import Administration, Mode
from apps.clients.policy import Decision, Obstacle
from apps.core import clock
from apps.core.causes import Cause
from apps.core.money import ZERO
from apps.exact.kept import Stamps, stamps_of
from apps.exact.models import Division, Relation
from apps.intake.findings import ABOUT_ROUTING, Finding
from apps.invoices import (
    autonomy,
    checking,
    checks,
    four_eyes,
    invoicing_orders,
    item_coding,
    knowing,
    vat_findings,
)
from apps.invoices.earning import UNKNOWN, Verdict
from apps.invoices.handing_over import that_count
from apps.invoices.identifying import identify
from apps.invoices.item_coding import Itemised
from apps.invoices.lines import code_line
from apps.invoices.models import BOOKS, UNDER_WAY, ActiveMethod, Invoice, InvoiceLine, WaitsFor
from apps.invoices.receiving import SYSTEM
from apps.invoices.taxes import Base, Total, spread
from apps.invoices.terms import terms_of
from apps.posting.models import Method, PostingState
from apps.rules import books
from apps.rules.books import Books
from apps.rules.changes import Changes
from apps.rules.suggestion import NOTHING, Suggestion, first

CODED = [
    "entry_text", "split", "treatment", "rules",
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
    "accepted_by": None,
}


@dataclass
class Booking:
    """A booking in the making: the lines, what is set on the invoice, and what stands in the way, gravest first.

    `reasons`: why a person must look at it, although nothing stands in the way. `seen`: what of their VAT, by line.
    `itemised`: the items of the lines, in a purchase invoice only.
    `is_range_known`: whether the supplier has enough bookings to tell what is usual.
    `there`: which of the things that coding may need are there at all.
    """

    lines: list[InvoiceLine]
    values: dict[str, Any] = field(default_factory=dict)
    obstacles: list[Obstacle] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    seen: list[tuple[int, Finding]] = field(default_factory=list)
    itemised: Itemised | None = None
    is_range_known: bool = False
    there: Changes = field(default_factory=dict)


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
    waived = invoice.waived = values.get("waived", invoice.waived)  # a moved entry date is one, too
    booking = _book(invoice, administration, method)
    obstacles = that_count(booking.obstacles, method)
    verdict = _verdict(invoice, administration, booking, mode, method)
    is_first = _is_first(invoice, booking)
    mode = mode or _mode(invoice, administration, verdict)
    reasons = list(dict.fromkeys([*booking.reasons, *verdict.reasons]))
    if accepted and policy.standing(obstacles, waived):
        values["accepted_by"] = None  # nobody can agree yet: it is not the second person that is missing
    elif accepted and verdict.asks_two:
        obstacles += four_eyes.second_look(invoice, values.get("accepted_by") or who)
    decision = policy.decide(mode, obstacles, waived=waived, accepted=accepted, reasons=reasons)
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
            **{**NOBODY, "proposed_because": "\n".join(reasons), **booking.values, **values},
        )
        if verdict.falls and is_first and not accepted:
            autonomy.corrected(invoice, why=verdict.falls, by=SYSTEM)
        _keep(booking)


def _keep(booking: Booking) -> None:
    # One upsert instead of bulk_update: its CASE per column and row costs many times more.
    InvoiceLine.objects.bulk_create(
        booking.lines, update_conflicts=True, unique_fields=["pk"], update_fields=CODED, batch_size=500
    )
    if booking.itemised:
        item_coding.keep(booking.itemised)


def in_the_way(invoice: Invoice) -> list[Obstacle]:
    """Return what would keep `invoice` from going on if it were coded now, gravest first; nothing is written."""
    administration = invoice.administration
    if administration is None:
        return []
    method = ActiveMethod.objects.method_for(administration.pk, invoice.kind)
    return policy.standing(
        that_count(_book(invoice, administration, method).obstacles, method), invoice.waived
    )


def _verdict(
    invoice: Invoice, administration: Administration, booking: Booking, mode: str, method: str
) -> Verdict:
    """Return how far the vendor has earned it that this document goes on by itself; what is not booked has none."""
    supplier = booking.values.get("supplier")
    if method not in BOOKS or supplier is None:
        return Verdict()
    return autonomy.weigh(
        invoice,
        administration,
        Mode.PILOT if mode == Mode.PILOT else administration.mode,
        supplier=supplier,
        lines=booking.lines,
        seen=(
            {line.scenario or UNKNOWN for line in booking.lines},
            {one["code"] for one in booking.values.get("findings", invoice.findings)},
            {obstacle.cause for obstacle in booking.obstacles},
        ),
        is_range_known=booking.is_range_known,
        there=booking.there,
    )


def _is_first(invoice: Invoice, booking: Booking) -> bool:
    """Tell whether this is news about the vendor, and no second look at a document that said so before."""
    causes = {obstacle.cause for obstacle in booking.obstacles}
    is_case = Cause.IBAN_CHANGED in causes and invoice.cause != Cause.IBAN_CHANGED
    return is_case or invoice.supplier is None or str(invoice.supplier) != str(booking.values.get("supplier"))


def _mode(invoice: Invoice, administration: Administration, verdict: Verdict) -> str:
    if _wants_a_person(invoice):
        return Mode.PROPOSE
    return Mode.AUTOMATIC if verdict.runs else administration.mode


def _wants_a_person(invoice: Invoice) -> bool:
    """Tell whether it is not booked by itself: a person took it back, it names another receiver than it came to, or
    it comes back from a question to the client, whose answer a person reads.

    On pilot nothing is booked anyway.
    """
    is_live = invoice.administration is not None and invoice.administration.mode != Mode.PILOT
    is_taken_back = invoice.posting is not None and invoice.posting.state == PostingState.WITHDRAWN
    is_elsewhere = any(one["code"] in ABOUT_ROUTING for one in invoice.findings)
    return is_live and (is_taken_back or is_elsewhere or _was_asked(invoice))


def _was_asked(invoice: Invoice) -> bool:
    """Tell whether a question about it to the client ended; asking touches it, which spares all others the query."""
    return invoice.touched and invoice.client_questions.filter(closed_at__isnull=False).exists()


def waits_until(decision: Decision) -> datetime | None:
    """Return the end of the minutes for undo, None when the document does not wait for that."""
    if decision.waits_for != WaitsFor.HOLD_BACK:
        return None
    return clock.now() + timedelta(minutes=settings.HOLD_BACK_MINUTES)


def _book(invoice: Invoice, administration: Administration, method: str) -> Booking:
    division: Division | None = getattr(administration, "division", None)
    stamps = stamps_of(division) if division else {}
    booking = Booking(list(invoice.lines.order_by("position")), obstacles=_doubts(invoice))
    identified = identify(invoice, administration, division, stamps, asks=method in BOOKS)
    booking.values.update(identified.values)
    booking.obstacles += identified.obstacles
    _spread_taxes(invoice, booking)
    if identified.relation and division:
        codes = books.books_of(division, stamps)
        booking.there = knowing.look(administration, division, identified.relation)
        if method == Method.INVOICE:
            _itemise(invoice, administration, division, identified.relation, codes, booking, stamps)
        ruled = _code_lines(invoice, codes, division, identified.relation, booking)
        beside = _against_orders(invoice, codes, division, identified.relation, booking)
        facts = checking.facts_of(division, stamps)
        card = identified.relation.payment_condition_purchase
        own, unknown = checks.condition_of(ruled.value, card, facts.conditions)
        calendar = books.calendar_of(division, stamps)
        is_ruled = bool(own) and own == ruled.value
        terms = terms_of(invoice, administration, division, calendar, own, is_ruled=is_ruled)
        booking.values.update(terms.values)
        booking.obstacles += terms.obstacles
        checked = checking.check(
            invoice,
            booking.lines,
            codes,
            facts,
            division=division,
            supplier=identified.relation.exact_id,
            journal=administration.purchase_journal,
            rate=terms.values["rate"],
        )
        booking.obstacles += checked.obstacles
        booking.reasons += checked.reasons
        booking.is_range_known = checked.is_range_known
        found = vat_findings.told(terms.values["findings"], booking.seen, lines=len(booking.lines))
        booking.values["findings"] = checks.told(found, [*unknown, *checked.findings, *beside])
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
) -> Suggestion:
    """Code the lines; return the payment condition that a rule gives, NOTHING when none does."""
    administration = cast(Administration, invoice.administration)
    known = knowing.of(invoice, division, relation, codes, booking.lines, booking.there)
    obstacles: list[Obstacle] = []
    condition = NOTHING
    for line in booking.lines:
        of_item = booking.itemised.accounts[line.position] if booking.itemised else None
        missing, applied = code_line(line, known, of_item)
        obstacles += missing
        booking.reasons += applied.reasons
        if of_item is not None:
            booking.reasons += item_coding.undone(line)
        booking.seen += [(line.position, finding) for finding in applied.findings]
        condition = first(condition, applied.payment_condition)
    booking.obstacles += sorted(obstacles, key=lambda obstacle: ORDER.index(obstacle.cause))
    if not administration.purchase_journal:
        booking.obstacles.append(
            Obstacle(
                Cause.NEEDS_APPROVAL,
                _("Choose the purchase journal of this administration first."),
                is_gap=True,
            )
        )
    return condition


def _itemise(
    invoice: Invoice,
    administration: Administration,
    division: Division,
    relation: Relation,
    codes: Books,
    booking: Booking,
    stamps: Stamps,
) -> None:
    """Find the items of the lines, which say on what Exact books them."""
    booking.itemised = item_coding.find(
        invoice,
        booking.lines,
        administration=administration,
        division=division,
        relation=relation,
        codes=codes,
        stamps=stamps,
    )
    booking.obstacles += booking.itemised.obstacles
    booking.reasons += item_coding.lost(invoice)


def _against_orders(
    invoice: Invoice, codes: Books, division: Division, relation: Relation, booking: Booking
) -> list[Finding]:
    """Name the orders that are invoiced; return how lines differ from theirs, which a person must look at."""
    if booking.itemised is None:
        return []
    found = invoicing_orders.name(invoice, booking.itemised, division, relation, codes)
    booking.reasons += [finding.sentence() for finding in found]
    return found


ORDER = (Cause.NO_GL_ACCOUNT, Cause.NO_VAT_CODE, Cause.COST_CENTRE_MISSING)
