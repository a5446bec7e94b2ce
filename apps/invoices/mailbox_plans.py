"""What would be put into a digital mailbox, by API or by e-mail. Pure."""

from typing import Any

from django.conf import settings

from apps.exact.mailbox_naming import sender
from apps.exact.models import DigitalMailbox, SentBy
from apps.intake.detection import Format
from apps.invoices import attaching
from apps.invoices.models import Invoice
from apps.posting.lookup import MESSAGE_FILES, MESSAGES
from apps.posting.models import MAIL, MAILBOX_FILE, MESSAGE

PURCHASE_INVOICE = 1000  # MailMessagesSent.Type (Exact facts 4.7)
PDF = 10  # MailMessageAttachments.Type
_UBL_21 = 130
_PEPPOL = 23
_UBL_TYPES = {Format.BIS3: _PEPPOL, Format.SELF_BILLING: _PEPPOL, Format.SI_UBL_1: 20}


def way_begun(steps: dict[str, Any]) -> str:
    """Return how something was put, or may have been put, into a mailbox by the kept `steps`; "" when nothing was."""
    begun = [name for name, step in steps.items() if step["state"] in ("started", "done")]
    if MAIL in begun:
        return SentBy.EMAIL
    return SentBy.API if MESSAGE in begun else ""


def mailbox_plan(invoice: Invoice, mailbox: DigitalMailbox | None, *, reference: str) -> dict[str, Any]:
    """Return the plan that puts the document and its PDFs into `mailbox` (Exact facts 6.2).

    `reference` is ours: it stands in the subject, by which message and document are found again. Without a mailbox the
    plan is one by API, as the page of a document shows it; it is not carried out.
    """
    subject = attaching.subject(invoice, reference)
    files = list(attaching.files_for_mailbox(invoice))
    if mailbox is not None and mailbox.sent_by == SentBy.EMAIL:
        named = [
            {"name": name, "original": original, **({} if enclosed is None else {"enclosed": enclosed})}
            for name, original, enclosed in files
        ]
        payload = {"Subject": subject, "From": sender()}
        steps = [{"name": MAIL, "mails": mailbox.address, "payload": payload, "files": named}]
    else:
        steps = _by_api(invoice, mailbox, subject, files)
    return {"steps": steps, "look": {"supplier": str(invoice.supplier or ""), "reference": reference}}


def _by_api(
    invoice: Invoice, mailbox: DigitalMailbox | None, subject: str, files: list[attaching.MailboxFile]
) -> list[dict[str, Any]]:
    ours = str(mailbox.exact_id) if mailbox and mailbox.exact_id else ""
    payload = {
        "SenderMailboxID": settings.EXACT_MAILBOX_SENDER or ours,
        "RecipientMailboxID": ours,
        "Subject": subject,
        "Type": PURCHASE_INVOICE,
        "ForDivision": mailbox.for_division if mailbox else None,
    }
    known = {name: value for name, value in payload.items() if value is not None}
    return [
        {"name": MESSAGE, "resource": MESSAGES, "key": "ID", "payload": known},
        *(_file(number, one, invoice) for number, one in enumerate(files, start=1)),
    ]


def _file(number: int, one: attaching.MailboxFile, invoice: Invoice) -> dict[str, Any]:
    is_pdf = one.name.casefold().endswith(".pdf")
    return {
        "name": f"{MAILBOX_FILE} {number}",
        "resource": MESSAGE_FILES,
        "key": "ID",
        "payload": {"AttachmentFileName": one.name, "Type": PDF if is_pdf else ubl_type(invoice.format)},
        "original": one.original,
        "needs": {"MailMessageID": MESSAGE},
        **({} if one.enclosed is None else {"enclosed": one.enclosed}),
    }


def ubl_type(flavour: str) -> int:
    """Return the type of an attached UBL file; a setting says otherwise for one flavour, or ("all") for each."""
    said = settings.EXACT_MAILBOX_UBL_TYPES
    usual = _UBL_TYPES.get(Format(flavour), _UBL_21) if flavour in set(Format) else _UBL_21
    return int(said.get(flavour) or said.get("all") or usual)
