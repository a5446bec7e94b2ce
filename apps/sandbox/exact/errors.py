"""How Exact refuses: statuses and words (Exact facts 3.5). Business words follow the user's language."""

from dataclasses import dataclass, field
from typing import Any

DUTCH, ENGLISH = "nl", "en"

_PROBLEMS = {
    "mandatory": ("Verplicht", "Mandatory"),
    "invalid": ("Ongeldig", "Invalid"),
    "reference": ("Ongeldige referentie", "Invalid reference"),
    "exists": ("Bestaat reeds", "Already exists"),
    "in_use": ("In gebruik", "In use"),
    "not_allowed": ("Niet toegestaan", "Not allowed"),
    "closed": ("Periode is afgesloten", "Period is closed"),
}
_SENTENCES = {
    "known": ("Gegeven bestaat reeds.", "Data already exists."),
    "no_year": (
        "Onbekend: Boekjaar (Periode-datum tabel)",
        "Unknown: Financial year (Period-date table)",
    ),
    "vat_amount": (
        'Een btw bedrag is niet toegestaan als u gebruikmaakt van een btw-code van het type "geen btw"',
        "A VAT amount is not allowed if you use a VAT code of type 'No VAT' or 'VAT 0%'.",
    ),
    "trial": (  # [G]: one vendor names a limit of trial accounts, in no words (Exact facts 3.5)
        "Niet toegestaan: Digitale brievenbus (limiet van een proefaccount)",
        "Not allowed: Digital mailbox (trial account limit)",
    ),
    "processed": ("Reeds verwerkt", "Already processed"),
}
_LABELS = {
    "Account": ("Relatie", "Account"),
    "AmountFC": ("Bedrag", "Amount"),
    "Attachment": ("Bijlage", "Attachment"),
    "AttachmentFileName": ("Bestandsnaam", "File name"),
    "BankAccount": ("Bankrekening", "Bank account"),
    "Code": ("Code", "Code"),
    "ChamberOfCommerce": ("KvK-nummer", "Chamber of commerce"),
    "Country": ("Land", "Country"),
    "CostCenter": ("Kostenplaats", "Cost center"),
    "Costcenter": ("Kostenplaats", "Cost center"),
    "CostUnit": ("Kostendrager", "Cost unit"),
    "Costunit": ("Kostendrager", "Cost unit"),
    "Currency": ("Valuta", "Currency"),
    "Description": ("Omschrijving", "Description"),
    "Document": ("Document", "Document"),
    "Email": ("E-mail", "Email"),
    "EntryID": ("Boeking", "Entry"),
    "EntryNumber": ("Boekstuknummer.", "Document number"),
    "FileName": ("Bestandsnaam", "File name"),
    "ForDivision": ("Divisie", "Division"),
    "From": ("Van", "From"),
    "GLAccount": ("Grootboekrekening", "G/L Account"),
    "GLAccountType": ("Grootboekrekeningtype", "G/L Account type"),
    "CallbackURL": ("Callback-URL", "Callback URL"),
    "Item": ("Artikel", "Item"),
    "ItemGroup": ("Artikelgroep", "Item group"),
    "ItemUnit": ("Eenheid", "Unit"),
    "Journal": ("Dagboek", "Journal"),
    "MailMessageID": ("Bericht", "Message"),
    "Mailbox": ("Digitale brievenbus", "Digital mailbox"),
    "Name": ("Naam", "Name"),
    "OrderNumber": ("Ordernummer", "Order number"),
    "PaymentCondition": ("Betalingsconditie", "Payment condition"),
    "PaymentConditionPurchase": ("Betalingsconditie", "Payment condition"),
    "PaymentConditionSales": ("Betalingsconditie", "Payment condition"),
    "PurchaseEntryLines": ("Boekingsregels", "Entry lines"),
    "PurchaseInvoiceLines": ("Regels", "Lines"),
    "PurchaseOrderID": ("Inkooporder", "Purchase order"),
    "PurchaseOrderLine": ("Inkooporderregel", "Purchase order line"),
    "PurchaseOrderLines": ("Regels", "Lines"),
    "PurchasePrice": ("Inkoopprijs", "Purchase price"),
    "PurchaseUnit": ("Inkoopeenheid", "Purchase unit"),
    "PurchaseVATCode": ("Btw-code", "VAT code"),
    "QuantityInPurchaseUnits": ("Aantal", "Quantity"),
    "RecipientMailboxID": ("Digitale brievenbus", "Digital mailbox"),
    "ReportingPeriod": ("Periode", "Period"),
    "SalesVATCode": ("Btw-code", "VAT code"),
    "SalesVatCode": ("Btw-code", "VAT code"),
    "SenderMailboxID": ("Digitale brievenbus", "Digital mailbox"),
    "Subject": ("Onderwerp", "Subject"),
    "Supplier": ("Relatie", "Account"),
    "SupplierType": ("Leverancier", "Supplier"),
    "To": ("Tot", "To"),
    "Topic": ("Onderwerp", "Topic"),
    "Type": ("Type", "Type"),
    "VATCode": ("Btw-code", "VAT code"),
    "Warehouse": ("Magazijn", "Warehouse"),
    "YourRef": ("Uw ref.", "Your ref."),
}


def _word(pair: tuple[str, str], language: str) -> str:
    return pair[1] if language == ENGLISH else pair[0]


@dataclass(frozen=True, slots=True)
class Problem:
    """One business objection: a kind, the field it is about, and what stands behind it."""

    kind: str
    field: str = ""
    detail: str = ""

    def text(self, language: str) -> str:
        """Return the words: `Label-of-problem: Label-of-field (detail)`, or a sentence of its own."""
        if self.kind in _SENTENCES:
            return _word(_SENTENCES[self.kind], language)
        if self.kind == "closed":
            return f"{_word(_PROBLEMS['closed'], language)}: {self.detail}"
        label = _word(_LABELS.get(self.field, (self.field, self.field)), language)
        detail = f" ({self.detail})" if self.detail else ""
        return f"{_word(_PROBLEMS[self.kind], language)}: {label}{detail}"


@dataclass
class Refused(Exception):
    """The call is answered with this status; `words` is the message, empty: no body at all."""

    status: int
    words: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Return the message for a user of this language."""
        return self.words


@dataclass
class Objection(Refused):
    """Business validation failed: status 500, all problems joined by line breaks."""

    status: int = 500
    problems: tuple[Problem, ...] = ()

    def text(self, language: str) -> str:
        return "\r\n".join(dict.fromkeys(problem.text(language) for problem in self.problems))


def objection(*problems: Problem) -> Objection:
    """Return the refusal that names these problems."""
    return Objection(problems=problems)


def stream(words: str) -> Refused:
    """Return the refusal of a malformed body."""
    return Refused(400, f"Error processing request stream. {words}")


def syntax(words: str = "") -> Refused:
    """Return the refusal of a malformed query."""
    return Refused(400, f"Error in query syntax. {words}".strip())


def body(words: str) -> dict[str, Any]:
    """Return the JSON body of an error."""
    return {"error": {"code": "", "message": {"lang": "", "value": words}}}
