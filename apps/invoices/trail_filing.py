"""The audit trail as a file beside the original: attached to the document in Exact."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.core import clock, queue
from apps.core.transitions import Changed
from apps.intake.keeping import archive
from apps.invoices.done import keep
from apps.invoices.models import InExact, Invoice, State
from apps.invoices.trail import trail_of
from apps.invoices.withdrawing import is_on_trial
from apps.posting.models import DOCUMENT, Method, PostingState


class CannotFile(Exception):
    """The trail cannot be attached now; the text is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A trail that was, or is being, attached. `words` say why not, "" when nothing is wrong."""

    filename: str
    state: str
    words: str

    @property
    def is_there(self) -> bool:
        """Whether it hangs on the document in Exact."""
        return self.state == PostingState.DONE


def hindrance(invoice: Invoice) -> str:
    """Return why the trail cannot be attached to the document in Exact, in words; "" when it can."""
    if invoice.state != State.DONE or invoice.in_exact == InExact.DELETED:
        return _("The audit trail is attached to what is booked. This document is not in Exact now.")
    if is_on_trial(invoice):
        return _("On pilot nothing is written into Exact. End the pilot first.")
    if _document_of(invoice) is None:
        return _("This entry was made in Exact itself: there is no document of ours to attach the trail to.")
    return ""


def _document_of(invoice: Invoice) -> str | None:
    return invoice.posting.steps.get(DOCUMENT, {}).get("id") if invoice.posting else None


def file(invoice: Invoice, *, by: str) -> str:
    """Have the trail as it is now attached to the document in Exact, in the language of the moment.

    Returns the name of the file. Raises CannotFile, and core.transitions.Changed when the document moved.
    """
    from apps.core.trail_paper import paper  # the library costs 57 MB, which only who prints shall carry

    if words := hindrance(invoice):
        raise CannotFile(words)
    if invoice.posting is None:
        raise Changed(_("The document was changed since you opened it."))
    original = archive(paper(trail_of(invoice)))
    name = filename(invoice)
    payload = {"FileName": name, "Document": _document_of(invoice)}
    step = {
        "name": "attachment",
        "resource": "documents/DocumentAttachments",
        "key": "ID",
        "payload": payload,
        "original": original.pk,
    }
    with transaction.atomic():
        keep(invoice, who=by, why=_("audit trail to be attached in Exact: %(file)s") % {"file": name})
        invoice.posting.further(Method.FILE, {"steps": [step]})
        queue.ring("division_due", invoice.posting.division_id)
    return name


def filename(invoice: Invoice) -> str:
    """Return what the file is called: two of different minutes never bear one name."""
    moment = date_format(localtime(clock.now()), "Y-m-d-Hi")
    parts = (_("audit-trail"), slugify(invoice.number)[:60], str(invoice.pk), moment)
    return f"{'-'.join(part for part in parts if part)}.pdf"


def filed(invoice: Invoice) -> list[Filed]:
    """Return the trails that were attached to this document, or are on their way, newest first."""
    if invoice.posting is None:
        return []
    rows = invoice.posting.family().filter(method=Method.FILE).order_by("-pk")
    return [Filed(row.plan["steps"][0]["payload"]["FileName"], row.state, row.words) for row in rows]
