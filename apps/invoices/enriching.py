"""Filling in what a supplier's card in Exact lacks and a document has. Never a field that the card has already."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core import clock, queue
from apps.exact.models import BankAccount, Relation
from apps.invoices import card_fields, card_plans
from apps.invoices.card_fields import BANK_FIELDS, FIELDS, Own, Values
from apps.invoices.card_proposals import Told, first_waiting, own_numbers, told_by
from apps.invoices.creating import card_with_number_of, hindrance
from apps.invoices.models import CardAct, CardWrite, Invoice
from apps.invoices.reviewing import Refused
from apps.people.models import User
from apps.posting.models import Method, Posting
from apps.vendors.models import Question

COLUMNS = tuple(field.column for field in FIELDS if field.column)


def lacking(told: Told, relation: Relation, ibans: Collection[str], own: Own = ()) -> Values:
    """Return what the card `relation` lacks and the document (vendor, payment) has, by field name. Pure.

    `ibans`: all accounts of the card; one that has any gets no other here. `own`: the firm's numbers (kind, value).
    """
    card = {column: getattr(relation, column) for column in COLUMNS}
    return card_fields.lacking(*told, card, ibans, own)


def offers(questions: Iterable[Question]) -> dict[int, dict[str, Values]]:
    """Return what the candidates of `questions` lack: question -> the card's id in Exact -> field -> value.

    Four queries, however many questions. A card that lacks nothing is not in it; nor is a blocked one.
    """
    asked = list(questions)
    told = _told(asked)
    own = own_numbers(told.values())
    wanted = {candidate["supplier"] for question in asked for candidate in question.candidates}
    cards, ibans = _cards(wanted)
    found: dict[int, dict[str, Values]] = {}
    for question in asked:
        ours = {
            candidate["supplier"]: cards[question.administration_id, candidate["supplier"]]
            for candidate in question.candidates
            if (question.administration_id, candidate["supplier"]) in cards
        }
        gaps = {
            key: lacking(told[question.pk], card, ibans[card.exact_id], own) for key, card in ours.items()
        }
        found[question.pk] = {key: values for key, values in gaps.items() if values}
    return found


def offer(about: Invoice | Question, relation: Relation) -> Values:
    """Return what the card `relation` lacks and this document has, by field name."""
    document = first_waiting(about) if isinstance(about, Question) else about
    told = told_by(document or about)
    accounts = BankAccount.objects.filter(division=relation.division_id, relation=relation.exact_id)
    return lacking(told, relation, list(accounts.values_list("iban", flat=True)), own_numbers([told]))


def enrich(
    about: Invoice | Question, relation: Relation, fields: Collection[str], *, by: User
) -> tuple[CardWrite, Values]:
    """Have the chosen `fields` filled in on the card `relation` in Exact; nothing is sent in this moment.

    Right before it is sent, Exact is asked again what the card lacks. Returns what is to be filled in. Raises
    reviewing.Refused, in words, when nothing is, it is under way already, or another card has such a number.
    """
    administration = about.administration
    if administration is None or relation.division.administration_id != administration.pk:
        raise Refused(_("This card is not in the books of this administration."))
    if words := hindrance(administration):
        raise Refused(words)
    chosen = _chosen(offer(about, relation), fields)
    if not chosen:
        raise Refused(_("There is nothing to fill in: the card has it already, or nothing was chosen."))
    twin = card_with_number_of(chosen, relation.division)
    if twin:
        words = _("Another card has this number already: %(card)s. Look which of the two is right.")
        raise Refused(words % {"card": twin})
    try:
        with transaction.atomic():
            write = _begin(about, relation, chosen, by)
            queue.ring("division_due", relation.division_id)
    except IntegrityError as error:
        raise Refused(_("This card is being filled in already.")) from error
    return write, chosen


def state_of(questions: Iterable[Question]) -> dict[int, CardWrite]:
    """Return how the last filling in asked for each of `questions` stands, by question; one query."""
    rows = CardWrite.objects.about(questions, CardAct.ENRICH)
    return {row.question_id: row for row in rows if row.question_id}


def _chosen(gaps: Mapping[str, str], fields: Collection[str]) -> Values:
    """Return the chosen gaps; the BIC goes with its account."""
    names = {*fields, *(BANK_FIELDS if "iban" in fields else ())} - (
        {"bic"} if "iban" not in fields else set()
    )
    return {name: value for name, value in gaps.items() if name in names}


def _begin(about: Invoice | Question, relation: Relation, values: Values, by: User) -> CardWrite:
    posting = Posting.objects.create(
        reference=f"PK-{uuid4().hex[:12].upper()}",
        division=relation.division,
        method=Method.CARD,
        plan=card_plans.card_plan(values, relation=str(relation.exact_id)),
        created_at=clock.now(),
        next_attempt_at=clock.now(),
    )
    return CardWrite.objects.create(
        administration=about.administration,
        question=about if isinstance(about, Question) else about.question,
        posting=posting,
        act=CardAct.ENRICH,
        name=relation.name,
        values=values,
        relation=relation.exact_id,
        asked_by=by,
        asked_at=clock.now(),
    )


def _told(questions: list[Question]) -> dict[int, Told]:
    """Return what the first document that waits for each question says."""
    told = {question.pk: told_by(question) for question in questions}
    documents = Invoice.objects.filter(question__in=list(told)).order_by("-received_at", "-pk")
    for invoice in documents.only("question", "vendor", "payment"):
        if invoice.question_id is not None:
            told[invoice.question_id] = told_by(invoice)  # the earliest comes last
    return told


def _cards(suppliers: set[str]) -> tuple[dict[tuple[int, str], Relation], dict[UUID, list[str]]]:
    rows = Relation.objects.filter(exact_id__in=suppliers, is_supplier=True, blocked=False)
    cards = {
        (row.division.administration_id or 0, str(row.exact_id)): row
        for row in rows.select_related("division").defer("raw")
    }
    ibans: dict[UUID, list[str]] = defaultdict(list)
    for relation, iban in BankAccount.objects.filter(relation__in=suppliers).values_list("relation", "iban"):
        ibans[relation].append(iban)
    return cards, ibans
