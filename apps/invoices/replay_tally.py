"""What a replay found so far: its counts, and the first lines of each kind for the page."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from apps.exact.models import LedgerLine
from apps.invoices.models import InvoiceLine
from apps.rules.models import Replay
from apps.rules.replaying import Judgement, Verdict

MOST = {"differs": 100, "changes": 50}
COUNTED = ("looked_at", "agrees", "differs", "changes", "cannot_say", "not_concerned")


@dataclass
class Tally:
    """`counts` by the column of Replay; `examples` as the page shows them, one for each reason of *cannot say*."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, replay: Replay) -> "Tally":
        """Return what `replay` has kept."""
        return cls({name: getattr(replay, name) for name in COUNTED}, list(replay.examples))

    def add(self, line: InvoiceLine | LedgerLine, judgement: Judgement, supplier: str, books: int) -> None:
        """Count one line of the administration `books`, and keep it when it is among the first of its kind."""
        self.counts["looked_at"] += 1
        self.counts[judgement.verdict] += 1
        self.counts["changes"] += judgement.changes
        if judgement.verdict == Verdict.CANNOT_SAY:
            self._reason(line, judgement, supplier, books)
        elif judgement.verdict == Verdict.DIFFERS and self._has_room("differs"):
            self.examples.append(_example("differs", line, judgement, supplier, books))
        elif judgement.verdict == Verdict.AGREES and judgement.changes and self._has_room("changes"):
            self.examples.append(_example("changes", line, judgement, supplier, books))

    def _has_room(self, kind: str) -> bool:
        return len([one for one in self.examples if one["kind"] == kind]) < MOST[kind]

    def _reason(
        self, line: InvoiceLine | LedgerLine, judgement: Judgement, supplier: str, books: int
    ) -> None:
        same = next((one for one in self.examples if one.get("why") == judgement.why), None)
        if same is None:
            same = {**_example("cannot_say", line, judgement, supplier, books), "times": 0}
            self.examples.append(same)
        same["why"], same["times"] = judgement.why, same["times"] + 1


def _example(
    kind: str, line: InvoiceLine | LedgerLine, judgement: Judgement, supplier: str, books: int
) -> dict[str, Any]:
    would = dict(judgement.would or {})
    return {
        "kind": kind,
        "administration": books,
        "supplier": supplier,
        "would": would,
        "booked": {name: getattr(line, name) for name in would or ("gl_code",)},
        **_where(line),
    }


def _where(line: InvoiceLine | LedgerLine) -> dict[str, Any]:
    if isinstance(line, InvoiceLine):
        day, amount, text = line.invoice.issue_date, line.net, line.description
        place: dict[str, Any] = {"invoice": line.invoice_id, "number": line.invoice.number}
    else:
        day, amount, text = line.date or date.min, line.amount_fc or line.amount, line.description
        place = {"invoice": None, "number": str(line.entry_number or "")}
    return {"date": str(day), "text": text[:200], "amount": str(Decimal(amount)), **place}
