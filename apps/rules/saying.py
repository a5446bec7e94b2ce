"""Stored rules as sentences, with what the books call their codes where a rule is of one administration."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apps.rules import known_codes
from apps.rules.conditions import Rule
from apps.rules.models import BookingRule
from apps.rules.rule_book import rule_of
from apps.rules.sentences import sentence


def sentences_of(rows: Iterable[BookingRule]) -> dict[int, str]:
    """Return primary key -> sentence; a few queries for all of them."""
    said = sentences([(row, rule_of(row)) for row in rows])
    return {row.pk: words for row, words in said}


def sentences(found: Sequence[tuple[BookingRule, Rule]]) -> list[tuple[BookingRule, str]]:
    """Return the sentence of each rule, whose owner is that of its row; stored or not."""
    rules: dict[int, list[Rule]] = defaultdict(list)
    for row, rule in found:
        if row.administration_id:
            rules[row.administration_id].append(rule)
    names = known_codes.names_by_administration(rules)
    return [
        (row, sentence(rule, names.get(row.administration_id or 0), group=str(row.client_group or "")))
        for row, rule in found
    ]


def sentence_of(row: BookingRule, rule: Rule) -> str:
    """Return the sentence of `rule`, whose owner is that of `row`; stored or not."""
    return sentences([(row, rule)])[0][1]


def sentences_of_columns(proposed: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the sentence of each rule that could be made, by its columns with its owner."""
    rows = [BookingRule(**columns) for columns in proposed]
    return [words for _row, words in sentences([(row, rule_of(row, ())) for row in rows])]
