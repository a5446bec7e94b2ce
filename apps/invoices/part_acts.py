"""What a person can do with a part that became no document: offer it again, put it aside, keep it with another."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock, queue
from apps.intake import scanning
from apps.intake.models import Offering, Part, PartKind, PartOutcome, Receipt
from apps.invoices import enclosing
from apps.invoices.models import Invoice
from apps.people.models import User

AGAIN = (PartOutcome.REJECTED, PartOutcome.IGNORED, PartOutcome.ATTACHMENT, PartOutcome.DUPLICATE)


class Refused(Exception):
    """This cannot be done with the part now; the text is one sentence for people."""


def offer_again(part: Part, *, by: User) -> None:
    """Let `part` be read once more, as if it came in now; what had become of it stays in its history.

    A mail or ZIP file that could not be opened is opened once more. Raises Refused for a document, which is tried again
    by itself, and when somebody else was first.
    """
    if Invoice.objects.filter(part=part).exists():
        raise Refused(_("This became a document. Open that, and take it up again there."))
    with transaction.atomic():
        _unsettle(part, by)
        if part.original_id == part.receipt.message_id:
            words = _("opened once more")
            part.settle(PartOutcome.IGNORED, kind=PartKind.JUNK, reason=words, settled_by=str(by)[:150])
            Receipt.objects.filter(pk=part.receipt_id).update(opened_at=None)
        queue.ring("parts_kept", part.receipt_id)


def set_aside(part: Part, *, by: User, why: str) -> None:
    """Say that a rejected `part` is not for the books; `why` stands before the reason for which it was rejected.

    Raises Refused when it has another outcome meanwhile.
    """
    reason = f"{why or _('put aside')} ({part.reason})"
    rejected = Part.objects.filter(pk=part.pk, outcome=PartOutcome.REJECTED)
    hit = rejected.update(outcome=PartOutcome.IGNORED, reason=reason, settled_by=str(by)[:150])
    if hit != 1:
        raise Refused(_("Something else became of this part meanwhile."))


def attach_to(part: Part, document: Part, *, by: User) -> None:
    """Keep a rejected `part` with the `document` of the same arrival; it goes to Exact while it still can.

    Raises Refused when one of them has another outcome meanwhile, or they did not come together; and for a file with
    a virus, or one whose bytes are gone.
    """
    if part.original.virus:
        raise Refused(scanning.reason(part.original.virus))
    if document.receipt_id != part.receipt_id or document.outcome != PartOutcome.DOCUMENT:
        raise Refused(_("Only a document that came in together with it can keep this file."))
    try:
        with transaction.atomic():
            _unsettle(part, by)
            if not enclosing.attach(part, document, by=str(by)):
                raise Refused(_("Something else became of this part meanwhile."))
    except FileNotFoundError as error:
        raise Refused(_("The bytes are no longer in the archive.")) from error


def documents_beside(part: Part) -> list[Part]:
    """Return the documents that came in together with `part`."""
    beside = Part.objects.filter(receipt=part.receipt_id, outcome=PartOutcome.DOCUMENT).exclude(pk=part.pk)
    return list(beside.order_by("position"))


def _unsettle(part: Part, by: User) -> None:
    """Take the outcome back and write down what it was; within the caller's transaction."""
    was, reason, document = part.outcome, part.reason, part.attached_to
    values = {"outcome": PartOutcome.RECEIVED, "reason": "", "settled_by": "", "kind": PartKind.UNKNOWN}
    links = {"duplicate_of": None, "attached_to": None, "format": ""}
    hit = was in AGAIN and Part.objects.filter(pk=part.pk, outcome=was).update(**values, **links)
    if not hit:
        raise Refused(_("Something else became of this part meanwhile."))
    Offering.objects.create(part=part, at=clock.now(), who=str(by)[:150], was=was, reason=reason)
    if document is not None:
        enclosing.take_back(part, document)
    part.refresh_from_db()
