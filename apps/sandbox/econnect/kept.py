"""Documents as eConnect keeps them for their receivers, and for how long."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import QuerySet

from apps.core import clock
from apps.sandbox.econnect import formats, moments, party_ids
from apps.sandbox.econnect.errors import Refused
from apps.sandbox.models import EconnectDocument, EconnectParty, EconnectSwitches


def arrive(
    party: EconnectParty, content: bytes, *, family: str, sender: str = "", number: str = ""
) -> EconnectDocument:
    """Keep a document that came in for a participant; what is not said of it is read from it."""
    return EconnectDocument.objects.create(
        document_id=str(uuid4()),
        family=family,
        party=party,
        sender=party_ids.number_form(sender or formats.sender(content)),
        number=number or formats.number(content),
        content=content,
        came_at=clock.now(),
    )


def find(party: EconnectParty, family: str, document_id: str, settings: EconnectSwitches) -> EconnectDocument:
    """Return a document that is there still; raises Refused (404)."""
    document = _documents(party, family, document_id).first()
    if document is None or not is_there(document, settings):
        raise _unknown(document_id)
    return document


def find_even_removed(party: EconnectParty, family: str, document_id: str) -> EconnectDocument:
    """Return a document, whether it is there still or not; raises Refused (404) when it never was."""
    document = _documents(party, family, document_id).first()
    if document is None:
        raise _unknown(document_id)
    return document


def gone_at(document: EconnectDocument, settings: EconnectSwitches) -> datetime | None:
    """Return when a document is or was gone: removed, or run out (facts 2.1: 90 days, 7 after download)."""
    moments_of_end = [document.removed_at]
    if settings.keeps_days:
        moments_of_end.append(document.came_at + timedelta(days=settings.keeps_days))
    if settings.keeps_days_after_download and document.first_downloaded_at:
        days = timedelta(days=settings.keeps_days_after_download)
        moments_of_end.append(document.first_downloaded_at + days)
    return min((moment for moment in moments_of_end if moment), default=None)


def is_there(document: EconnectDocument, settings: EconnectSwitches) -> bool:
    """Tell whether a document can be had still."""
    end = gone_at(document, settings)
    return end is None or clock.now() < end


def downloaded(document: EconnectDocument, wanted: str) -> bytes:
    """Return the bytes of a document in the wanted type ("": as sent), and note the first time.

    Raises Refused (400) for a type that cannot be read.
    """
    if wanted and not formats.is_type(wanted):
        raise Refused(400, f"'{wanted}' is no document type id.")
    same = EconnectDocument.objects.filter(pk=document.pk, first_downloaded_at=None)
    same.update(first_downloaded_at=clock.now())
    content = bytes(document.content)
    return formats.in_format(content, wanted) if wanted else content


def remove(document: EconnectDocument) -> None:
    """Remove a document for good."""
    EconnectDocument.objects.filter(pk=document.pk, removed_at=None).update(removed_at=clock.now())


def statuses(document: EconnectDocument) -> list[dict[str, str]]:
    """Return what happened to a document, oldest first."""
    happened = [("Received", "The document was received.", document.came_at)]
    if document.first_downloaded_at:
        happened.append(("Downloaded", "The document was downloaded.", document.first_downloaded_at))
    happened += [(f"Response{each.status}", each.note, each.at) for each in document.responses.order_by("pk")]
    return [
        {
            "id": f"{document.document_id}-{place}",
            "name": name,
            "description": words,
            "createdOn": moments.written(at),
        }
        for place, (name, words, at) in enumerate(happened, start=1)
    ]


def _documents(party: EconnectParty, family: str, document_id: str) -> QuerySet[EconnectDocument]:
    return EconnectDocument.objects.filter(party=party, family=family, document_id=document_id)


def _unknown(document_id: str) -> Refused:
    return Refused(404, f"Document '{document_id}' was not found.")
