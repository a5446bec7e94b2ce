"""A PDF or picture that came with an e-invoice is kept with it, and goes to Exact with it."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.intake import reading
from apps.intake.enclosures import LARGEST, picture_or_pdf
from apps.intake.models import Part, PartOutcome
from apps.intake.pairing import EInvoice, partner
from apps.intake.parsing import Unreadable
from apps.intake.pdf.examining import may_carry_files
from apps.invoices.models import Invoice, State

BEFORE_EXACT = (State.RECEIVED, State.ATTENTION, State.PROPOSED, State.READY)
AT_EXACT = (State.POSTING, State.UNCERTAIN, State.DONE)
_READ = (PartOutcome.DOCUMENT, PartOutcome.DUPLICATE)
_XML, _PDF = ".xml", ".pdf"


def enclose(part: Part) -> bool:
    """Make the unread `part` an attachment of the e-invoice in its receipt that it belongs to; False when none is.

    Only a PDF or picture is one, and no PDF that carries another invoice, or of which somebody said that it is no
    attachment. The e-invoices of the receipt must have been read before.
    """
    if part.filename.casefold().endswith(_XML) or part.offerings.filter(was=PartOutcome.ATTACHMENT).exists():
        return False
    siblings = list(
        Part.objects.filter(receipt=part.receipt_id).exclude(pk=part.pk).select_related("duplicate_of")
    )
    e_invoices = _e_invoices([one for one in siblings if one.outcome in _READ])
    content = part.original.content()
    if not e_invoices or not picture_or_pdf(content):
        return False
    papers = 1 + sum(not one.filename.casefold().endswith(_XML) and _is_paper(one) for one in siblings)
    found = partner(part.filename, e_invoices, papers=papers)
    if found is None or _carries_another(content, next(one for one in e_invoices if one.part == found)):
        return False
    return attach(part, next(one for one in siblings if one.pk == found))


@transaction.atomic
def attach(part: Part, document: Part, *, by: str = "") -> bool:
    """Make `part`, unread, an attachment of `document`; False when it is read. It goes to Exact while it still can.

    When `document` came in before, it goes with that first one, if people have no page of it yet.
    """
    settled = part.settle(
        PartOutcome.ATTACHMENT,
        attached_to=document,
        administration_id=document.administration_id,
        reason=_("Came with %(file)s.") % {"file": document.filename},
        settled_by=by[:150],
    )
    if settled:
        _send_along(part, document)
    return settled


def take_back(part: Part, document: Part) -> None:
    """Let `part` no longer go along with `document`; what Exact has stays there."""
    invoice = _still_here(document)
    if invoice is not None:
        files = list(invoice.payment.get("files", []))
        ours = next((one for one in files if one[0] == part.original_id), None)
        if ours is not None:  # one of them: the same bytes may have come twice
            files.remove(ours)
            _tell(invoice, payment={**invoice.payment, "files": files})


def _tell(invoice: Invoice, **values: Any) -> None:
    """Store what goes along: whoever planned the booking without it, or agreed with that, has to look again."""
    Invoice.objects.filter(pk=invoice.pk).update(version=F("version") + 1, **values)


def _e_invoices(parts: list[Part]) -> list[EInvoice]:
    """Return what was read as an e-invoice; one that came in before says its number where it did."""
    firsts = {part.duplicate_of_id or part.pk: part for part in parts}
    rows = Invoice.objects.filter(part__in=firsts).values_list("part", "number", "issue_date")
    return [EInvoice(firsts[key].pk, firsts[key].filename, number, day) for key, number, day in rows]


def _is_paper(part: Part) -> bool:
    """Tell whether it is a page for people: a PDF that was read as an e-invoice brings its own."""
    if part.outcome in _READ:
        return part.filename.casefold().endswith(_PDF)
    return part.outcome != PartOutcome.IGNORED


def _carries_another(content: bytes, one: EInvoice) -> bool:
    """Tell whether a PDF carries an e-invoice itself, and not the one that it would be kept with."""
    if not may_carry_files(content):  # most do not, and opening one costs a process
        return False
    try:
        carried = reading.read(content)
    except Unreadable:
        return False
    return (carried.number, carried.issue_date) != (one.number, one.issue_date)


def _send_along(part: Part, document: Part) -> None:
    invoice = _still_here(document)
    if invoice is None:
        if not document.duplicate_of_id:
            _came_late(part, document)
        return
    if document.duplicate_of_id and _has_a_page(invoice):
        return
    suffixes = picture_or_pdf(part.original.content())
    if not suffixes:  # a person said so: it is kept with the document, and does not go to Exact
        unsafe = {"code": "enclosure_unsafe", "values": {"file": part.filename}, "cause": ""}
        Invoice.objects.filter(pk=invoice.pk).update(findings=[*invoice.findings, unsafe])
        return
    is_named = part.filename.casefold().endswith(suffixes)
    filename = part.filename if is_named else f"{part.filename}{suffixes[0]}"
    finding = {
        "code": "enclosure_too_large",
        "values": {"file": filename, "size": f"{part.original.size / 1024**2:.1f} MB"},
        "cause": "",
    }
    if part.original.size > LARGEST:
        _tell(invoice, findings=[*invoice.findings, finding])
        return
    files = [*invoice.payment.get("files", []), [part.original_id, filename, ".pdf" in suffixes]]
    _tell(invoice, payment={**invoice.payment, "files": files})


def _came_late(part: Part, document: Part) -> None:
    """Say on a document that Exact has already, or will have, that this file of it stays here."""
    late = {"code": "file_came_late", "values": {"file": part.filename}, "cause": ""}
    for invoice in Invoice.objects.select_for_update().filter(part=document, state__in=AT_EXACT):
        Invoice.objects.filter(pk=invoice.pk).update(findings=[*invoice.findings, late])


def _still_here(document: Part) -> Invoice | None:
    """Return the document of this part, or of the one it repeats, locked; None when it is on its way to Exact."""
    rows = Invoice.objects.select_for_update().filter(state__in=BEFORE_EXACT)
    return rows.filter(part=document.duplicate_of_id or document.pk).first()


def _has_a_page(invoice: Invoice) -> bool:
    files = (*invoice.payment.get("enclosures", []), *invoice.payment.get("files", []))
    return any(is_pdf for _which, _filename, is_pdf in files)
