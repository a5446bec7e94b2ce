"""What was seen about the VAT of each line, told once for a document. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from apps.intake.findings import Finding
from apps.rules.scenario import FINDINGS

Kept = Mapping[str, Any]


def told(earlier: Iterable[Kept], seen: Iterable[tuple[int, Finding]], *, lines: int) -> list[dict[str, Any]]:
    """Return the findings of a document as JSON: those `earlier` that are not about VAT, and what was `seen` now.

    `seen`: the number of a line, and what was seen on it. What is the same on several lines is told once, with their
    numbers; those are left out where it is so on all `lines` of the document.
    """
    where: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = {}
    for position, finding in seen:
        where.setdefault((finding.code, tuple(finding.values.items())), []).append(position)
    kept = [dict(one) for one in earlier if one["code"] not in FINDINGS]
    return [*kept, *(_one(code, dict(values), places, lines) for (code, values), places in where.items())]


def _one(code: str, values: dict[str, str], places: Sequence[int], lines: int) -> dict[str, Any]:
    shown = {} if len(set(places)) == lines else {"lines": ranges(places)}
    return {"code": code, "values": {**values, **shown}, "cause": ""}


def ranges(numbers: Iterable[int]) -> str:
    """Return numbers as people write them: "1-3, 7"."""
    ordered = enumerate(sorted(set(numbers)))
    runs = [[number for _place, number in run] for _key, run in groupby(ordered, lambda one: one[1] - one[0])]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
