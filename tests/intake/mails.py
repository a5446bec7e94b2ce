"""Mails as suppliers, their mail programs, and people who mean harm send them."""

from email.message import EmailMessage
from email.policy import SMTP

from tests.office import SAMPLE

UBL = SAMPLE.read_bytes()
PDF = b"%PDF-1.4\n" + b"an invoice\n" * 2000 + b"%%EOF\n"
LOGO = b"\x89PNG\r\n\x1a\n" + b"\1\2\3\4" * 5000
SENDER = "administratie@zwaluw.example"


def message(
    *,
    sender: str = SENDER,
    to: str = "post@kantoor.example",
    subject: str = "Factuur 2026-17",
    text: str = "Bijgaand onze factuur.",
    **headers: str,
) -> EmailMessage:
    """A mail with a text; `headers` with _ for - in their names."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, to, subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def attach(to: EmailMessage, content: bytes, name: str, kind: str = "application/octet-stream") -> None:
    """Attach a file."""
    main, _slash, sub = kind.partition("/")
    to.add_attachment(content, maintype=main, subtype=sub, filename=name)


def invoice_mail(**more: str) -> EmailMessage:
    """A mail with an e-invoice, the same as PDF, and the sender's logo in its HTML."""
    made = message(**more)
    made.add_alternative('<p>Bijgaand.</p><img src="cid:logo@zwaluw">', subtype="html")
    html = made.get_body(("html",))
    assert html is not None
    html.add_related(LOGO, "image", "png", cid="<logo@zwaluw>", filename="logo.png")
    attach(made, UBL, "factuur.xml", "application/xml")
    attach(made, PDF, "factuur.pdf", "application/pdf")
    return made


def forwarding(inner: EmailMessage, **more: str) -> EmailMessage:
    """A mail that carries another one."""
    made = message(**{"subject": "Fwd: factuur", **more})
    made.add_attachment(inner)
    return made
