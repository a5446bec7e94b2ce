"""What a document says of its payment, currency and date, in the terms of one division's books."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.clients.models import Administration, ClosedPeriod
from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.exact.models import Division, PaymentCondition
from apps.intake.findings import Finding
from apps.invoices.models import Invoice
from apps.rules.closing import Calendar, Trouble

# PaymentConditions.PaymentMethod: I collection, K cash (also cards), Q collection by a payment provider.
_METHODS = {"direct_debit": ("I",), "card": ("K", "Q")}
_OURS = {
    "direct_debit",
    "direct_debit_unknown",
    "card",
    "card_unknown",
    "entry_moved",
    "day_closed",
    "day_filed",
}
ON_OPEN_DAY = "on_open_day"  # in Invoice.waived: a person said that it is booked on the first open day


@dataclass
class Terms:
    """Values of the invoice, what a bookkeeper should know, and what stands in the way."""

    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)


def terms_of(
    invoice: Invoice,
    administration: Administration,
    division: Division,
    calendar: Calendar,
    own: str,
    *,
    is_ruled: bool = False,
) -> Terms:
    """Return the terms on which `invoice` is booked; `own` is the payment condition of the supplier's card.

    `is_ruled`: a booking rule says `own`, and then the way of payment on the document does not.

    They are reckoned anew at each coding: findings of an earlier one are taken back.
    """
    terms = Terms({"rate": _rate(invoice, division), "payment_condition": own, "entry_date": None})
    if not is_ruled:
        _condition(invoice, division, own, terms)
    _day(invoice, administration, calendar, terms)
    kept = [one for one in invoice.findings if one["code"] not in _OURS]
    found = [{"code": one.code, "values": dict(one.values), "cause": one.cause} for one in terms.findings]
    terms.values["findings"] = [*kept, *found]
    return terms


def _rate(invoice: Invoice, division: Division) -> Decimal | None:
    """The document's own rate, when it is one into the division's currency; else Exact takes its own (4.4)."""
    rate, into = invoice.payment.get("rate") or ("", "")
    if not rate or into != division.currency or invoice.currency == division.currency:
        return None
    return Decimal(rate)


def _condition(invoice: Invoice, division: Division, own: str, terms: Terms) -> None:
    """Nobody pays what the supplier collects, or what was paid by card: the condition says so in Exact."""
    way = next((way for way in _METHODS if invoice.payment.get(way)), None)
    if way is None:
        return
    known = PaymentCondition.objects.filter(division=division, raw__PaymentMethod__in=_METHODS[way])
    rows = list(known.order_by("code").values_list("code", "raw__PaymentMethod"))
    by_method = sorted(rows, key=lambda row: (row[0] != own, _METHODS[way].index(row[1]), row[0]))
    if not by_method:
        terms.findings.append(Finding(f"{way}_unknown"))
        return
    terms.values["payment_condition"] = by_method[0][0]
    terms.findings.append(Finding(way, {"value": by_method[0][0]}))


def _day(invoice: Invoice, administration: Administration, calendar: Calendar, terms: Terms) -> None:
    day, journal = invoice.issue_date, administration.purchase_journal
    if not calendar.has_period(day):
        words = _("%(date)s lies in no period of Exact.")
        terms.obstacles.append(Obstacle(Cause.PERIOD_CLOSED, words % {"date": _shown(day)}, is_gap=True))
        return
    trouble = calendar.trouble(journal, day)
    if trouble is None or (trouble is Trouble.FILED and Cause.PERIOD_CLOSED in invoice.waived):
        return
    moved = calendar.first_open_day(journal, day)
    wants_next = administration.closed_period == ClosedPeriod.NEXT or ON_OPEN_DAY in invoice.waived
    if wants_next and moved:
        terms.values["entry_date"] = moved
        terms.findings.append(Finding("entry_moved", {"text": _shown(day), "value": _shown(moved)}))
        return
    closed = trouble is Trouble.CLOSED
    words = _("%(date)s lies in a period that is closed.") if closed else _("The VAT of %(date)s was filed.")
    words %= {"date": _shown(day)}
    if moved:  # proposed: it counts once a person says so, and the page names it
        terms.values["entry_date"] = moved
        code = "day_closed" if closed else "day_filed"
        terms.findings.append(Finding(code, {"text": _shown(day), "value": _shown(moved)}))
        words = " ".join([words, _("The first open day is %(date)s.") % {"date": _shown(moved)}])
    terms.obstacles.append(Obstacle(Cause.PERIOD_CLOSED, words, is_gap=closed))


def _shown(day: date) -> str:
    return date_format(day, "j-n-Y")
