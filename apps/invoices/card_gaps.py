"""What a supplier's card in Exact lacks and a document has: for one document, and for a page full of questions."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from apps.exact.models import BankAccount, Relation
from apps.invoices import card_reading
from apps.invoices.card_fields import FIELDS, Values
from apps.invoices.card_reading import Own
from apps.invoices.card_sources import Told, first_waiting, own_numbers, told_by
from apps.invoices.models import Invoice
from apps.vendors.models import Question

COLUMNS = tuple(field.column for field in FIELDS if field.column)


def lacking(told: Told, relation: Relation, ibans: Collection[str], own: Own = ()) -> Values:
    """Return what the card `relation` lacks and the document (vendor, payment) has, by field name. Pure.

    `ibans`: all accounts of the card; one that has any gets no other here. `own`: the firm's numbers (kind, value).
    """
    card = {column: getattr(relation, column) for column in COLUMNS}
    return card_reading.lacking(*told, card, ibans, own)


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
