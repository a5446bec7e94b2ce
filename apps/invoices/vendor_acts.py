"""What a reviewer does with a whole group of unmapped vendors at once, and takes back with one press."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apps.core.transitions import Changed
from apps.exact.models import Relation
from apps.invoices import answers, card_gaps, enriching, reviewing
from apps.invoices.models import Invoice, State
from apps.invoices.reviewing import Refused
from apps.people.models import User
from apps.vendors.evidence import Key
from apps.vendors.models import Mapping as Remembered
from apps.vendors.models import Question, Scope

AT_ONCE = 200  # documents that one press puts aside


@dataclass(slots=True)
class Done:
    """What one press did: decisions made, documents moved on or put aside, and what was refused, in words."""

    mappings: list[int] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)
    moved: int = 0
    enriched: int = 0
    refusals: list[str] = field(default_factory=list)


def map_group(
    choices: Mapping[Question, str],
    *,
    by: User,
    key: Key | None = None,
    scope: str = Scope.SENDER,
    enrich: bool = False,
) -> Done:
    """Answer each question with the supplier chosen for it (id in Exact). One that is refused stops no other.

    `enrich`: what the document has and a chosen card lacks is filled in on the card in Exact as well.
    """
    done = Done()
    for question, supplier in choices.items():
        try:
            relation = reviewing.supplier_of(question, supplier)
            mapped = reviewing.map_vendor(question, relation, by=by, key=key, scope=scope)
        except Refused as refusal:
            done.refusals.append(f"{question.administration}: {refusal}")
            continue
        done.mappings.append(mapped.mapping.pk)
        done.moved += mapped.moved
        if enrich:
            _enrich(question, relation, by, done)
    return done


def _enrich(question: Question, relation: Relation, by: User, done: Done) -> None:
    try:
        done.enriched += fill_in(question, relation, by=by)
    except Refused as refusal:
        done.refusals.append(f"{relation}: {refusal}")


def fill_in(question: Question, relation: Relation, *, by: User) -> bool:
    """Have written on a card what it lacks and the document has; False when it lacks nothing. Raises Refused."""
    gaps = card_gaps.offer(question, relation)
    if gaps:
        enriching.enrich(question, relation, list(gaps), by=by)
    return bool(gaps)


def put_aside(questions: Iterable[Question], *, by: User, why: str) -> Done:
    """Put the waiting documents of these questions aside, at most AT_ONCE; `why` in words."""
    done = Done()
    waiting = Invoice.objects.filter(question__in=[one.pk for one in questions], state=State.ATTENTION)
    for invoice in waiting.select_related("administration", "posting").order_by("pk")[:AT_ONCE]:
        try:
            reviewing.ignore(invoice, by=by, why=why)
        except (Refused, Changed) as refusal:
            done.refusals.append(f"{invoice}: {refusal}")
            continue
        done.documents.append(invoice.pk)
    return done


def take_back(mappings: Iterable[Remembered], documents: Iterable[Invoice], *, by: User) -> tuple[int, int]:
    """Take back what a press did; return how many documents wait again, and how many are to be corrected in Exact."""
    waiting = flagged = 0
    for mapping in mappings:
        unlearned = answers.unlearn(mapping, by=by)
        waiting, flagged = waiting + unlearned.requeued, flagged + unlearned.flagged
    for invoice in documents:
        try:
            reviewing.reopen(invoice, by=by)
        except (Refused, Changed):
            continue
        waiting += 1
    return waiting, flagged
