"""Asking who a vendor is, and remembering the answer so that it is never asked twice."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.exact.models import Division, Relation
from apps.exact.twins import supplier_like
from apps.intake.models import Part
from apps.people.models import User
from apps.vendors import no_evidence
from apps.vendors.evidence import DOCUMENT, NAME, Candidate, Decision, Key, Match, Outcome
from apps.vendors.models import CollectiveVendor, Mapping, Origin, Question, QuestionKind, Scope

KINDS = {
    Outcome.UNKNOWN: QuestionKind.UNKNOWN,
    Outcome.CONFLICT: QuestionKind.CONFLICT,
    Outcome.SEVERAL: QuestionKind.SEVERAL,
    Outcome.BLOCKED: QuestionKind.BLOCKED,
    Outcome.PROPOSED: QuestionKind.PROPOSED,
    Outcome.GONE: QuestionKind.GONE,
}
SHOWN_CANDIDATES = 3
LONGEST_VALUE = 255  # of a name after case folding, which may make it longer than the column


def identity_of(keys: Iterable[Key], name: str) -> Key:
    """Return the identity under which a vendor is asked about and remembered: its strongest number, else its name."""
    return next(iter(keys), Key(NAME, " ".join(name.casefold().split())[:LONGEST_VALUE]))


def remembered(administration: Administration, keys: Iterable[Key]) -> dict[Key, Decision]:
    """Return what was decided about these identifiers, and not taken back; one query."""
    wanted = set(keys)
    rows = Mapping.objects.valid().filter(
        administration=administration, value__in={key.value for key in wanted}
    )
    found = (
        (Key(kind, value), Decision(str(supplier), frozenset(Key(*one) for one in seen), source=pk))
        for kind, value, supplier, seen, pk in rows.values_list("kind", "value", "supplier", "seen", "pk")
    )
    return {key: decision for key, decision in found if key in wanted}


def ask(
    administration: Administration,
    *,
    identity: Key,
    name: str,
    party: dict[str, Any],
    match: Match,
    part: Part | None = None,
) -> Question:
    """Return the open question about `identity`, asked now if it was not yet; the candidates are brought up to date.

    `party` is what the document says of the vendor, `part` where the document is.
    """
    values = {
        "kind": KINDS[match.outcome],
        "candidates": [_told(one) for one in match.candidates[:SHOWN_CANDIDATES]],
    }
    question, _ = Question.objects.update_or_create(
        administration=administration,
        identity=str(identity)[:300],
        answered_at=None,
        defaults=values,
        create_defaults={
            **values,
            "name": name[:255],
            "party": {**party, "identity": list(identity)},
            "part": part,
            "asked_at": clock.now(),
        },
    )
    return question


def _told(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as it is stored; `Question.shown` says it in words."""
    card = candidate.card
    return {
        "supplier": card.supplier,
        "code": card.code,
        "name": card.name,
        "usable": card.usable,
        "keys": [list(key) for key in candidate.keys],
        "differences": [list(key) for key in candidate.differences],
        "score": candidate.score,
        "gap": candidate.gap,
        "same_form": candidate.same_form,
        "same_postcode": candidate.same_postcode,
    }


def answer(
    question: Question,
    supplier: Relation,
    *,
    by: User,
    key: Key | None = None,
    scope: str = Scope.SENDER,
    origin: str = Origin.QUEUE,
    part: Part | None = None,
) -> Mapping | None:
    """Answer `question` with `supplier` and remember it; None when somebody else answered first.

    `key` is the identifier that is remembered: the vendor's identity unless the person chose another one of its.
    One that became no evidence since (our own, shared, a factoring account) would never be looked up: then it is the
    next one. With scope *document* it is the document of `part`, without one the document that asked.
    """
    part = part or question.part
    about = keys_about(question)
    if scope == Scope.DOCUMENT:
        identity = document_key(part.pk if part else None)
    else:
        identity = _that_counts([key or about[0], *about], question.name)
    with transaction.atomic():
        # Answers to two questions may be remembered under one number: where no row is yet there is none to hold.
        Administration.objects.select_for_update(no_key=True).get(pk=question.administration_id)
        hit = Question.objects.filter(pk=question.pk, answered_at=None).update(
            answered_at=clock.now(), answered_by=by, supplier=supplier.exact_id
        )
        if not hit:
            return None
        queue.ring("vendor_answered", question.pk)
        return remember(
            question.administration,
            identity,
            supplier,
            by=by,
            scope=scope,
            origin=origin,
            part=part,
            seen=about,
        )


