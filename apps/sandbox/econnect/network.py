"""The Peppol network in the hands of tests, demonstrations and training: what arrives, and what became of it."""

from django.db import transaction

from apps.sandbox.direct import DATABASE
from apps.sandbox.econnect import delivering, kept, parties, switches, telling
from apps.sandbox.models import EconnectDocument, EconnectMail, EconnectNotice, EconnectResponse

__all__ = [
    "answers",
    "change",
    "deliver_due",
    "document",
    "documents",
    "fail_to_receive",
    "is_there",
    "mails",
    "notices",
    "parties",
    "send",
    "tell_again",
]
deliver_due = delivering.deliver_due
change = switches.change


def send(
    party_id: str, content: bytes, *, family: str = "invoice", sender: str = "", number: str = ""
) -> str:
    """Let a document arrive for a participant and queue what its hooks are told; return the document id.

    Id in any form. `family`: "invoice" or "order". What is not said of sender and number is read from UBL.
    The hooks are called by `deliver_due`, or by the next call that anybody makes. Raises
    EconnectParty.DoesNotExist for a participant that is not here.
    """
    party = parties.get(party_id)
    with transaction.atomic(using=DATABASE):
        made = kept.arrive(party, content, family=family, sender=sender, number=number)
        telling.received(made)
    return made.document_id


def fail_to_receive(
    party_id: str,
    content: bytes = b"",
    *,
    sender: str = "",
    number: str = "",
    words: str = "the document is not valid",
) -> str:
    """Let an invoice arrive that eConnect cannot take (InvoiceReceivedError); return the document id.

    It cannot be downloaded: asking for it is answered 404.
    """
    party = parties.get(party_id)
    with transaction.atomic(using=DATABASE):
        made = kept.arrive(party, content, family="invoice", sender=sender, number=number)
        kept.remove(made)
        telling.failed(made, words)
    return made.document_id


def tell_again(document_id: str) -> None:
    """Queue what hooks are told of a document once more, as eConnect's support does for a lost one."""
    telling.received(document(document_id))


def document(document_id: str) -> EconnectDocument:
    """Return a document with its moments (came, first downloaded, removed); raises DoesNotExist."""
    return EconnectDocument.objects.select_related("party").get(document_id=document_id)


def is_there(document_id: str) -> bool:
    """Tell whether a document can be had still: not removed, and not run out."""
    return kept.is_there(document(document_id), switches.current())


def documents(party_id: str = "") -> list[str]:
    """Return the ids of the documents that can be had still, of one participant or of all; oldest first."""
    found = EconnectDocument.objects.defer("content").order_by("pk")
    if party_id:
        found = found.filter(party=parties.get(party_id))
    settings = switches.current()
    return [each.document_id for each in found if kept.is_there(each, settings)]


def answers(document_id: str) -> list[EconnectResponse]:
    """Return what the sender of a document was told, oldest first."""
    return list(EconnectResponse.objects.filter(document__document_id=document_id).order_by("pk"))


def notices(document_id: str = "") -> list[EconnectNotice]:
    """Return what hooks were or are to be told, about one document or all; oldest first."""
    found = EconnectNotice.objects.select_related("hook").order_by("pk")
    return list(found.filter(event__documentId=document_id) if document_id else found)


def mails(to: str = "") -> list[bytes]:
    """Return the mails of mail hooks as RFC 5322 bytes, to one address or all; oldest first."""
    found = EconnectMail.objects.order_by("pk")
    return [bytes(mail.message) for mail in (found.filter(to=to) if to else found)]
