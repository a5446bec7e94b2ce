"""What a document and its lines say about VAT, as the rules ask it. Pure."""

from dataclasses import replace
from datetime import date
from typing import Any

from apps.core.identifiers import Kind
from apps.intake.document import Document
from apps.invoices.models import Invoice, InvoiceLine
from apps.invoices.models import Kind as DocumentKind
from apps.rules.scenario import Supply


def supply_json(document: Document) -> dict[str, str]:
    """Return what of the VAT of a document stands nowhere else in an invoice's row, as JSON; "" for what is absent."""
    representative = document.tax_representative
    return {
        "tax_point": str(document.tax_point or ""),
        "delivered": str(document.delivery_date or ""),
        "delivery_country": document.delivery_country[:2],
        "representative": next(iter(representative.values(Kind.VAT)), "") if representative else "",
    }


def of_document(invoice: Invoice, country: str = "") -> Supply:
    """Return what `invoice` says about VAT in all its lines; `country` is that of the supplier's card."""
    kept = invoice.payment.get("supply", {})
    start, end = invoice.payment.get("period") or ("", "")
    return Supply(
        note=invoice.payment.get("note", ""),
        is_credit=invoice.kind == DocumentKind.CREDIT_NOTE,
        issued=invoice.issue_date,
        tax_point=_day(kept.get("tax_point", "")),
        delivered=_day(kept.get("delivered", "")),
        period=(_day(start), _day(end)),
        seller_country=invoice.vendor.get("country", "") or country,
        seller_vat=_vat(invoice.vendor) or kept.get("representative", ""),
        seller_vat_valid=_is_valid(invoice.vendor),
        buyer_vat=_vat(invoice.customer),
        delivery_country=kept.get("delivery_country", ""),
    )


def of_line(line: InvoiceLine, document: Supply, country: str = "") -> Supply:
    """Return what `line` of a `document` says about VAT; `country` counts where the document names none."""
    return replace(
        document,
        category=line.category,
        rate=line.rate,
        exemption_code=line.exemption_code,
        exemption_reason=line.exemption_reason,
        text=line.description,
        is_credit=document.is_credit or line.net < 0,
        seller_country=document.seller_country or country,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _vat(party: dict[str, Any]) -> str:
    """The first VAT number of a party in its normal form; one with wrong check digits still says whose it is."""
    numbers = [value for kind, value, _valid in party.get("identifiers", []) if kind == Kind.VAT.value]
    return numbers[0] if numbers else "".join(sign for sign in party.get("vat", "").upper() if sign.isalnum())


def _is_valid(party: dict[str, Any]) -> bool:
    """Tell whether the VAT number that `_vat` gives passes its check; none at all is not wrong."""
    checks = [valid for kind, _value, valid in party.get("identifiers", []) if kind == Kind.VAT.value]
    return bool(checks[0]) if checks else not _vat(party)
