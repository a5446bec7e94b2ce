"""Invoices for tests whose receiver and sender are whoever a test wants, with the numbers that it wants."""

from tests.intake import samples
from tests.intake.samples import replaced

_THEIRS = {"vat": "NL8976.20.458.B.01", "kvk": "34567892"}
_OURS = {"vat": "NL809561074B01", "kvk": "17131139"}


def party(
    name: str = "", *, kvk: str = "", vat: str = "", peppol: str = "", iban: str = "", email: str = ""
) -> str:
    """Return a cac:Party with the numbers that are given; `peppol` as `0106:12345678`."""
    scheme, _colon, endpoint = peppol.partition(":")
    parts = [
        f'<cbc:EndpointID schemeID="{scheme}">{endpoint}</cbc:EndpointID>' if peppol else "",
        f'<cac:PartyIdentification><cbc:ID schemeID="9918">{iban}</cbc:ID></cac:PartyIdentification>'
        if iban
        else "",
        "<cac:PostalAddress><cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country>"
        "</cac:PostalAddress>",
        f"<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        "</cac:TaxScheme></cac:PartyTaxScheme>"
        if vat
        else "",
        f"<cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>"
        + (f'<cbc:CompanyID schemeID="0106">{kvk}</cbc:CompanyID>' if kvk else "")
        + "</cac:PartyLegalEntity>",
        f"<cac:Contact><cbc:ElectronicMail>{email}</cbc:ElectronicMail></cac:Contact>" if email else "",
    ]
    return f"<cac:Party>{''.join(parts)}</cac:Party>"


def invoice(
    receiver: str,
    *,
    sender: str = "",
    number: str = "2026-0042",
    buyer_reference: str = "",
    order: str = "",
    note: str = "",
    line: str = "",
) -> bytes:
    """Return a right invoice between two `party` texts; without `sender` from a vendor that is nobody's client."""
    text = samples.ubl()
    ours = samples.party("Werf De Hoop", **_OURS)
    theirs = samples.party("Anker en Touw", **_THEIRS)
    text = replaced(replaced(text, ours, receiver), theirs, sender or theirs)
    for old, new in (
        ("<cbc:ID>2026-0042</cbc:ID>", f"<cbc:ID>{number}</cbc:ID>"),
        ("<cbc:BuyerReference>magazijn</cbc:BuyerReference>", _element("BuyerReference", buyer_reference)),
        ("<cac:OrderReference><cbc:ID>PO-7</cbc:ID></cac:OrderReference>", _order(order)),
        ("Dank voor uw opdracht", note or "Dank voor uw opdracht"),
        ("Touw, geslagen, per rol", line or "Touw, geslagen, per rol"),
    ):
        text = replaced(text, old, new)
    return text.encode()


def _element(name: str, text: str) -> str:
    return f"<cbc:{name}>{text}</cbc:{name}>" if text else ""


def _order(number: str) -> str:
    return f"<cac:OrderReference><cbc:ID>{number}</cbc:ID></cac:OrderReference>" if number else ""


def letter(kind: str, receiver: str, sender: str) -> bytes:
    """Return a UBL document of another kind: Reminder, Statement, Order, ApplicationResponse."""
    names = {
        "Order": ("BuyerCustomerParty", "SellerSupplierParty"),
        "ApplicationResponse": ("ReceiverParty", "SenderParty"),
    }
    to, by = names.get(kind, ("AccountingCustomerParty", "AccountingSupplierParty"))
    if kind == "ApplicationResponse":  # these two are parties themselves
        receiver, sender = (
            text.removeprefix("<cac:Party>").removesuffix("</cac:Party>") for text in (receiver, sender)
        )
    return (
        f'<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" {samples.NAMESPACES}>'
        f"<cbc:ID>1</cbc:ID><cac:{by}>{sender}</cac:{by}><cac:{to}>{receiver}</cac:{to}></{kind}>"
    ).encode()
