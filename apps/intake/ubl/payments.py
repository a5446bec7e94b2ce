"""How a UBL document wants to be paid, and the files it carries. Pure."""

from decimal import Decimal

from apps.core import identifiers as ids
from apps.intake.document import Attachment, PaymentMeans
from apps.intake.ubl.branches import Branch
from apps.intake.ubl.values import Values

_SUFFIXES = {
    "application/pdf": ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}


def _means(branch: Branch, values: Values) -> PaymentMeans:
    payee = branch.under("PayeeFinancialAccount")
    bank = payee.under("FinancialInstitutionBranch")
    mandate = branch.under("PaymentMandate")
    payer = mandate.under("PayerFinancialAccount").text("ID")
    account = payee.text("ID")
    return PaymentMeans(
        code=branch.text("PaymentMeansCode"),
        account=account,
        iban=ids.iban(account),
        account_name=payee.text("Name"),
        bic=bank.text("ID") or bank.under("FinancialInstitution").text("ID"),
        reference=branch.text("PaymentID"),
        due_date=values.day(branch, "PaymentDueDate"),
        mandate=mandate.text("ID"),
        payer_account=payer,
        payer_iban=ids.iban(payer),
        label=branch.text("ID"),
    )


def read_payment_means(root: Branch, values: Values) -> tuple[PaymentMeans, ...]:
    """Return every cac:PaymentMeans of the document."""
    return tuple(_means(branch, values) for branch in root.every("PaymentMeans"))


def read_g_account(root: Branch, values: Values) -> Decimal | None:
    """Return what is to be paid to the blocked account: the terms of the means GACCOUNT (NLCIUS extension)."""
    for terms in root.every("PaymentTerms"):
        if terms.text("PaymentMeansID").upper() == "GACCOUNT":
            return values.amount(terms, "Amount")
    return None


def read_rate(root: Branch, values: Values, currency: str) -> tuple[Decimal, str] | None:
    """Return how much of another currency one of `currency` is, and which, as a UBL exchange rate says.

    The source currency times the rate (or, by its operator, divided by it) is the target currency.
    """
    for name in ("TaxExchangeRate", "PaymentExchangeRate", "PricingExchangeRate"):
        branch = root.under(name)
        rate = values.number(branch, "CalculationRate")
        source, target = (values.currency(branch, f"{end}CurrencyCode") for end in ("Source", "Target"))
        if not rate or rate < 0 or source == target or currency not in (source, target):
            continue
        divides = branch.text("MathematicOperatorCode").casefold() == "divide"
        if divides != (currency == target):
            rate = 1 / rate
        if Decimal("0.000001") < rate < 1_000_000:
            return round(rate, 8), target if currency == source else source
    return None


def _safe_name(written: str, reference: str, mime: str) -> str:
    name = (written or reference).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if c.isprintable()).strip(" .")[-120:] or "attachment"
    return name if "." in name else name + _SUFFIXES.get(mime, "")


def read_attachments(root: Branch) -> tuple[Attachment, ...]:
    """Return the embedded files; the base64 text is kept and decoded on demand. Links are not followed."""
    found = []
    for reference in root.every("AdditionalDocumentReference"):
        attachment = reference.under("Attachment")
        encoded = attachment.raw("EmbeddedDocumentBinaryObject")
        if encoded:
            mime = attachment.attribute("EmbeddedDocumentBinaryObject", "mimeCode")
            written = attachment.attribute("EmbeddedDocumentBinaryObject", "filename")
            name = _safe_name(written, reference.text("ID"), mime)
            found.append(Attachment(name, mime, encoded, reference.text("ID")))
    return tuple(found)
