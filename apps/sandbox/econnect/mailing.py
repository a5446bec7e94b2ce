"""The mail of a mail hook (eConnect facts 2.2): the second way to hear of a document. Its words are a guess [G]."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

SENDER = "eConnect <noreply@econnect.eu>"
_LINES = {"Topic": "topic", "Party": "partyId", "Document": "documentId", "Message": "message"}
_DETAILS = {"Sender": "sender", "Recipient": "recipient", "Number": "id"}


def written(to: str, event: dict[str, Any], content: bytes | None, at: datetime) -> bytes:
    """Return a mail as it goes over the line (RFC 5322), with the document attached when there is `content`."""
    details, document_id = event["details"], event["documentId"]
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = SENDER, to
    mail["Subject"] = f"{event['topic']} {details.get('id', '')}".strip()
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{document_id}.{event['topic']}@econnect.eu>"
    lines = [f"{name}: {event[key]}" for name, key in _LINES.items()]
    lines += [f"{name}: {details[key]}" for name, key in _DETAILS.items() if details.get(key)]
    mail.set_content("\n".join(lines) + "\n")
    if content is not None:
        mail.add_attachment(content, maintype="application", subtype="xml", filename=f"{document_id}.xml")
    return mail.as_bytes()
