"""How a vendor earns to be booked without a person, what runs by itself, and what makes it fall back. Pure.

The rules and their reasons: docs/decisions/0019-earned-autonomy.md.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.clients.ceilings import Ceilings, is_above
from apps.clients.models import Mode
from apps.core.causes import Cause
from apps.core.money import ZERO
from apps.invoices.models import Held, Level
from apps.rules import scenario

UNUSUAL = "amount_unusual"
UNKNOWN = "unknown"  # the scenario of a line whose VAT fits none: it is earned, and lost, like any other
# Findings that say a person should see this document, although nothing stands in its way.
WARNINGS = scenario.WARNINGS | frozenset(
    {
        "card_unknown",
        "condition_unknown",
        "direct_debit_unknown",
        "iban_check_failed",
        "prepaid",
        "rate_missing",
        "value_unreadable",
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a vendor came; see models.Autonomy."""

    level: str = Level.PROPOSING
    untouched: int = 0
    up_to: Decimal | None = None
    scenarios: frozenset[str] = frozenset()
    held: str = Held.NO
    why: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What of one document counts: the amount in the division's currency, None when nobody knows it, and the rest.

    `is_range_known`: whether enough bookings of its vendor are known to tell what is usual.
    """

    amount: Decimal | None
    scenarios: frozenset[str] = frozenset()
    findings: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    is_range_known: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """`runs`: booked without a person although its administration proposes. `reasons`: why a person must look.

    `falls`: why its vendor falls back, "" when it does not.
    """

    runs: bool = False
    reasons: tuple[str, ...] = ()
    falls: str = ""
    asks_two: bool = False


def own_amount(gross: Decimal, currency: str, own: str, rate: Decimal | None) -> Decimal | None:
    """Return a document's total in the division's currency `own`; `rate`: how much of that one of `currency` is."""
    if currency == own:
        return gross
    return None if rate is None else gross * rate


def judge(mode: str, standing: Standing | None, seen: Seen, ceilings: Ceilings) -> Verdict:
    """Return whether a document runs by itself, in an administration in `mode`; `standing` None: of its vendor
    nothing is known yet."""
    if mode == Mode.PILOT:
        return Verdict()
    is_automatic = standing is not None and standing.level == Level.AUTOMATIC
    falls = _falls(mode, standing, seen)
    reasons = list(_reasons(mode, standing, seen, ceilings)) if is_automatic or mode == Mode.AUTOMATIC else []
    if falls and UNUSUAL not in seen.findings and standing is not None and standing.level != Level.PROPOSING:
        reasons.append(falls)
    runs = is_automatic and not reasons and not falls
    return Verdict(runs, tuple(reasons), falls, ceilings.asks_two(seen.amount))


def fallen(standing: Standing | None, mode: str, why: str) -> Standing | None:
    """Return what is left after a fall; None when there is nothing to fall from.

    In an automatic administration every vendor has something to lose, also one that nobody ever counted.
    """
    now = standing or Standing()
    is_down = now.level == Level.PROPOSING and not now.untouched
    if is_down and (now.held or mode != Mode.AUTOMATIC):
        return None
    return Standing(held=now.held or Held.FELL, why=why)


def counted(
    standing: Standing, *, is_unchanged: bool, scenarios: Collection[str], needed: int
) -> Standing | None:
    """Return the standing after one more booking that a person looked at; None when it stays as it is.

    After `needed` in a row that nobody had to change, automatic booking is offered; what fell by itself has then
    earned again what it had. What a person switched off waits for a person.
    """
    if standing.level == Level.AUTOMATIC:
        return None
    if not is_unchanged:
        words = _("the last booking was changed by a person")
        return replace(standing, untouched=0, why=words) if standing.untouched else None
    count = standing.untouched + 1
    earned = standing.scenarios | frozenset(scenarios)
    if standing.level == Level.OFFERED or count < needed:
        return replace(standing, untouched=count, scenarios=earned)
    held = Held.NO if standing.held == Held.FELL else standing.held
    why = _("%(count)d bookings in a row were accepted unchanged") % {"count": count}
    return Standing(Level.OFFERED, count, scenarios=earned, held=held, why=why)


def proposed_limit(amounts: Sequence[Decimal]) -> Decimal | None:
    """Return up to which amount a vendor with bookings of these `amounts` (with VAT) might be booked by itself.

    Twice the largest, rounded up to two digits: 242.00 becomes 250. None without a booking.
    """
    twice = 2 * max(amounts, default=ZERO)
    if twice <= 0:
        return None
    step = Decimal(10) ** max(twice.adjusted() - 1, 0)
    return (twice / step).to_integral_value(ROUND_CEILING) * step


def _falls(mode: str, standing: Standing | None, seen: Seen) -> str:
    if UNUSUAL in seen.findings:
        return _("an unusual amount")
    if standing is None or standing.level == Level.PROPOSING:
        return ""  # a changed account is decided by two people anyway
    if Cause.IBAN_CHANGED in seen.causes:
        return _("a changed account number")
    if not seen.scenarios <= standing.scenarios:
        return _("another VAT scenario than it was earned with")
    # Where everything is booked by itself a warning about VAT is told on the document, as findings always were.
    grave = WARNINGS - scenario.WARNINGS if mode == Mode.AUTOMATIC else WARNINGS
    return _("a warning on the document") if grave & seen.findings else ""


def _reasons(mode: str, standing: Standing | None, seen: Seen, ceilings: Ceilings) -> list[str]:
    found = []
    if mode == Mode.AUTOMATIC and standing is not None and standing.held == Held.FELL:
        found.append(_("this vendor fell back: %(why)s") % {"why": standing.why})
    if standing is not None and standing.held == Held.OFF:
        found.append(_("automatic booking of this vendor is switched off"))
    if ceilings.asks_one(seen.amount):
        words = _("above %(amount)s nothing is booked by itself")
        found.append(words % {"amount": _shown(ceilings.automatic_up_to)})
    up_to = standing.up_to if standing is not None and standing.level == Level.AUTOMATIC else None
    if mode == Mode.PROPOSE and up_to is None and not seen.is_range_known:
        found.append(_("not enough bookings yet to know what is usual"))
    if is_above(seen.amount, up_to):
        words = _("this vendor is booked by itself up to %(amount)s")
        found.append(words % {"amount": _shown(up_to)})
    if ceilings.asks_two(seen.amount):
        words = _("above %(amount)s two people look at it")
        found.append(words % {"amount": _shown(ceilings.four_eyes_above)})
    return found


def _shown(amount: Decimal | None) -> str:
    return number_format(amount or 0, 2, force_grouping=True)
