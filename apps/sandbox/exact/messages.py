"""Messages between digital mailboxes, by API and by e-mail, and the documents that they become (Exact facts 4.7, 6.2).

What arrives with a file becomes a document with a booking proposal [G]; nothing is unique, so what is sent twice is
there twice.
"""

import base64
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr
from typing import Any
from uuid import uuid4

from django.db import transaction

from apps.sandbox.exact import documents, entries, store
from apps.sandbox.exact.errors import Problem, Refused, objection
from apps.sandbox.models import AttachedFile, Row, Sequence, Switches

Data = dict[str, Any]

MAILBOXES, MESSAGES, FILES = "mailbox/Mailboxes", "mailbox/MailMessagesSent", "mailbox/MailMessageAttachments"
MAILBOX_FIELDS = frozenset({"SenderMailboxID", "RecipientMailboxID"})  # of any division, so checked here
PDF, UBL_20, PEPPOL, UBL_21 = 10, 20, 23, 130
FILE_TYPES = frozenset(
    (
        0,
        PDF,
        11,
        UBL_20,
        21,
        22,
        PEPPOL,
        24,
        25,
        26,
        30,
        40,
        50,
        60,
        70,
        71,
        72,
        73,
        80,
        81,
        82,
        85,
        86,
        90,
        91,
    )
) | {100, 110, 120, UBL_21}
PURCHASE_INVOICE = 1000
OPEN, PROCESSED = 20, 50  # ProposedEntryStatus (Exact facts 4.6)
_BLOCKED = "blocked mail"
_SUFFIXES = {".pdf": PDF, ".xml": UBL_21}


def create(division: int, sent: Data, _base: str) -> Row:
    """Keep a message; raises Objection when a mailbox is not there, or the sender's is of another division."""
    sender, recipient = (_mailbox(sent[name]) for name in ("SenderMailboxID", "RecipientMailboxID"))
    wrong = [
        Problem("reference", name)
        for name, mailbox in (("SenderMailboxID", sender), ("RecipientMailboxID", recipient))
        if mailbox is None
    ]
    if wrong or sender is None or recipient is None:
        raise objection(*wrong)
    if _home(sender) != division:
        raise objection(Problem("not_allowed", "SenderMailboxID"))
    message = {
        "Type": PURCHASE_INVOICE,
        "SenderDateSent": store.now_text(),
        "RecipientStatus": OPEN,
        "ForDivision": _home(recipient),
        **{name: value for name, value in sent.items() if value is not None},
        "ID": sent.get("ID") or str(uuid4()),
        "SenderMailbox": sender.data.get("Mailbox"),
        "RecipientMailbox": recipient.data.get("Mailbox"),
    }
    return store.put(MESSAGES, division, message)


def attach(division: int, sent: Data, base: str) -> Row:
    """Keep a file of a message, which arrives with it; raises Refused (413) above the limit of documents."""
    message = store.find(MESSAGES, division, sent["MailMessageID"])
    if message is None:
        raise objection(Problem("reference", "MailMessageID"))
    content = base64.b64decode(sent["Attachment"])
    if len(content) > documents.MAX_BYTES:
        raise Refused(413, "The request size exceeds the maximum of 10 MB.")
    if sent.get("Type", 0) not in FILE_TYPES:
        raise objection(Problem("invalid", "Type"))
    key, name = sent.get("ID") or str(uuid4()), sent["AttachmentFileName"]
    AttachedFile.objects.create(key=key, content=content)
    data = {
        **{field: value for field, value in sent.items() if field != "Attachment"},
        "ID": key,
        "AttachmentFileExtension": name.rpartition(".")[2],
        "FileSize": len(content),
        "Url": f"{base}/docs/SysAttachment.aspx?ID={key}&_Division_={division}",
    }
    row = store.put(FILES, division, data)
    there, document = message.data["ForDivision"], message.data.get("document", "")
    arrived = store.find(documents.DOCUMENTS, there, document) or _arrive(
        there, message.data["Subject"], base
    )
    store.put(MESSAGES, division, {**message.data, "document": arrived.key})
    _add(arrived, name, content, base)
    return row


def take_mail(raw: bytes, base: str = "", *, to: str = "") -> list[Row]:
    """Take a mail (RFC 5322) in as Exact would; return the documents that it became, one for each mailbox.

    `to`: the address of the envelope, else those of its headers. From a sender that is not allowed it is blocked.
    """
    mail = message_from_bytes(raw, policy=policy.default)
    addresses = [to] if to else [address for _name, address in getaddresses(mail.get_all("To", []))]
    sender = parseaddr(mail.get("From", ""))[1].casefold()
    welcome = {str(one).casefold() for one in Switches.objects.get_or_create(pk=1)[0].mailbox_senders}
    arrived = []
    with transaction.atomic(using=store.DATABASE):
        for mailbox in filter(None, map(mailbox_at, addresses)):
            if sender not in welcome:
                store.next_number(_BLOCKED, _home(mailbox))
            elif files := _files(mail):
                document = _arrive(_home(mailbox), str(mail.get("Subject", "")), base)
                for name, content in files:
                    _add(document, name, content, base)
                arrived.append(document)
    return arrived


def mailbox_at(address: str) -> Row | None:
    """Return the mailbox with this address, in whatever letters; None when nobody has it."""
    return Row.objects.filter(resource=MAILBOXES, data__Mailbox__iexact=address).first()


def blocked(division: int) -> int:
    """Return how many mails to mailboxes of `division` were blocked for their sender."""
    return (
        Sequence.objects.filter(name=_BLOCKED, division=division).values_list("value", flat=True).first() or 0
    )


def process(document: Row, base: str = "", *, entry: Data | None = None) -> Row:
    """Process the booking proposal of a document; `entry`: the purchase entry that somebody makes of it."""
    with transaction.atomic(using=store.DATABASE):
        made = entries.create(document.division, {**entry, "Document": document.key}, base) if entry else None
        done = {"FinancialTransactionEntryID": made.key} if made else {}
        return store.put(
            documents.DOCUMENTS,
            document.division,
            {**document.data, "ProposedEntryStatus": PROCESSED, **done},
        )


def _mailbox(key: str) -> Row | None:
    return Row.objects.filter(resource=MAILBOXES, key=key).first()


def _home(mailbox: Row) -> int:
    """Return the division that a mailbox is bound to."""
    return int(mailbox.data.get("ForDivision") or mailbox.division)


def _arrive(division: int, subject: str, base: str) -> Row:
    sent = {"Subject": subject, "Type": documents.PURCHASE_INVOICE, "ProposedEntryStatus": OPEN}
    return documents.create(division, sent, base)


def _add(document: Row, name: str, content: bytes, base: str) -> None:
    sent = {"Document": document.key, "FileName": name, "Attachment": base64.b64encode(content).decode()}
    documents.attach(document.division, sent, base)


def _files(mail: EmailMessage) -> list[tuple[str, bytes]]:
    found = [
        (part.get_filename() or "", part.get_payload(decode=True) or b"") for part in mail.iter_attachments()
    ]
    return [(name, bytes(content)) for name, content in found if name.casefold().endswith(tuple(_SUFFIXES))]
