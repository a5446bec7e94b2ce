"""The unknown items as their page shows them: grouped by supplier and item, with what may be chosen for each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock
from apps.core.addresses import key_in, typed_in
from apps.exact.models import Item
from apps.items import askers, choosing
from apps.items.models import ItemQuestion, QuestionKind
from apps.items.models.question import ItemQuestions
from apps.items.wanted import Key

GROUPS = 50
LONGEST_AGE = 3650  # days
CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """An item that the person may choose, with what speaks for it, in words."""

    item: str
    code: str
    name: str
    reasons: Sequence[str] = ()
    usable: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """The list in which documents that wait are found, and what these are called there."""

    address: str
    name: str


@dataclass(slots=True)
class Row:
    """One administration that asks. `places`: where its documents are found.

    `chosen` is filled in for the person to agree with; "" where they must choose.
    """

    question: ItemQuestion
    documents: int
    places: list[Place] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    chosen: str = ""


@dataclass(slots=True)
class Group:
    """One item of a supplier, with the administrations that ask what it is. `amount`: Decimal, of the lines."""

    rows: list[Row] = field(default_factory=list)
    documents: int = 0
    amount: Decimal = Decimal(0)
    oldest: datetime | None = None

    @property
    def question(self) -> ItemQuestion:
        """What the first administration asks: it says what the document says."""
        return self.rows[0].question

    @property
    def keys(self) -> list[Key]:
        """By what the answer may be remembered, the proposed one first."""
        return self.question.keys

    @property
    def administrations(self) -> int:
        """How many ask."""
        return len({row.question.administration_id for row in self.rows})

    @property
    def undecided(self) -> int:
        """How many have nothing filled in."""
        return sum(not row.chosen for row in self.rows)


def narrowed(questions: ItemQuestions, asked: Any) -> ItemQuestions:
    """Return the questions that fit what the address asks: q, administration, kind, days (at least so old)."""
    if search := typed_in(asked.get("q", "")):
        fits = Q(name__icontains=search) | Q(identity__icontains=search) | Q(supplier_name__icontains=search)
        questions = questions.filter(fits)
    if administration := key_in(asked.get("administration", "")):
        questions = questions.filter(administration=administration)
    if (kind := asked.get("kind", "")) in QuestionKind.values:
        questions = questions.filter(kind=kind)
    if days := key_in(asked.get("days", "")):
        questions = questions.filter(asked_at__lte=clock.now() - timedelta(days=min(days, LONGEST_AGE)))
    return questions


def groups_of(questions: ItemQuestions, user: Any) -> list[Group]:
    """Return the items that documents wait for, the one with most documents first, at most GROUPS."""
    counted = askers.counted(questions)
    documents = counted.documents
    groups: dict[tuple[str, str], list[tuple[int, datetime]]] = {}
    for key, name, identity, asked_at in questions.values_list("pk", "supplier_name", "identity", "asked_at"):
        if documents.get(key):
            groups.setdefault((name, identity), []).append((key, asked_at))
    ranked = sorted(
        groups.values(),
        key=lambda rows: (-sum(documents[key] for key, _at in rows), min(at for _key, at in rows)),
    )[:GROUPS]
    keys = [key for rows in ranked for key, _at in rows]
    chosen = ItemQuestion.objects.filter(pk__in=keys).select_related(
        "administration__client", "administration__division"
    )
    known = {question.pk: question for question in chosen}
    return _offered([_group(rows, known, counted) for rows in ranked], user)


def _group(
    rows: Sequence[tuple[int, datetime]],
    known: dict[int, ItemQuestion],
    counted: askers.Counted,
) -> Group:
    keys = [key for key, _at in rows if key in known]
    return Group(
        rows=[
            Row(
                known[key],
                counted.documents[key],
                [_place(model, called, known[key]) for model, called in counted.kinds[key]],
            )
            for key in sorted(keys)
        ],
        documents=sum(counted.documents[key] for key in keys),
        amount=sum((counted.amounts[key] for key in keys), Decimal(0)),
        oldest=min(at for _key, at in rows),
    )


def _place(model: str, called: str, question: ItemQuestion) -> Place:
    """Return where the documents of `model` ("orders.purchaseorder") of this supplier that wait are listed."""
    query = {
        "stage": "todo",
        "administration__id__exact": str(question.administration_id),
        "q": question.supplier_name,
    }
    page = reverse(f"admin:{model.replace('.', '_')}_changelist")
    return Place(f"{page}?{urlencode(query)}", called)


def _offered(groups: list[Group], user: Any) -> list[Group]:
    groups = [group for group in groups if group.rows]
    rows = [row for group in groups for row in group.rows]
    elsewhere = choosing.elsewhere([row.question for row in rows], user)
    for row in rows:
        others = elsewhere[row.question.pk]
        row.choices = _choices(row.question, others)
        only = next(iter(others)).exact_id if len(others) == 1 else None
        row.chosen = choosing.filled_in(row.question.candidates, only)
    return groups


def _choices(question: ItemQuestion, others: dict[Item, int]) -> list[Choice]:
    """Return what may be chosen: what other administrations chose and matching did not find comes first."""
    words = {str(item.exact_id): [choosing.in_words(count)] for item, count in others.items()}
    choices = [
        Choice(
            one["item"],
            one["code"],
            one["name"],
            [*one["reasons"], *words.get(one["item"], [])],
            one["usable"],
        )
        for one in question.shown[:CANDIDATES]
    ]
    offered = {choice.item for choice in choices}
    more = [(str(item.exact_id), item) for item in others if str(item.exact_id) not in offered]
    return [*(Choice(key, item.code, item.description, words[key]) for key, item in more), *choices][
        :CANDIDATES
    ]


def filters_of(user: Any, asked: Any) -> dict[str, Any]:
    """Return what the page may be narrowed by, and what it is narrowed by now."""
    return {
        "administrations": Administration.objects.visible_to(user).order_by("name").only("name"),
        "kinds": QuestionKind.choices,
        "ages": [(1, _("a day")), (3, _("three days")), (7, _("a week")), (30, _("a month"))],
        "asked": {name: asked.get(name, "") for name in ("q", "administration", "kind", "days")},
    }
