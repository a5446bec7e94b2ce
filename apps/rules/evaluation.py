"""How good history is at proposing: booked lines whose codes are known, told by those before them. Pure.

By itself, or behind the accounts on the suppliers' cards, as coding asks them. Rules, corrections, items and the VAT
table are left out: the ledger does not keep what they look at.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from apps.rules.history import MOST_READ, History, Past

TRAINED_SHARE = 0.8
FIELDS = ("gl_code", "vat_code")
BUCKETS = ((0, "0"), (1, "1"), (2, "2-4"), (5, "5-9"), (10, "10-24"), (25, "25 or more"))
_TOP = 3


class Booked(NamedTuple):
    """A line of the ledger, and whose it is."""

    supplier: str
    line: Past


@dataclass(slots=True)
class Counted:
    """How often a code was proposed right, of how many lines that have one; `baseline`: the supplier's most common."""

    of: int = 0
    said: int = 0
    top_1: int = 0
    top_3: int = 0
    baseline: int = 0
    sure: int = 0
    sure_right: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the counts, and their shares of `of` (0 to 1; None when there is nothing to divide)."""
        counts = {name: getattr(self, name) for name in self.__slots__}
        shares = {
            f"{name}_share": round(counts[name] / self.of, 4) if self.of else None
            for name in ("top_1", "top_3", "baseline", "sure")
        }
        precision = round(self.sure_right / self.sure, 4) if self.sure else None
        return {**counts, **shares, "sure_precision": precision}


@dataclass
class Report:
    """What `evaluate` found, by field; `by_earlier` by the number of earlier bookings of the supplier."""

    trained: int = 0
    tested: int = 0
    since: date | None = None
    fields: dict[str, Counted] = field(default_factory=lambda: {name: Counted() for name in FIELDS})
    by_earlier: dict[str, dict[str, Counted]] = field(
        default_factory=lambda: {bucket: {name: Counted() for name in FIELDS} for _least, bucket in BUCKETS}
    )

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "trained": self.trained,
            "tested": self.tested,
            "since": str(self.since) if self.since else None,
            **{name: counted.as_json() for name, counted in self.fields.items()},
            "by_earlier_bookings": {
                bucket: {name: counted.as_json() for name, counted in counts.items()}
                for bucket, counts in self.by_earlier.items()
            },
        }


@dataclass
class Known:
    """What is known of one supplier: its lines, newest first, and how often each code was booked."""

    history: History
    bookings: int
    common: Mapping[str, str]


def evaluate(
    booked: Iterable[Booked],
    usable: Mapping[str, Container[str]],
    *,
    learns: bool = False,
    cards: Mapping[str, str] = MappingProxyType({}),
) -> Report:
    """Tell the codes of the newest fifth of `booked` from the older four fifths (by day, whole days) and count.

    `usable`: by field the codes that may be proposed. `learns`: each entry is known to those after it, as when
    documents are coded day by day; else nothing of the newest fifth is known. The baseline knows the same.
    `cards`: by supplier the account on its card, which comes before history; without them it is history alone.
    """
    lines = sorted(booked, key=lambda one: (one.line.day or date.min, one.line.entry))
    older, newer = _divided(lines)
    report = Report(len(older), len(newer), newer[0].line.day if newer else None)
    past: dict[str, list[Past]] = defaultdict(list)
    for one in older:
        past[one.supplier].append(one.line)
    known: dict[str, Known] = {}
    for entry in _entries(newer):
        supplier = entry[0].supplier
        if supplier not in known:
            known[supplier] = _known(past[supplier])
        for one in entry:
            _count(report, one.line, known[supplier], usable, cards.get(supplier, ""))
        if learns:
            past[supplier] += [one.line for one in entry]
            del known[supplier]
    return report


def _divided(lines: Sequence[Booked]) -> tuple[Sequence[Booked], Sequence[Booked]]:
    """Cut where a day ends, so that no entry is known in part."""
    place = int(len(lines) * TRAINED_SHARE)
    while 0 < place < len(lines) and lines[place].line.day == lines[place - 1].line.day:
        place += 1
    return lines[:place], lines[place:]


def _entries(lines: Iterable[Booked]) -> Iterable[list[Booked]]:
    found: dict[tuple[str, str], list[Booked]] = {}
    for place, one in enumerate(lines):
        found.setdefault((one.supplier, one.line.entry or f"line {place}"), []).append(one)
    return found.values()


def _known(lines: Sequence[Past]) -> Known:
    common = {}
    for name in FIELDS:
        counted = Counter(code for line in lines if (code := getattr(line, name)))
        common[name] = max(counted, key=lambda code: counted[code]) if counted else ""
    entries = {line.entry or str(place) for place, line in enumerate(lines)}
    return Known(History(list(reversed(lines))[:MOST_READ]), len(entries), common)


def _count(report: Report, line: Past, known: Known, usable: Mapping[str, Container[str]], card: str) -> None:
    bucket = next(name for least, name in reversed(BUCKETS) if known.bookings >= least)
    for name in FIELDS:
        code = getattr(line, name)
        if not code:
            continue
        ranked = known.history.ranked(name, line.text, usable[name], most=_TOP)
        values = [one.value for one in ranked]
        is_sure = bool(ranked) and ranked[0].is_sure
        if name == "gl_code" and card in usable[name]:  # nobody has to look at what a card says
            values, is_sure = [card, *(value for value in values if value != card)][:_TOP], True
        for counted in (report.fields[name], report.by_earlier[bucket][name]):
            counted.of += 1
            counted.said += bool(values)
            counted.top_1 += values[:1] == [code]
            counted.top_3 += code in values
            counted.baseline += known.common[name] == code
            counted.sure += is_sure
            counted.sure_right += is_sure and values[0] == code
