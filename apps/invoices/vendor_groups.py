"""The unmapped vendors as their page shows them: grouped by who they are, with what may be chosen for each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock
from apps.core.addresses import key_in, typed_in
from apps.core.money import ZERO
from apps.exact.models import Relation
from apps.invoices import vendor_habits
from apps.invoices.filled_in import chosen
from apps.invoices.models import Invoice, State
from apps.vendors import askers, learning, stale
from apps.vendors.evidence import Key
from apps.vendors.models import Question, QuestionKind
from apps.vendors.models.question import Questions

GROUPS = 50
LONGEST_AGE = 3650  # days
CANDIDATES = 3
WITHOUT_DOCUMENTS = (QuestionKind.GONE, QuestionKind.BLOCKED)  # asked about the mapping itself


@dataclass(frozen=True, slots=True)
class Choice:
    """A card that the person may choose, with what speaks for it and against it, in words."""

    supplier: str
    code: str
    name: str
    reasons: Sequence[str] = ()
    against: Sequence[str] = ()
    usable: bool = True
    elsewhere: str = ""


@dataclass(slots=True)
class Row:
    """One administration that asks. `chosen` is filled in for the person to agree with; "" where they must choose.

    `write`: a new card for it that is on its way to Exact; `lacks`: supplier -> what its card lacks, in words.
    """

    question: Question
    documents: int
    choices: list[Choice] = field(default_factory=list)
    chosen: str = ""
    write: Any = None
    lacks: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """One vendor, with the administrations that ask who it is. `amount`: of the waiting documents."""

    identity: str
    documents: int
    administrations: int
    oldest: datetime
    amount: Decimal
    rows: list[Row] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the vendor is called."""
        return self.rows[0].question.name if self.rows else self.identity

    @property
    def keys(self) -> list[Key]:
        """The identifiers under which the answer may be remembered, the proposed one first."""
        return learning.keys_about(self.rows[0].question) if self.rows else []

    @property
    def is_weak(self) -> bool:
        """Whether nothing but a name or a shared domain is known, so that always is not the first choice.

        Never where no document waits: then it is asked about the sender.
        """
        return self.documents > 0 and all(key.kind in {"name", "domain"} for key in self.keys[:1])

    @property
    def can_enrich(self) -> bool:
        """Whether a card that may be chosen lacks a number that the document has."""
        return any(row.lacks for row in self.rows)

    @property
    def undecided(self) -> int:
        """How many administrations have nothing filled in."""
        return sum(not row.chosen for row in self.rows)


def waiting(user: Any) -> Questions:
    """Return the open questions that `user` may see and that a document, or a mapping without a card, waits for."""
    asked = Invoice.objects.filter(question=OuterRef("pk"), state=State.ATTENTION)
    mapped = stale.mappings().filter(administration=OuterRef("administration"), identity=OuterRef("identity"))
    rows: Questions = Question.objects.visible_to(user).open()
    return rows.filter(Exists(asked) | askers.asks() | Q(kind__in=WITHOUT_DOCUMENTS) & Exists(mapped))


def narrowed(questions: Questions, asked: Any) -> Questions:
    """Return the questions that fit what the address asks: q, administration, kind, days (at least so old)."""
    if search := typed_in(asked.get("q", "")):
        questions = questions.filter(Q(name__icontains=search) | Q(identity__icontains=search))
    if administration := key_in(asked.get("administration", "")):
        questions = questions.filter(administration=administration)
    if (kind := asked.get("kind", "")) in QuestionKind.values:
        questions = questions.filter(kind=kind)
    if days := key_in(asked.get("days", "")):
        questions = questions.filter(asked_at__lte=clock.now() - timedelta(days=min(days, LONGEST_AGE)))
    return questions


def groups_of(questions: Questions, user: Any, *, least: Decimal | None = None) -> list[Group]:
    """Return the vendors asked about, the one with most documents first; `least`: waiting for at least this amount."""
    of_waiting, asked = Q(invoices__state=State.ATTENTION), questions.values("pk")
    found = (
        questions.order_by()
        .values("identity")
        .annotate(
            documents=Count("invoices", filter=of_waiting, distinct=True)
            + askers.documents_of("question__identity", "identity", asked),
            administrations=Count("administration", distinct=True),
            oldest=Min("asked_at"),
            amount=Coalesce(Sum("invoices__payable", filter=of_waiting), ZERO)
            + askers.amount_of("question__identity", "identity", asked),
        )
        .order_by("-documents", "oldest", "identity")
    )
    if least is not None:
        found = found.filter(amount__gte=least)
    groups = {values["identity"]: Group(**values) for values in found[:GROUPS]}
    rows = questions.filter(identity__in=groups).select_related(
        "administration__client", "administration__division"
    )
    waits = Invoice.objects.filter(question=OuterRef("pk"), state=State.ATTENTION).order_by()
    counts = waits.values("question").annotate(count=Count("pk")).values("count")
    others = askers.documents_of("question", "pk")
    counted: Any = rows.annotate(count=Coalesce(Subquery(counts), 0) + others).order_by("pk")
    for question in counted:
        groups[question.identity].rows.append(Row(question, question.count))
    _offer(list(groups.values()), user)
    return list(groups.values())


def _offer(groups: Sequence[Group], user: Any) -> None:
    elsewhere = vendor_habits.elsewhere([group.identity for group in groups], user)
    names = {name for found in elsewhere.values() for name in found}
    administrations = {row.question.administration_id for group in groups for row in group.rows}
    cards = vendor_habits.cards_called(names, administrations)
    for group in groups:
        for row in group.rows:
            own = row.question.administration_id
            counts = {
                name: len(where - {own})
                for name, where in elsewhere.get(group.identity, {}).items()
                if where - {own}
            }
            row.choices, suggested = _choices(row.question, counts, cards.get(own, {}))
            row.chosen = chosen(row.question.candidates, suggested)


def _choices(
    question: Question, counts: dict[str, int], cards: dict[str, Relation]
) -> tuple[list[Choice], str]:
    """Return what may be chosen, and which of it the other administrations suggest ("" for none or two of them)."""
    suggested = {
        str(cards[name].exact_id): (cards[name], count) for name, count in counts.items() if name in cards
    }
    choices = []
    for one in question.shown[:CANDIDATES]:
        _card, count = suggested.get(one["supplier"], (None, 0))
        choices.append(
            Choice(
                one["supplier"],
                one["code"],
                one["name"],
                one["evidence"],
                one["against"],
                one["usable"],
                vendor_habits.in_words(count),
            )
        )
    known = {choice.supplier for choice in choices}
    for supplier, (card, count) in suggested.items():
        if supplier not in known:
            choices.insert(0, Choice(supplier, card.code, card.name, elsewhere=vendor_habits.in_words(count)))
    return choices[:CANDIDATES], next(iter(suggested)) if len(suggested) == 1 else ""


def filters_of(user: Any, asked: Any) -> dict[str, Any]:
    """Return what the page may be narrowed by, and what it is narrowed by now."""
    return {
        "administrations": Administration.objects.visible_to(user).order_by("name").only("name"),
        "kinds": QuestionKind.choices,
        "ages": [(1, _("a day")), (3, _("three days")), (7, _("a week")), (30, _("a month"))],
        "asked": {name: asked.get(name, "") for name in ("q", "administration", "kind", "days", "least")},
    }
