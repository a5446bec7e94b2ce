"""What a booking rule may not be, in words for who fills it in. Pure.

The same is asked of a form, of a row of a list and of a change to many rules at once.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.rules.conditions import Rule, Share, unreadable
from apps.rules.wording import WORDS, unknown_words
from apps.rules.words import Spread, TextMatch

HUNDRED = Decimal(100)
CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 14  # amounts have 16 digits, of which 2 decimals
LENGTHS = {
    "gl_code": 60,
    "vat_code": 10,
    "cost_center": 20,
    "cost_unit": 20,
}  # characters, as models.RuleSplit
CONDITIONS = (
    "supplier_contains", "supplier_code", "vendor_key", "classification", "item_group", "seller_item",
    "commodity_code", "text", "amount_from", "amount_to", "scenario", "buyer_reference", "order_number",
    "delivery_address",
)  # fmt: skip
OUTCOMES = (
    "gl_code", "vat_code", "cost_center", "cost_unit", "description", "private_use", "non_deductible", "spread",
    "payment_condition", "never_automatic", "splits",
)  # fmt: skip


class Refusal(NamedTuple):
    """What is wrong, and with which field; "" when it is the rule as a whole, `splits` for its parts."""

    field: str
    words: str


def refusals(rule: Rule) -> list[Refusal]:
    """Return everything that is wrong with `rule` itself; whose it is, is not looked at."""
    return [*of_conditions(rule), *of_rest(rule), *of_parts(rule)]


def of_conditions(rule: Rule) -> Iterator[Refusal]:
    """Yield what is wrong with when `rule` speaks."""
    if not any(getattr(rule, name) not in ("", None) for name in CONDITIONS):
        words = _("Fill in at least one condition: a supplier, a text, an amount, ...")
        yield Refusal("", words)
    problem = unreadable(rule.text) if rule.text_match == TextMatch.REGEX and rule.text else ""
    if problem:
        words = _("This regular expression cannot be read: %(problem)s. Choose “contains” for plain text.")
        yield Refusal("text", words % {"problem": problem})
    for name in ("amount_from", "amount_to"):
        if (getattr(rule, name) or 0) < 0:
            yield Refusal(name, _("Leave the minus out: amounts are compared without their sign."))
    low, high = rule.amount_from, rule.amount_to
    if low is not None and high is not None and low > high:
        yield Refusal("amount_to", _("This is less than the amount from which the rule holds."))


def of_rest(rule: Rule) -> Iterator[Refusal]:
    """Yield what is wrong with what `rule` does, its parts apart."""
    if unknown := unknown_words(rule.description):
        known = ", ".join(f"{{{word}}}" for word in WORDS)
        words = _("%(words)s means nothing here; these do: %(known)s.")
        yield Refusal(
            "description", words % {"words": ", ".join(f"{{{word}}}" for word in unknown), "known": known}
        )
    if rule.spread == Spread.MONTHS and not rule.spread_months:
        yield Refusal("spread_months", _("Say over how many months."))
    if rule.spread != Spread.MONTHS and rule.spread_months:
        words = _("Leave this empty, or choose to spread over a number of months.")
        yield Refusal("spread_months", words)


def of_parts(rule: Rule, *, is_meant: bool = False) -> Iterator[Refusal]:
    """Yield what is wrong with the parts of `rule`, and that it does nothing, unless something `is_meant`."""
    if not is_meant and not any(getattr(rule, name) for name in OUTCOMES):
        words = _("Say what is to be done: a ledger account, a VAT code, a split, ...")
        yield Refusal("splits", words)
    if rule.splits and rule.gl_code:
        yield Refusal("splits", _("Leave the ledger account of the rule empty: each part has its own."))
    yield from (Refusal("splits", words) for words in (*_of_splits(rule.splits), *_of_columns(rule.splits)))


def _of_columns(shares: Sequence[Share]) -> Iterator[str]:
    """Yield what cannot be stored of parts as it is written."""
    percentages = [share.percentage for share in shares if share.percentage is not None]
    amounts = [share.amount for share in shares if share.amount is not None]
    if any(not CENT <= one <= HUNDRED for one in percentages):
        yield _("The percentage of a part is from 0.01 to 100.")
    if any(one != round(one, 2) for one in (*percentages, *amounts)):
        yield _("Percentages and amounts of parts have at most two decimals.")
    if any(abs(one) >= LARGEST for one in amounts):
        yield _("The amount of a part has at most 14 digits before the decimals.")
    for name, longest in LENGTHS.items():
        for share in shares:
            if len(getattr(share, name)) > longest:
                words = _("“%(code)s…” is longer than the %(longest)d characters of a code like that.")
                yield words % {"code": getattr(share, name)[:20], "longest": longest}


def _of_splits(shares: Sequence[Share]) -> Iterator[str]:
    if not shares:
        return
    rests = sum(share.percentage is None and share.amount is None for share in shares)
    total = sum((share.percentage for share in shares if share.percentage is not None), Decimal(0))
    if len(shares) == 1:
        yield _("One part is no split: fill in the ledger account of the rule, or add a part.")
    if any(not share.gl_code for share in shares):
        yield _("Each part needs a ledger account.")
    if any(share.percentage is not None and share.amount is not None for share in shares):
        yield _("A part is a percentage or an amount, not both.")
    if any(share.amount is not None and share.amount <= 0 for share in shares):
        yield _("The amount of a part must be more than nothing.")
    if rests > 1:
        yield _("One part alone can be the rest: fill in a percentage or an amount for the others.")
    elif not rests and any(share.amount is not None for share in shares):
        yield _("One part must be the rest: leave its percentage and its amount empty.")
    elif not rests and total != HUNDRED:
        words = _("The parts come to %(total)s %%, not to 100 %%. Leave one empty to give it the rest.")
        yield words % {"total": f"{total.normalize():f}"}
    elif rests and total >= HUNDRED:
        yield _("Nothing is left for the rest: the percentages come to 100 % or more.")
