"""That eConnect has a document for us: one row for each, however often, late or in whatever order it is told."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from apps.core import clock
from apps.econnect.models import Account, Family, Inbound, Party, Stage

_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")  # written in either case
MAIL = "mail"
LATER = timedelta(hours=1)  # until a document that eConnect had trouble with is asked for


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is told of a document. `party_id` in number form; `trouble`: what eConnect says is wrong with it."""

    party_id: str
    document_id: str
    family: str = Family.INVOICE
    told_by: str = "hook"
    sender: str = ""
    number: str = ""
    trouble: str = ""


def announce(account: Account, told: Announcement) -> tuple[Inbound, bool]:
    """Return the row of the document, and whether it is new. What was not known of it is filled in.

    A party that nobody knows gets a row without administration, so that nothing is lost.
    """
    document_id = told.document_id.lower() if _UUID.fullmatch(told.document_id) else told.document_id
    with transaction.atomic():
        party = party_of(account, told.party_id)
        known = Inbound.objects.filter(
            document_id=document_id, party__account__base_url=account.base_url
        ).first()
        now = clock.now()
        inbound, made = (
            (known, False)
            if known
            else Inbound.objects.get_or_create(
                party=party,
                document_id=document_id,
                defaults={
                    "family": told.family,
                    "told_by": told.told_by,
                    "sender": told.sender,
                    "number": told.number,
                    "trouble": told.trouble,
                    "announced_at": now,
                    "next_attempt_at": now + LATER if told.trouble else now,
                },
            )
        )
        if not made:
            _complete(inbound, party, told)
    return inbound, made


def party_of(account: Account, party_id: str) -> Party:
    """Return our party of that id at the eConnect of `account`: one row, whichever account acts for it."""
    same = Party.objects.filter(party_id=party_id, account__base_url=account.base_url)
    found = same.order_by("is_gone", "pk").first()
    return found or Party.objects.get_or_create(account=account, party_id=party_id)[0]


def _complete(inbound: Inbound, party: Party, told: Announcement) -> None:
    row = Inbound.objects.filter(pk=inbound.pk)
    if told.told_by != MAIL:  # signed, and a mail may have named the wrong party
        waits = row.filter(told_by=MAIL, stage__in=(Stage.KNOWN, Stage.FAILED))
        waits.exclude(party=party).update(party=party, family=told.family, attempts=0)
    if told.sender:
        row.filter(sender="").update(sender=told.sender)
    if told.number:
        row.filter(number="").update(number=told.number)
    if told.trouble:
        row.filter(stage=Stage.KNOWN).update(trouble=told.trouble)
    else:  # it can be had now, whatever was wrong with it before
        row.filter(stage=Stage.FAILED).update(stage=Stage.KNOWN, attempts=0)
        row.filter(stage=Stage.KNOWN, attempts=0).update(next_attempt_at=clock.now())
    inbound.refresh_from_db()
