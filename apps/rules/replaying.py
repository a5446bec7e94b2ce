"""A rule against one line of the past: would it have booked it as it was booked? Pure.

What the past cannot answer counts as *cannot say*, never as agreement (product page, *Coding the lines*).
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.rules.conditions import DocumentFacts, LineFacts, Patience, Rule, Share
from apps.rules.suggestion import FIELDS
from apps.rules.words import TextIn

Usable = Mapping[str, Container[str]]

_DOCUMENT = {
    "supplier_contains": "supplier_name",
    "supplier_code": "supplier_code",
    "vendor_key": "vendor_keys",
    "classification": "classification",
    "buyer_reference": "buyer_reference",
    "order_number": "order_number",
    "delivery_address": "delivery_address",
}
_LINE = {name: name for name in ("item_group", "seller_item", "commodity_code", "scenario")}


class Verdict(StrEnum):
    """What a line of the past says about a rule; the names are those of the columns of a replay."""

    NOT_CONCERNED = "not_concerned"
    CANNOT_SAY = "cannot_say"
    AGREES = "agrees"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Extras:
    """What else a line was booked with: its parts, percentages (12.5), and whether it was spread over months."""

    parts: tuple[Share, ...] = ()
    private_use: Decimal | None = None
    non_deductible: Decimal | None = None
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """A booked line. `booked` and `proposed` (without the rule): field -> code; a field not there is not known.

    `extras`: None when the past does not tell, as the ledger does not.
    """

    document: DocumentFacts
    line: LineFacts
    booked: Mapping[str, str]
    proposed: Mapping[str, str]
    extras: Extras | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """`why`: the reason for *cannot say* (a condition's name, or a word of replay_words). `would`: field -> code.

    `changes`: whether something else would have been proposed without the rule.
    """

    verdict: Verdict
    why: str = ""
    would: Mapping[str, str] | None = None
    changes: bool = False


NOT_CONCERNED = Judgement(Verdict.NOT_CONCERNED)


def judge(
    rule: Rule, sample: Sample, stronger: Iterable[Rule], usable: Usable, patience: Patience | None = None
) -> Judgement:
    """Return what `sample` says about `rule`. `stronger` rules come before it; `usable`: field -> known codes.

    `patience`: which expressions took too long in this chunk of the past, and are not tried again.
    """
    patience = patience or Patience()
    fits = rule.fits(sample.document, sample.line, patience)
    if fits is False:
        return NOT_CONCERNED
    if fits is None:
        return _cannot_say(next(unanswered(rule, sample.document, sample.line), "text"))
    said = codes_of(rule)
    if not said:
        return _cannot_say("no_codes")
    left = _left(said, sample, list(stronger), usable, patience)
    if left is None:
        return _cannot_say("stronger")
    if not left:
        return NOT_CONCERNED
    if not _are_known(rule, left, usable):
        return _cannot_say("unknown_code")
    verdict, why = _compare(rule, left, sample)
    changes = any(sample.proposed[field] != code for field, code in left.items() if field in sample.proposed)
    return Judgement(verdict, why, left, changes)


def codes_of(rule: Rule) -> dict[str, str]:
    """Return the codes that `rule` gives a line, by field; of a rule that splits, those of the first part."""
    found = {field: getattr(rule, field) for field in FIELDS}
    if rule.splits and not rule.gl_code:
        found["gl_code"] = rule.splits[0].gl_code
    return {field: code for field, code in found.items() if code}


def unanswered(rule: Rule, document: DocumentFacts, line: LineFacts) -> Iterator[str]:
    """Yield the conditions of `rule` that cannot be answered here, by their names."""
    for facts, names in ((document, _DOCUMENT), (line, _LINE)):
        yield from (
            name for name, fact in names.items() if getattr(rule, name) and getattr(facts, fact) is None
        )
    if (rule.amount_from, rule.amount_to) != (None, None) and line.amount is None:
        yield "amount"
    if not rule.text:
        return
    if line.text is None and rule.text_in != TextIn.HEADER:
        yield "text"
    elif document.header is None and rule.text_in != TextIn.LINE:
        yield "header"


def _left(
    said: Mapping[str, str],
    sample: Sample,
    stronger: Sequence[Rule],
    usable: Usable,
    patience: Patience,
) -> dict[str, str] | None:
    """Return what stronger rules leave to the rule; None when it is not known whether one of them speaks."""
    left = dict(said)
    for rule in stronger:
        taken = {name: code for name, code in codes_of(rule).items() if code in usable.get(name, ())}
        overlap = {name: code for name, code in taken.items() if name in left}
        fits = rule.fits(sample.document, sample.line, patience) if overlap else False
        if fits is None and any(left[name] != code for name, code in overlap.items()):
            return None
        if fits:
            left = {name: code for name, code in left.items() if name not in overlap}
    return left


def _are_known(rule: Rule, left: Mapping[str, str], usable: Usable) -> bool:
    parts = [(field, getattr(share, field)) for share in rule.splits for field in FIELDS]
    return all(code in usable.get(field, ()) for field, code in [*left.items(), *parts] if code)


def _compare(rule: Rule, would: Mapping[str, str], sample: Sample) -> tuple[Verdict, str]:
    found = [*_of_codes(rule, would, sample), *_of_extras(rule, would, sample.extras)]
    if any(verdict == Verdict.DIFFERS for verdict, _why in found):
        return Verdict.DIFFERS, ""
    doubts = [why for verdict, why in found if verdict == Verdict.CANNOT_SAY]
    return (Verdict.CANNOT_SAY, doubts[0]) if doubts else (Verdict.AGREES, "")


def _of_codes(rule: Rule, would: Mapping[str, str], sample: Sample) -> Iterator[tuple[Verdict, str]]:
    for field, code in would.items():
        if field not in sample.booked:
            yield Verdict.CANNOT_SAY, "booked"
        elif field == "gl_code" and rule.splits and sample.extras is None:
            parts = {share.gl_code for share in rule.splits}
            in_one = sample.booked[field] in parts
            yield (Verdict.CANNOT_SAY, "parts") if in_one else (Verdict.DIFFERS, "")
        elif sample.booked[field] != code:
            yield Verdict.DIFFERS, ""


def _of_extras(rule: Rule, would: Mapping[str, str], extras: Extras | None) -> Iterator[tuple[Verdict, str]]:
    for name in ("private_use", "non_deductible"):
        wanted = getattr(rule, name)
        if wanted is not None and extras is None:
            yield Verdict.CANNOT_SAY, name
        elif wanted is not None and getattr(extras, name) != wanted:
            yield Verdict.DIFFERS, ""
    if rule.spread:
        is_whole = extras is not None and not extras.spread
        yield (Verdict.DIFFERS, "") if is_whole else (Verdict.CANNOT_SAY, "spread")
    if "gl_code" in would and extras is not None and extras.parts != rule.splits:
        yield Verdict.DIFFERS, ""


def _cannot_say(why: str) -> Judgement:
    return Judgement(Verdict.CANNOT_SAY, why)
