"""Messages to digital mailboxes, by API and by e-mail, and the documents that they become."""

import base64
from email.message import EmailMessage
from typing import Any

import pytest

from apps.sandbox import switches
from apps.sandbox.exact import messages, store
from tests.sandbox.driver import Exact, message
from tests.sandbox.small_firm import HERE, THERE, key

UBL, PDF = b"<Invoice/>", b"%PDF-1.4 sample"
DOCUMENTS = "documents/Documents"


@pytest.fixture(autouse=True)
def mailboxes(exact: Exact) -> None:
    """A mailbox in each of the two divisions."""
    for division in (HERE, THERE):
        fields = {"ID": key("mailbox", division), "Mailbox": f"{division}@facturen.example", "Type": 1}
        store.put(messages.MAILBOXES, division, {**fields, "ForDivision": division})


def send(exact: Exact, **changes: Any) -> Any:
    ours = key("mailbox")
    body = {
        "SenderMailboxID": ours,
        "RecipientMailboxID": ours,
        "Subject": "Factuur F-1 [PK-1]",
        "Type": 1000,
    }
    return exact.post(messages.MESSAGES, {**body, **changes})


def attach(exact: Exact, owner: str, content: bytes = UBL, **changes: Any) -> Any:
    body = {"MailMessageID": owner, "AttachmentFileName": "f.xml", "Type": 130}
    return exact.post(messages.FILES, {**body, "Attachment": base64.b64encode(content).decode(), **changes})


def test_a_message_with_files_becomes_one_document_with_a_proposal(exact: Exact) -> None:
    sent = send(exact).json()["d"]
    assert (sent["ForDivision"], sent["SenderMailbox"]) == (HERE, f"{HERE}@facturen.example")
    assert exact.rows(DOCUMENTS) == []
    attach(exact, sent["ID"])
    made = attach(exact, sent["ID"], PDF, AttachmentFileName="f.pdf", Type=10).json()["d"]
    assert (made["Attachment"], made["FileSize"], made["AttachmentFileExtension"]) == (
        None,
        str(len(PDF)),
        "pdf",
    )
    (document,) = exact.rows(DOCUMENTS)
    assert (document["Subject"], document["Type"], document["ProposedEntryStatus"]) == (
        sent["Subject"],
        20,
        20,
    )
    files = exact.rows("documents/DocumentAttachments", filter=f"Document eq guid'{document['ID']}'")
    assert {row["FileName"] for row in files} == {"f.xml", "f.pdf"}
    assert exact.session.get(made["Url"] + "&Download=1").content == PDF


def test_it_arrives_in_the_division_of_the_recipient(exact: Exact) -> None:
    sent = send(exact, RecipientMailboxID=key("mailbox", THERE)).json()["d"]
    attach(exact, sent["ID"])
    assert exact.rows(DOCUMENTS) == []
    assert exact.get(f"{DOCUMENTS}/$count", THERE).text == "1"


def test_messages_are_found_by_subject_and_files_by_name(exact: Exact) -> None:
    sent = send(exact).json()["d"]
    attach(exact, sent["ID"])
    assert len(exact.rows(messages.MESSAGES, filter="substringof('PK-1',Subject) eq true")) == 1
    assert exact.rows(messages.MESSAGES, filter="substringof('PK-2',Subject) eq true") == []
    by_name = f"MailMessageID eq guid'{sent['ID']}' and AttachmentFileName eq 'f.xml'"
    assert len(exact.rows(messages.FILES, filter=by_name)) == 1


@pytest.mark.parametrize("field", ["SenderMailboxID", "RecipientMailboxID"])
def test_both_mailboxes_must_be_there(exact: Exact, field: str) -> None:
    refused = send(exact, **{field: key("nobody")})
    assert (refused.status_code, message(refused)) == (500, "Ongeldige referentie: Digitale brievenbus")


def test_nobody_sends_from_a_mailbox_of_another_division(exact: Exact) -> None:
    refused = send(exact, SenderMailboxID=key("mailbox", THERE))
    assert message(refused) == "Niet toegestaan: Digitale brievenbus"


def test_what_a_file_lacks_is_refused(exact: Exact) -> None:
    sent = send(exact).json()["d"]["ID"]
    assert message(attach(exact, key("none"))) == "Ongeldige referentie: Bericht"
    assert message(attach(exact, sent, Type=131)) == "Ongeldig: Type"
    assert message(attach(exact, sent, AttachmentFileName="")) == "Verplicht: Bestandsnaam"
    assert attach(exact, sent, b"x" * (10 * 1024 * 1024 + 1)).status_code == 413
    assert message(send(exact, Subject="")) == "Verplicht: Onderwerp"


def mail(sender: str = "us@kantoor.example", to: str = f"{HERE}@facturen.example") -> bytes:
    written = EmailMessage()
    written["From"], written["To"], written["Subject"] = f"Kantoor <{sender}>", to, "Factuur [PK-1]"
    written["Message-ID"] = "<PK-1@kantoor.example>"
    written.set_content("hierbij")
    written.add_attachment(UBL, maintype="application", subtype="xml", filename="f.xml")
    written.add_attachment(b"x", maintype="image", subtype="png", filename="logo.png")
    return written.as_bytes()


def test_a_mail_of_an_allowed_sender_becomes_a_document_each_time_it_comes(exact: Exact) -> None:
    switches.change(mailbox_senders=["US@kantoor.example"])
    assert len(messages.take_mail(mail()) + messages.take_mail(mail())) == 2
    assert [row["Subject"] for row in exact.rows(DOCUMENTS)] == ["Factuur [PK-1]"] * 2
    assert {row["FileName"] for row in exact.rows("documents/DocumentAttachments")} == {"f.xml"}


def test_a_mail_of_anybody_else_is_blocked_and_counted(exact: Exact) -> None:
    switches.change(mailbox_senders=["us@kantoor.example"])
    assert messages.take_mail(mail(sender="them@kantoor.example")) == []
    assert messages.take_mail(mail(to="nobody@facturen.example")) == []
    assert (messages.blocked(HERE), messages.blocked(THERE), exact.rows(DOCUMENTS)) == (1, 0, [])


def test_a_processed_proposal_may_have_an_entry(exact: Exact) -> None:
    switches.change(mailbox_senders=["us@kantoor.example"])
    (document,) = messages.take_mail(mail())
    entry = {
        "Journal": "60",
        "Supplier": key("Jansen Techniek"),
        "EntryDate": "2026-09-15",
        "PurchaseEntryLines": [{"GLAccount": key("4000"), "AmountFC": 100.0, "VATCode": "2"}],
    }
    done = messages.process(document, entry=entry)
    (made,) = exact.rows("purchaseentry/PurchaseEntries")
    assert (done.data["ProposedEntryStatus"], made["Document"]) == (50, document.key)
    assert done.data["FinancialTransactionEntryID"] == made["EntryID"]
