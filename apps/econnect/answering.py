"""Answering the sender of an invoice: received (AB), under query (UQ), rejected (RE).

Source: eConnect facts 2.1: AB always goes first, UQ and RE need a reason, and nothing follows RE. Each answer is a row
that is sent until eConnect takes it; its mark makes a repeat the same answer (a guess: documented for sending only).
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import clock, http, queue
from apps.econnect.claiming import claimed, words_of
from apps.econnect.client import Document, EConnect
from apps.econnect.models import Answer, AnswerStatus, Family, Inbound, Stage
from apps.econnect.registration import present

REASONS = {  # OpenPeppol's status clarification reasons
    "REF": gettext_lazy("a reference is wrong or lacks"),
    "LEG": gettext_lazy("it does not meet the law"),
    "REC": gettext_lazy("the receiver is not us"),
    "QUA": gettext_lazy("quality of the delivery"),
    "DEL": gettext_lazy("the delivery"),
    "PRI": gettext_lazy("prices"),
    "QTY": gettext_lazy("quantities"),
    "ITM": gettext_lazy("items"),
    "PAY": gettext_lazy("payment terms"),
    "UNR": gettext_lazy("not ordered or not known"),
    "FIN": gettext_lazy("payment details"),
    "PPD": gettext_lazy("paid in part"),
    "NON": gettext_lazy("no issue"),
    "OTH": gettext_lazy("another reason"),
}
ITSELF = "Postkamer"
GIVE = "apps.econnect.tasks.give_answers"
MAY_ANSWER = "canChangeDocumentStatus"


class AnswerRefused(Exception):
    """This cannot be answered. The message is a sentence for people."""


def ask(
    inbound: Inbound, status: str, *, who: str, reasons: Mapping[str, str] | None = None, note: str = ""
) -> Answer:
    """Keep an answer to be sent, with an AB before it when there is none; return it.

    `reasons` maps codes of REASONS to words, needed for UQ and RE. Raises AnswerRefused.
    """
    told = {code: text.strip()[:500] for code, text in (reasons or {}).items()}
    _refuse_what_lacks(inbound, status, told)
    with transaction.atomic():
        row = Inbound.objects.select_for_update().get(pk=inbound.pk)
        given = set(standing(row).values_list("status", flat=True))
        if AnswerStatus.RE in given:
            raise AnswerRefused(_("This document was rejected already; nothing can follow that."))
        if status == AnswerStatus.AB and AnswerStatus.AB in given:
            raise AnswerRefused(_("The sender was told already that it was received."))
        if status != AnswerStatus.AB and not row.answers.filter(status=AnswerStatus.AB).exists():
            _keep(row, AnswerStatus.AB, {}, "", ITSELF)
        queue.ring(GIVE)
        return _keep(row, status, told if status != AnswerStatus.AB else {}, note.strip(), who)


def standing(inbound: Inbound) -> QuerySet[Answer]:
    """Return the answers that were given or are on their way: one that eConnect refused is none."""
    return inbound.answers.exclude(given_at=None, next_attempt_at=None)


def acknowledge(inbound: Inbound) -> None:
    """Keep an AB to be sent within the minute for a document that has none; part of the caller's transaction."""
    if may_answer(inbound) and not inbound.answers.exists():
        _keep(inbound, AnswerStatus.AB, {}, "", ITSELF)


def may_answer(inbound: Inbound) -> bool:
    """Tell whether the sender can be answered as far as we know: an invoice, of a party with the permission."""
    return inbound.family == Family.INVOICE and inbound.party.permissions.get(MAY_ANSWER) is not False


def due() -> list[tuple[int, int]]:
    """Return the answers to send now (their key, that of their account), in their order.

    One waits while others are on their way before it; what eConnect refused is not. Raises NotConfigured.
    """
    before = Answer.objects.filter(
        inbound=OuterRef("inbound"), pk__lt=OuterRef("pk"), given_at=None, next_attempt_at__isnull=False
    )
    waiting = Answer.objects.filter(given_at=None, next_attempt_at__lte=clock.now())
    ours = waiting.filter(present("inbound__party__account__")).exclude(Exists(before))
    return list(ours.order_by("pk").values_list("pk", "inbound__party__account"))


def give(pk: int) -> http.RemoteError | None:
    """Send one answer; return what went wrong. That stands in its row too, which is tried again or not."""
    answer = Answer.objects.select_related("inbound__party__account").get(pk=pk)
    with claimed(answer, given_at=None) as held:
        if not held:
            return None
        inbound = answer.inbound
        document = Document(inbound.party.party_id, inbound.document_id, inbound.family)
        words = {"status": answer.status, "reasons": answer.reasons, "note": answer.note}
        try:
            EConnect(inbound.party.account).respond(document, mark=answer.mark, **words)
        except http.RemoteError as error:
            _put_off(answer, error)
            return error
        _given(answer)
        return None


def try_again(answers: QuerySet[Answer]) -> int:
    """Let refused answers be sent once more; return how many."""
    queue.ring(GIVE)
    return answers.filter(given_at=None).update(next_attempt_at=clock.now(), attempts=0)


def _refuse_what_lacks(inbound: Inbound, status: str, reasons: Mapping[str, str]) -> None:
    if status not in AnswerStatus.values or not set(reasons) <= set(REASONS):
        raise AnswerRefused(_("This answer is not known."))
    if inbound.family != Family.INVOICE:
        raise AnswerRefused(_("Only invoices can be answered."))
    if not may_answer(inbound):
        raise AnswerRefused(
            _("eConnect does not let %(party)s answer. Ask eConnect for the permission.")
            % {"party": inbound.party}
        )
    if status != AnswerStatus.AB and not reasons:
        raise AnswerRefused(_("Say why: the sender has to know what to mend."))


def _keep(inbound: Inbound, status: str, reasons: Mapping[str, str], note: str, who: str) -> Answer:
    """Store an answer; one that eConnect refused, and of which there can be one only, becomes the new one."""
    now = clock.now()
    values: dict[str, Any] = {
        "reasons": dict(reasons),
        "note": note,
        "who": who[:150],
        "asked_at": now,
        "next_attempt_at": now,
        "mark": uuid4(),
    }
    refused = inbound.answers.filter(status=status, given_at=None, next_attempt_at=None)
    if status != AnswerStatus.UQ and refused.update(attempts=0, trouble="", **values):
        return inbound.answers.get(status=status)
    return Answer.objects.create(inbound=inbound, status=status, **values)


def _given(answer: Answer) -> None:
    now = clock.now()
    with transaction.atomic():
        Answer.objects.filter(pk=answer.pk, given_at=None).update(
            given_at=now, next_attempt_at=None, trouble=""
        )
        if Answer.objects.filter(inbound=answer.inbound_id, pk__gt=answer.pk, given_at=None).exists():
            queue.ring(GIVE)
        if answer.status == AnswerStatus.RE:  # nothing follows: what is kept here need not stay there
            Inbound.objects.filter(pk=answer.inbound_id, stage=Stage.KEPT).update(next_attempt_at=now)


def _put_off(answer: Answer, error: http.RemoteError) -> None:
    row = Answer.objects.filter(pk=answer.pk, given_at=None)
    if not isinstance(error, http.Rejected):
        row.update(trouble=words_of(error))
        return
    behind = Answer.objects.filter(inbound=answer.inbound_id, pk__gt=answer.pk, given_at=None)
    with transaction.atomic():
        row.update(trouble=words_of(error), next_attempt_at=None)
        behind.update(next_attempt_at=None, trouble=_("The answer before it was refused."))
