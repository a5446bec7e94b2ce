"""Which items the lines of a document mean: matched, or asked; the same few queries for one line and for hundreds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from apps.clients.models import Administration
from apps.exact.kept import Stamps
from apps.exact.models import Division
from apps.intake.models import Part
from apps.items import asking, learning
from apps.items.catalogue import catalogue_of
from apps.items.matching import Candidate, Found, Outcome, match
from apps.items.models import ItemQuestion
from apps.items.wanted import ItemCard, Key, Wanted


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one line means. `item`: None where nobody knows yet; then `question` asks it, unless nothing may be asked.

    `source` is a value of rules.sources.ValueSource; `mapping`: the primary key of the decision that was followed.
    """

    outcome: Outcome
    item: ItemCard | None = None
    why: str = ""
    source: str = ""
    mapping: int | None = None
    question: ItemQuestion | None = None
    candidates: tuple[Candidate, ...] = ()


def resolve(
    division: Division,
    administration: Administration,
    supplier: UUID,
    supplier_name: str,
    wanted: Sequence[Wanted],
    part: Part | None,
    *,
    asks: bool = True,
    stamps: Stamps | None = None,
) -> list[Resolved]:
    """Return what each line of `wanted` means, in its order; `supplier` is the id of the relation in Exact.

    `asks`: what nobody knows is asked of a person, once per item. `stamps` spares the query for them.
    """
    catalogue = catalogue_of(division, stamps)
    remembered = learning.remembered(administration, supplier)
    found = [match(catalogue, one, supplier, remembered) for one in wanted]
    resolved = [_resolved(one) for one in found]
    open_ = {
        identity: (line, one)
        for line, one in zip(wanted, found, strict=True)
        if one.outcome is not Outcome.MATCHED and (identity := line.identity)
    }
    if not asks or not open_:
        return resolved
    questions = asking.ask(administration, supplier, open_, supplier_name=supplier_name, part=part)
    return [
        one if one.item else replace(one, question=_asked(line.identity, questions))
        for line, one in zip(wanted, resolved, strict=True)
    ]


def _resolved(found: Found) -> Resolved:
    return Resolved(
        found.outcome, found.item, found.why, found.source, found.mapping_pk, candidates=found.candidates
    )


def _asked(identity: Key | None, questions: dict[Key, ItemQuestion]) -> ItemQuestion | None:
    return questions.get(identity) if identity else None
