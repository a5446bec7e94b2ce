"""Documents as they come in: the sample invoice with other numbers, dates, amounts, vendors and receivers."""

from decimal import Decimal

from tests.intake import samples
from tests.intake.samples import replaced

OUR_KVK, OUR_VAT = "17131139", "NL809561074B01"
THEIR_KVK, THEIR_VAT, THEIR_IBAN = "34567892", "NL897620458B01", "NL47BUNQ0649621411"
THEIR_DOMAIN = "anker-touw.example.nl"
_WRITTEN_VAT, _WRITTEN_IBAN = "NL8976.20.458.B.01", "NL47 BUNQ 0649621411"


def xml(
    *,
    number: str = "2026-0042",
    day: str = "2026-09-15",
    net: str = "100.00",
    lines: int = 1,
    kind: str = "Invoice",
    vendor: str = "Anker en Touw",
    vat: str = _WRITTEN_VAT,
    kvk: str = THEIR_KVK,
    iban: str = _WRITTEN_IBAN,
    domain: str = THEIR_DOMAIN,
    receiver: str = OUR_KVK,
) -> bytes:
    """Return a right document; `net` is of each of its `lines`, `receiver` the KvK number of the customer."""
    text = samples.ubl(lines=lines, kind=kind, net=Decimal(net))
    for old, new in (
        ("<cbc:ID>2026-0042</cbc:ID>", f"<cbc:ID>{number}</cbc:ID>" if number else ""),
        ("2026-09-15", day),
        ("Anker en Touw", vendor),
        (_WRITTEN_VAT, vat),
        (THEIR_KVK, kvk),
        (_WRITTEN_IBAN, iban),
        (THEIR_DOMAIN, domain),
    ):
        text = replaced(text, old, new)
    return _received_by(text, receiver).encode()


def anonymous(**changes: str) -> bytes:
    """Return a document whose vendor has a name and no number at all."""
    text = xml(vat="", kvk="", iban="", domain="", **changes).decode()  # type: ignore[arg-type]
    return replaced(text, "<cbc:ElectronicMail>post@</cbc:ElectronicMail>", "").encode()


def without_due_date(content: bytes) -> bytes:
    """Return `content` without its due date."""
    return replaced(content.decode(), "<cbc:DueDate>2026-10-15</cbc:DueDate>", "").encode()


def changed(content: bytes, old: str, new: str) -> bytes:
    """Return `content` with every `old` replaced by `new`; fails when there is none."""
    return replaced(content.decode(), old, new).encode()


def _received_by(text: str, kvk: str) -> str:
    return text if kvk == OUR_KVK else replaced(replaced(text, OUR_KVK, kvk), OUR_VAT, "")
