"""Asking who a vendor is, and remembering the answer so that it is never asked twice."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Division, Relation
from apps.people.models import User
from apps.vendors.matching import Key, Match, Outcome
from apps.vendors.models import Mapping, Question, QuestionKind

KINDS = {
    Outcome.UNKNOWN: QuestionKind.UNKNOWN,
    Outcome.CONFLICT: QuestionKind.CONFLICT,
    Outcome.SEVERAL: QuestionKind.SEVERAL,
    Outcome.BLOCKED: QuestionKind.BLOCKED,
}
SHOWN_CANDIDATES = 3
NAME = "name"
LONGEST_VALUE = 255  # of a name after case folding, which may make it longer than the column


def identity_of(keys: Iterable[Key], name: str) -> Key:
    """Return the identity under which a vendor is asked about and remembered: its strongest number, else its name."""
    return next(iter(keys), Key(NAME, " ".join(name.casefold().split())[:LONGEST_VALUE]))


def remembered(administration: Administration, keys: Iterable[Key]) -> dict[Key, str]:
    """Return what was decided about these identifiers: identifier -> supplier id in Exact."""
    wanted = set(keys)
    rows = Mapping.objects.valid().filter(
        administration=administration, value__in={key.value for key in wanted}
    )
    found = (
        (Key(kind, value), str(supplier))
        for kind, value, supplier in rows.values_list("kind", "value", "supplier")
    )
    return {key: supplier for key, supplier in found if key in wanted}


def ask(
    administration: Administration, *, identity: Key, name: str, party: dict[str, Any], match: Match
) -> Question:
    """Return the open question about `identity`, asked now if it was not yet; the candidates are brought up to date."""
    candidates = [
        {
            "supplier": card.supplier,
            "code": card.code,
            "name": card.name,
            "usable": card.usable,
            "evidence": [key.words for key in match.evidence_for(card)],
        }
        for card in match.candidates[:SHOWN_CANDIDATES]
    ]
    values = {"kind": KINDS[match.outcome], "candidates": candidates}
    question, _ = Question.objects.update_or_create(
        administration=administration,
        identity=str(identity)[:300],
        answered_at=None,
        defaults=values,
        create_defaults={
            **values,
            "name": name[:255],
            "party": {**party, "identity": list(identity)},
            "asked_at": clock.now(),
        },
    )
    return question


def answer(question: Question, supplier: Relation, *, by: User) -> bool:
    """Answer `question` with `supplier` and remember it; False when somebody else answered first."""
    with transaction.atomic():
        hit = Question.objects.filter(pk=question.pk, answered_at=None).update(
            answered_at=clock.now(), answered_by=by, supplier=supplier.exact_id
        )
        if hit:
            kind, value = question.party["identity"]
            remember(question.administration, Key(kind, value), supplier, by=by)
    return hit == 1


def remember(administration: Administration, key: Key, supplier: Relation, *, by: User) -> Mapping:
    """Remember that in this administration `key` is `supplier`; an earlier decision is replaced, its history kept."""
    mapping, _ = Mapping.objects.update_or_create(
        administration=administration,
        kind=key.kind,
        value=key.value[:255],
        defaults={
            "supplier": supplier.exact_id,
            "supplier_name": supplier.name,
            "learned_from": by,
            "learned_at": clock.now(),
        },
    )
    return mapping


def forget_questions(administration: Administration) -> None:
    """Withdraw the open questions: they are asked again, with the cards of another division."""
    Question.objects.filter(administration=administration).open().delete()


def carry_over(administration: Administration, *, before: Division, now: Division) -> tuple[int, int]:
    """Let what was remembered with the cards of `before` speak of the cards of `now`; (kept, forgotten).

    Kept is only what clearly is the same card there: code, name and numbers. The rest is asked again.
    """
    there = Relation.objects.filter(division=now)
    kept, forgotten = 0, 0
    with transaction.atomic():
        for mapping in Mapping.objects.filter(administration=administration):
            if there.filter(exact_id=mapping.supplier).exists():
                continue
            twin = _twin(Relation.everything.filter(division=before, exact_id=mapping.supplier).first(), now)
            if twin is None:
                mapping.delete()
                forgotten += 1
                continue
            mapping.supplier, mapping.supplier_name = twin.exact_id, twin.name
            mapping.save(update_fields=["supplier", "supplier_name"])
            kept += 1
    return kept, forgotten


def _twin(card: Relation | None, division: Division) -> Relation | None:
    """Return the supplier of `division` that is beyond doubt the same as `card`, None when none is."""
    if card is None:
        return None
    usable = Relation.objects.filter(division=division, is_supplier=True, blocked=False, code=card.code)
    alike = [one for one in usable if _described(one) == _described(card)]
    return alike[0] if len(alike) == 1 else None


def _described(card: Relation) -> tuple[str, ...]:
    return card.name.casefold().strip(), card.vat_number.strip(), card.chamber_of_commerce.strip()
