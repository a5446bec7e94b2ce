"""How good matching is: parties whose true supplier is known, counted. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.core import identifiers, names
from apps.core.identifiers import Identifier
from apps.vendors.evidence import ORDER, Card, Key, Match, Outcome, Vendor, keys_of
from apps.vendors.matching import SupplierIndex

CARD_COLUMNS = ("id", "name", "vat", "kvk", "iban", "email", "endpoint")
QUERY_COLUMNS = ("name", "vat", "kvk", "iban", "email", "endpoint", "expected")
Row = Mapping[str, str]


@dataclass
class Counted:
    """How often something was said, and how often rightly, of how many parties that have a supplier."""

    said: int = 0
    right: int = 0
    of: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the counts with precision and recall as fractions, None where nothing was to divide."""
        return {
            "said": self.said,
            "right": self.right,
            "precision": round(self.right / self.said, 5) if self.said else None,
            "recall": round(self.right / self.of, 5) if self.of else None,
        }


@dataclass
class Report:
    """What `evaluate` found. `wrong`: parties matched to another supplier, or to one though they have none."""

    parties: int = 0
    with_supplier: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    automatic: Counted = field(default_factory=Counted)
    identified: Counted = field(default_factory=Counted)
    uncontested: Counted = field(default_factory=Counted)
    by_kind: dict[str, Counted] = field(default_factory=dict)
    top_1: Counted = field(default_factory=Counted)
    top_3: Counted = field(default_factory=Counted)
    wrong: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "parties": self.parties,
            "with_supplier": self.with_supplier,
            "outcomes": dict(self.outcomes),
            "automatic": self.automatic.as_json(),
            "with_a_valid_unshared_identifier": self.identified.as_json(),
            "and_no_number_of_another_card": self.uncontested.as_json(),
            "by_evidence": {kind: counted.as_json() for kind, counted in self.by_kind.items()},
            "proposals_top_1": self.top_1.as_json(),
            "proposals_top_3": self.top_3.as_json(),
            "wrong": self.wrong,
        }


def card_of(row: Row) -> Card:
    """Return the card of a row with `CARD_COLUMNS`; the endpoint is written `scheme:number`."""
    return Card(
        supplier=row["id"],
        code=row["id"],
        name=row["name"],
        usable=True,
        keys=frozenset(keys_of(_numbers(row))),
        spellings=names.spellings(row["name"]),
        legal_form=names.legal_form(row["name"]),
    )


def vendor_of(row: Row) -> Vendor:
    """Return the vendor of a row with `QUERY_COLUMNS`."""
    return Vendor(
        name=row["name"],
        keys=tuple(keys_of(_numbers(row))),
        spellings=names.spellings(row["name"]),
        legal_form=names.legal_form(row["name"]),
    )


def _numbers(row: Row) -> list[Identifier]:
    scheme, colon, number = row["endpoint"].partition(":")
    found = [
        identifiers.vat(row["vat"]),
        identifiers.kvk(row["kvk"]),
        identifiers.iban(row["iban"]),
        identifiers.email_domain(row["email"]),
        identifiers.peppol(scheme, number) if colon else None,
        *(identifiers.from_scheme(scheme, number) if colon else ()),
    ]
    return [number for number in found if number]


def evaluate(index: SupplierIndex, queries: Iterable[Row], order: str = "strongest") -> Report:
    """Match every query in `order` and count. `expected` is the id of the true card, "" when it has none."""
    report = Report(by_kind={kind.value: Counted() for kind in ORDER})
    carriers = _carriers(index)
    for row in queries:
        vendor = vendor_of(row)
        match = index.match(vendor, order=order)
        _count(report, row, match)
        _count_kinds(report, row["expected"], vendor, carriers)
        _count_identified(report, row, vendor, carriers, match)
    return report


def _carriers(index: SupplierIndex) -> Mapping[Key, Sequence[str]]:
    carriers: dict[Key, list[str]] = {}
    for card in index.cards.values():
        for key in card.keys:
            carriers.setdefault(key, []).append(card.supplier)
    return carriers


def _count(report: Report, row: Row, match: Match) -> None:
    expected = row["expected"]
    report.parties += 1
    report.with_supplier += bool(expected)
    report.outcomes[match.outcome.value] += 1
    report.automatic.of += bool(expected)
    if match.outcome is Outcome.MATCHED and match.supplier:
        report.automatic.said += 1
        if match.supplier.supplier == expected:
            report.automatic.right += 1
        else:
            why = ", ".join(f"{piece.key}" for piece in match.evidence)
            found = {"name": row["name"], "expected": expected, "matched": match.supplier.supplier, "by": why}
            report.wrong.append(found)
        return
    shown = [candidate.card.supplier for candidate in match.candidates]
    for counted, most in ((report.top_1, 1), (report.top_3, 3)):
        counted.of += bool(expected)
        counted.said += bool(shown)
        counted.right += bool(expected) and expected in shown[:most]


def _count_kinds(
    report: Report, expected: str, vendor: Vendor, carriers: Mapping[Key, Sequence[str]]
) -> None:
    """Count for each kind of number alone: what it says when exactly one card carries it."""
    for kind, counted in report.by_kind.items():
        keys = [key for key in vendor.keys if key.kind == kind]
        counted.of += bool(expected and keys)
        owners = {owner for key in keys for owner in carriers.get(key, ())}
        if len(owners) == 1:
            counted.said += 1
            counted.right += owners == {expected}


def _count_identified(
    report: Report, row: Row, vendor: Vendor, carriers: Mapping[Key, Sequence[str]], match: Match
) -> None:
    """Count the parties with at least one valid number that their own card carries and no other; and of these the
    ones that carry no number that only other cards have: those must be conflicts.
    """
    expected = row["expected"]
    valid = {Key(one.kind.value, one.value) for one in _numbers(row) if one.valid}
    if not expected or not any(key in valid and carriers.get(key) == [expected] for key in vendor.keys):
        return
    contested = any(expected not in carriers.get(key, [expected]) for key in vendor.keys)
    for counted in [report.identified] if contested else [report.identified, report.uncontested]:
        counted.of += 1
        if match.outcome is Outcome.MATCHED and match.supplier:
            counted.said += 1
            counted.right += match.supplier.supplier == expected
