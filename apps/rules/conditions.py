"""When a booking rule speaks: its conditions against what is known of a document and a line. Pure.

What is not known (a ledger line has no buyer reference) is None, and then the answer is None: cannot say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal

import regex

from apps.rules.words import Spread, TextIn, TextMatch

LONGEST_SEARCH = 0.05  # seconds for one regular expression over one text
_LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class Patience:
    """The expressions that cannot be looked for in one document, or one chunk of a replay: tried there once.

    Each costs `LONGEST_SEARCH`; on hundreds of lines that would be many seconds.
    """

    lost: set[str] = field(default_factory=set)

    def is_lost_on(self, rule: "Rule") -> bool:
        """Tell whether the text that `rule` asks for could not be looked for."""
        return bool(rule.text) and rule.text_match == TextMatch.REGEX and rule.text in self.lost


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What rules may ask of a document; None: not known here. Texts as written; keys are "kind value"."""

    supplier_name: str | None = None
    supplier_code: str | None = None
    classification: str | None = None
    vendor_keys: frozenset[str] | None = None
    header: str | None = None
    buyer_reference: str | None = None
    order_number: str | None = None
    delivery_address: str | None = None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What rules may ask of a line; None: not known here. `amount` is without VAT, with its sign."""

    text: str | None = None
    amount: Decimal | None = None
    seller_item: str | None = None
    commodity_code: str | None = None
    item_group: str | None = None
    scenario: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A part of what a rule books: `percentage` (50 is 50 %) or `amount` without VAT; neither: the rest."""

    percentage: Decimal | None = None
    amount: Decimal | None = None
    gl_code: str = ""
    vat_code: str = ""
    cost_center: str = ""
    cost_unit: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A booking rule as coding sees it; the fields are those of models.BookingRule. `pk` 0: not saved."""

    name: str
    pk: int = 0
    owner: str = ""
    changed_at: datetime | None = None
    supplier_contains: str = ""
    supplier_code: str = ""
    vendor_key: str = ""
    classification: str = ""
    item_group: str = ""
    seller_item: str = ""
    commodity_code: str = ""
    text: str = ""
    text_in: str = TextIn.LINE
    text_match: str = TextMatch.CONTAINS
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    scenario: str = ""
    buyer_reference: str = ""
    order_number: str = ""
    delivery_address: str = ""
    gl_code: str = ""
    vat_code: str = ""
    cost_center: str = ""
    cost_unit: str = ""
    description: str = ""
    private_use: Decimal | None = None
    non_deductible: Decimal | None = None
    spread: str = Spread.NOT
    spread_months: int | None = None
    payment_condition: str = ""
    never_automatic: bool = False
    splits: tuple[Share, ...] = ()

    def fits_document(self, facts: DocumentFacts) -> bool | None:
        """Tell whether the conditions about the document hold, as far as they are not about a text."""
        return _all(self._about_document(facts))

    def fits(self, document: DocumentFacts, line: LineFacts, patience: Patience | None = None) -> bool | None:
        """Tell whether all conditions hold; None when one of them cannot be answered and no other one fails.

        An expression that `patience` is lost on is not tried, and one that takes too long is lost from then on.
        """
        return _all(self._about_all(document, line, patience or Patience()))

    def fits_line(self, document: DocumentFacts, line: LineFacts, patience: Patience) -> bool | None:
        """Tell the same of a rule whose conditions about the document are known to hold."""
        return _all(self._about_line_and_text(document, line, patience))

    def _about_all(
        self, document: DocumentFacts, line: LineFacts, patience: Patience
    ) -> Iterator[bool | None]:
        yield self.fits_document(document)
        yield from self._about_line_and_text(document, line, patience)

    def _about_line_and_text(
        self, document: DocumentFacts, line: LineFacts, patience: Patience
    ) -> Iterator[bool | None]:
        yield from self._about_line(line)
        yield self._text_fits(
            document, line, patience
        )  # the slowest last: it is not asked when another fails

    def _about_document(self, facts: DocumentFacts) -> Iterator[bool | None]:
        yield _contains(self.supplier_contains, facts.supplier_name)
        yield _equals(self.supplier_code, facts.supplier_code)
        if self.vendor_key:
            keys = facts.vendor_keys
            yield None if keys is None else self.vendor_key.casefold() in {key.casefold() for key in keys}
        yield _equals(self.classification, facts.classification)
        yield _equals(self.buyer_reference, facts.buyer_reference)
        yield _begins(self.order_number, facts.order_number)
        yield _contains(self.delivery_address, facts.delivery_address)

    def _about_line(self, line: LineFacts) -> Iterator[bool | None]:
        yield _equals(self.item_group, line.item_group)
        yield _equals(self.seller_item, line.seller_item)
        yield _begins(self.commodity_code, line.commodity_code)
        yield _equals(self.scenario, line.scenario)
        if self.amount_from is not None or self.amount_to is not None:
            yield self._amount_fits(line.amount)

    def _amount_fits(self, amount: Decimal | None) -> bool | None:
        if amount is None:
            return None
        low, high = self.amount_from, self.amount_to
        return (low is None or abs(amount) >= low) and (high is None or abs(amount) <= high)

    def _text_fits(self, document: DocumentFacts, line: LineFacts, patience: Patience) -> bool | None:
        if not self.text:
            return True
        places = {
            TextIn.HEADER: (document.header,),
            TextIn.LINE: (line.text,),
            TextIn.ANYWHERE: (document.header, line.text),
        }
        found = [self._text_is_in(text, patience) for text in places[TextIn(self.text_in)]]
        return True if True in found else None if None in found else False

    def _text_is_in(self, there: str | None, patience: Patience) -> bool | None:
        """Tell whether the text is there; None when that is not known, or took too long to find out."""
        if there is None or patience.is_lost_on(self):
            return None
        found = _is_in(self.text, self.text_match, there)
        if found is None:
            patience.lost.add(self.text)
        return found


_NOT_COLUMNS = frozenset({"pk", "owner", "changed_at", "splits"})
COLUMNS = tuple(one.name for one in fields(Rule) if one.name not in _NOT_COLUMNS)  # of models.BookingRule
PART_COLUMNS = tuple(one.name for one in fields(Share))  # of models.RuleSplit


def fitting(
    rules: Iterable[Rule], document: DocumentFacts, line: LineFacts, patience: Patience | None = None
) -> tuple[list[Rule], list[Rule]]:
    """Return those of `rules` that surely fit a line, in their order, and those whose expression took too long.

    They are rules that fit its document (Rule.fits_document): that is asked once for all its lines.
    """
    patience = patience or Patience()
    answers = [(rule, rule.fits_line(document, line, patience)) for rule in rules]
    lost = [rule for rule, fits in answers if fits is None and patience.is_lost_on(rule)]
    return [rule for rule, fits in answers if fits], lost


def unreadable(pattern: str) -> str:
    """Return what is wrong with a regular expression, "" when nothing is."""
    try:
        regex.compile(pattern, regex.IGNORECASE)
    except regex.error as error:
        return str(error)
    return ""


def _all(answers: Iterable[bool | None]) -> bool | None:
    is_known = True
    for answer in answers:
        if answer is False:
            return False
        is_known = is_known and answer is not None
    return True if is_known else None


def _contains(wanted: str, there: str | None) -> bool | None:
    if not wanted:
        return True
    return None if there is None else wanted.casefold() in there.casefold()


def _equals(wanted: str, there: str | None) -> bool | None:
    if not wanted:
        return True
    return None if there is None else wanted.strip().casefold() == there.strip().casefold()


def _begins(wanted: str, there: str | None) -> bool | None:
    if not wanted:
        return True
    return None if there is None else there.strip().casefold().startswith(wanted.strip().casefold())


def _is_in(wanted: str, how: str, there: str) -> bool | None:
    """Tell whether the text is there; None when it took too long to find out, or is no expression."""
    if how == TextMatch.CONTAINS:
        return wanted.casefold() in there.casefold()
    pattern = wanted if how == TextMatch.REGEX else rf"(?<!\w){regex.escape(wanted)}(?!\w)"
    try:
        found = regex.search(pattern, there[:_LONGEST_TEXT], regex.IGNORECASE, timeout=LONGEST_SEARCH)
    except (TimeoutError, regex.error):
        return None
    return found is not None
