"""Fetching the documents that eConnect keeps for us, one process at a time for each, until the bytes are safe here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from apps.core import clock, http, queue
from apps.econnect import answering
from apps.econnect.claiming import claimed, is_over, request_id, words_of
from apps.econnect.client import Document, EConnect
from apps.econnect.models import Inbound, Stage
from apps.econnect.registration import present

REMOVE = "apps.econnect.tasks.remove_kept"
TOLD = "econnect_told"


def due() -> list[tuple[int, int]]:
    """Return the documents to fetch now (their key, that of their account), longest known first.

    Raises NotConfigured.
    """
    waiting = Inbound.objects.filter(stage=Stage.KNOWN, next_attempt_at__lte=clock.now())
    ours = waiting.filter(present("party__account__"))
    return list(ours.order_by("announced_at", "pk").values_list("pk", "party__account"))


@contextmanager
def in_hand(pk: int) -> Iterator[Inbound | None]:
    """Hold one document for an attempt to fetch it; None when somebody else does, or did."""
    inbound = Inbound.objects.select_related("party__account", "party__administration").get(pk=pk)
    with claimed(inbound, stage=Stage.KNOWN) as held:
        yield inbound if held else None


def download(inbound: Inbound) -> bytes:
    """Return the bytes of a document. Raises Temporary, Rejected, Unauthorised; see `put_off`."""
    content = EConnect(inbound.party.account).download(document_of(inbound))
    first = Inbound.objects.filter(pk=inbound.pk, first_fetched_at=None)
    first.update(first_fetched_at=clock.now())
    return content


def put_off(inbound: Inbound, error: http.RemoteError) -> None:
    """Keep what went wrong. A refusal ends it after some attempts; everything else is tried on, ever more slowly."""
    values = {"trouble": words_of(error), "request_id": request_id(error)}
    row = Inbound.objects.filter(pk=inbound.pk, stage=Stage.KNOWN)
    if is_over(inbound, error):
        row.update(stage=Stage.FAILED, next_attempt_at=None, **values)
    else:
        row.update(**values)


def kept(inbound: Inbound, sha256: str) -> bool:
    """Keep that the bytes are safe here, tell the sender where that is wanted; False when it was kept before.

    Only from now on may the document be removed there.
    """
    now = clock.now()
    with transaction.atomic():
        row = Inbound.objects.filter(pk=inbound.pk, stage__in=(Stage.KNOWN, Stage.FAILED))
        hit = row.update(
            stage=Stage.KEPT,
            kept_at=now,
            sha256=sha256,
            attempts=0,
            trouble="",
            request_id="",
            next_attempt_at=now + _stay(inbound),
        )
        if hit and inbound.party.answers_itself:
            answering.acknowledge(inbound)
    return hit == 1


def try_again(inbound: Inbound) -> None:
    """Begin anew with a document that waits or was given up, or with the removal of a kept one."""
    now = clock.now()
    row = Inbound.objects.filter(pk=inbound.pk)
    row.filter(stage__in=(Stage.KNOWN, Stage.FAILED)).update(
        stage=Stage.KNOWN, attempts=0, next_attempt_at=now
    )
    row.filter(stage=Stage.KEPT).update(attempts=0, next_attempt_at=now)
    queue.ring(TOLD)
    queue.ring(REMOVE)


def look_again() -> None:
    """Make everything due that is not both kept here and removed there, whatever it waits for."""
    now = clock.now()
    Inbound.objects.filter(stage=Stage.KNOWN).update(next_attempt_at=now)
    Inbound.objects.filter(stage=Stage.KEPT, next_attempt_at=None).update(next_attempt_at=now, attempts=0)


def document_of(inbound: Inbound) -> Document:
    """Return the document as eConnect addresses it."""
    return Document(inbound.party.party_id, inbound.document_id, inbound.family)


def _stay(inbound: Inbound) -> timedelta:
    """How long it stays there although it is kept here: what can be answered, until somebody had time to."""
    days = settings.ECONNECT_REMOVE_AFTER_DAYS if answering.may_answer(inbound) else 0
    return timedelta(days=days)