def _that_counts(keys: list[Key], name: str) -> Key:
    own = no_evidence.among(keys)
    return identity_of([key for key in keys if key not in own], name)


def keys_about(question: Question) -> list[Key]:
    """Return the identifiers under which the answer to `question` may be remembered, the proposed one first."""
    numbers = [Key(*text.split(" ", 1)) for text in question.party.get("keys", [])]
    return list(dict.fromkeys([Key(*question.party["identity"]), *numbers]))


def document_key(part: int | None) -> Key:
    """Return the key under which a decision about one document alone is remembered."""
    return Key(DOCUMENT, str(part or 0))


def remember(
    administration: Administration,
    key: Key,
    supplier: Relation,
    *,
    by: User,
    scope: str = Scope.SENDER,
    origin: str = Origin.QUEUE,
    part: Part | None = None,
    seen: Iterable[Key] = (),
) -> Mapping:
    """Remember that in this administration `key` is `supplier`. An earlier decision is taken back; it stays to be seen.

    `seen`: the other identifiers that the person had before them. The same decision again adds only what was seen
    then: it is not asked about a third time.
    """
    before = _stored({*seen} - {key})
    standing = Mapping.objects.valid().filter(
        administration=administration, kind=key.kind, value=key.value[:255]
    )
    with transaction.atomic():
        earlier = standing.select_for_update().first()
        if earlier and earlier.supplier == supplier.exact_id:
            earlier.add_seen(before, by=by)
            return earlier
        if earlier:
            earlier.take_back(by=by, superseded=True)
        made = Mapping(
            administration=administration,
            kind=key.kind,
            value=key.value[:255],
            supplier=supplier.exact_id,
            supplier_name=supplier.name,
            scope=scope,
            origin=origin,
            part=part,
            seen=before,
            learned_from=by,
            learned_at=clock.now(),
        )
        made.keep(by=by)
        return made


def _stored(keys: Iterable[Key]) -> list[list[str]]:
    return sorted(list(key) for key in keys)


def forget_questions(administration: Administration) -> None:
    """Withdraw the open questions: they are asked again, with the cards of another division."""
    Question.objects.filter(administration=administration).open().delete()


def carry_over(administration: Administration, *, before: Division, now: Division) -> tuple[int, int]:
    """Let what was remembered with the cards of `before` speak of the cards of `now`; (kept, forgotten).

    Kept is only what clearly is the same card there: code, name and numbers. The rest is asked again; a collective
    vendor without such a card is put out of use. Counted are the mappings.
    """
    there = Relation.objects.filter(division=now)
    kept, forgotten = 0, 0
    with transaction.atomic():
        for mapping in Mapping.objects.valid().filter(administration=administration):
            if there.filter(exact_id=mapping.supplier).exists():
                continue
            twin = _twin(mapping.supplier, before, now)
            if twin is None:
                mapping.delete()
                forgotten += 1
                continue
            mapping.supplier, mapping.supplier_name = twin.exact_id, twin.name
            mapping.save(update_fields=["supplier", "supplier_name"])
            kept += 1
        rules = CollectiveVendor.objects.filter(administration=administration, active=True)
        for rule in rules.exclude(supplier__in=there.values("exact_id")):
            twin = _twin(rule.supplier, before, now)
            rule.active = twin is not None
            if twin:
                rule.supplier, rule.supplier_name = twin.exact_id, twin.name
            rule.save(update_fields=["active", "supplier", "supplier_name"])
    return kept, forgotten


def _twin(supplier: UUID, before: Division, division: Division) -> Relation | None:
    card = Relation.everything.filter(division=before, exact_id=supplier).first()
    return supplier_like(card, division) if card else None
