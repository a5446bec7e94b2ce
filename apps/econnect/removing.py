"""Removing there what is safe here. Nothing is removed of which we do not hold the bytes."""

from django.conf import settings
from django.db.models import Exists, OuterRef

from apps.core import clock, http
from apps.econnect.claiming import claimed, is_over, request_id, words_of
from apps.econnect.client import Document, EConnect
from apps.econnect.models import Answer, Inbound, Stage
from apps.econnect.registration import present

MAY_REMOVE = "canRemoveDocument"


def due() -> list[tuple[int, int]]:
    """Return the kept documents to remove there now (their key, that of their account).

    Those with an answer under way wait. Raises NotConfigured.
    """
    if not settings.ECONNECT_REMOVE_AFTER_KEEPING:
        return []
    open_answer = Answer.objects.filter(inbound=OuterRef("pk"), given_at=None, next_attempt_at__isnull=False)
    waiting = Inbound.objects.filter(stage=Stage.KEPT, next_attempt_at__lte=clock.now())
    ours = waiting.filter(present("party__account__")).exclude(Exists(open_answer))
    return list(ours.order_by("kept_at", "pk").values_list("pk", "party__account"))


def remove(pk: int) -> http.RemoteError | None:
    """Remove one document there; return what went wrong. One that is gone already is removed.

    A lost answer is simply repeated. What the party may not remove stays there until the end of its term.
    """
    inbound = Inbound.objects.select_related("party__account").get(pk=pk)
    with claimed(inbound, stage=Stage.KEPT) as held:
        if not held or not inbound.sha256:
            return None
        row = Inbound.objects.filter(pk=pk, stage=Stage.KEPT)
        if inbound.party.permissions.get(MAY_REMOVE) is False:
            row.update(next_attempt_at=None)
            return None
        document = Document(inbound.party.party_id, inbound.document_id, inbound.family)
        try:
            EConnect(inbound.party.account).remove(document)
        except http.RemoteError as error:
            row.update(trouble=words_of(error), request_id=request_id(error))
            if is_over(inbound, error):
                row.update(next_attempt_at=None)
            return error
        done = {"removed_at": clock.now(), "next_attempt_at": None, "trouble": "", "request_id": ""}
        row.update(stage=Stage.REMOVED, **done)
        return None
