"""E-invoices by the hundred: one sample with other parties, another number and other dates."""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import date, timedelta

from apps.invoices.demo import FIXTURES

_SAMPLE = (FIXTURES / "documents/01-zwaluw-bloem.xml").read_text()
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_ENCLOSED = (
    "<cac:AdditionalDocumentReference><cbc:ID>{number}</cbc:ID><cac:Attachment>"
    '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="{number}.pdf">{content}'
    "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
)
_SUPPLIER = "<cac:AccountingSupplierParty>"


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or receives an invoice, as Exact knows them."""

    name: str
    chamber: str
    vat: str
    iban: str = ""


def invoice(number: str, day: date, supplier: Party, customer: Party, *, with_pdf: bool) -> bytes:
    """Return an invoice of `supplier` to `customer`; without a PDF inside, Postkamer makes a page of it."""
    text = _SAMPLE.replace("2026-10441", number)
    text = text.replace("2026-09-03", day.isoformat())
    text = text.replace("2026-10-03", (day + timedelta(days=30)).isoformat())
    text = text.replace("Maalderij De Zwaluw B.V.", supplier.name).replace(
        "NL47BUNQ0649621411", supplier.iban
    )
    text = text.replace("51439807", supplier.chamber).replace("NL897620458B01", supplier.vat)
    text = text.replace("Bakkerij De Gouden Aar B.V.", customer.name)
    text = text.replace("64134164", customer.chamber).replace("NL899646402B01", customer.vat)
    text = re.sub(r"<cac:OrderReference>.*?</cac:OrderReference>", "", text, flags=re.DOTALL)
    if with_pdf:
        content = b64encode(PDF + number.encode()).decode()
        text = text.replace(_SUPPLIER, _ENCLOSED.format(number=number, content=content) + _SUPPLIER)
    return text.encode()
