"""Exact's words -> the cause a document waits for. Pure.

The texts follow the grammar `Problem: Field (detail)`, in the language of the connected user, several of them joined
in one text (Exact 3.5); both languages are read. What is not in the tables is never guessed: the document waits as
*rejected by Exact*, with Exact's words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.core.causes import Cause

_PROBLEMS = {
    "reference": "ongeldige referentie|invalid reference",
    "mandatory": "verplicht|mandatory|required",
    "invalid": "ongeldig|invalid",
    "exists": "bestaat reeds|already exists",
    "in_use": "in gebruik|in use",
    "not_allowed": "niet toegestaan|not allowed",
    "closed": "periode is afgesloten|period is closed",
    "unknown": "onbekend|unknown",
    "not_found": "niet gevonden|not found",
    "must_be": "moet zijn|must be",
}
_FIELDS = {  # the longer label before the one it begins with
    "gl_account": "grootboekrekening|g/l account",
    "journal": "dagboek|journal",
    "payment_condition": "betalingsconditie|payment condition",
    "year": "boekjaar|financial year|fiscal year",
    "period": "periode|period|rapportageperiode|reporting period",
    "vat_number": "btw-nummer|vat number",
    "vat_code": "btw-code|vat code|btw-percentage|vat percentage",
    "vat_amount": "btw-bedrag|btw bedrag|vat amount",
    "cost_center": "kostenplaats|cost cent",
    "cost_unit": "kostendrager|cost unit",
    "entry_number": "boekstuknummer|document number|entry number",
    "document_type": "documenttype|document type|type",
    "document": "document",
    "bank_account": "bankrekening|bank account",
    "order_number": "inkoopordernummer|ordernummer|purchase order number|order number",
    "order_lines": "inkooporderregels?|orderregels?|purchase order lines?|order lines?",
    "order": "inkooporder|purchase order",
    "invoice_lines": "factuurregels?|purchase invoice lines?|invoice lines?",
    "supplier_item": "leveranciersartikel|artikelcode leverancier|supplier item|supplier's item",
    "item_group": "artikelgroep|item group",
    "price": "inkoopprijs|nettoprijs|stuksprijs|prijs|purchase price|net price|unit price|price",
    "unit": "inkoopeenheid|eenheid|purchase unit|unit",
    "quantity": "aantal|hoeveelheid|quantity",
    "barcode": "barcode|streepjescode",
    "warehouse": "magazijn|warehouse",
    "relation": "relatie|leverancier|klant|account|supplier|customer",
    "your_ref": "uw ref|your ref",
    "mandate": "mandaat|mandate",
    "mailbox": "digitale brievenbus|digitale postbus|digital mailbox|digital postbox",
    "division": "divisie|division",
    "currency": "valuta|currency",
    "amount": "bedrag|amount",
    "lines": "boekingsregels|regels|entry lines|lines",
    "description": "omschrijving|description",
    "chamber_of_commerce": "kvk-nummer|kvk|kamer van koophandel|chamber of commerce",
    "name": "naam|name",
    "country": "land|country",
    "postcode": "postcode|postal code",
    "subject": "onderwerp|subject",
    "attachment": "bijlage|attachment|bestandsnaam|file name",
    "email": "e-?mail",
    "code": "code",
    "item": "artikelcode|artikel|item code|item",
    "entry": "boeking|entry",
    "dates": "van|tot|from|to",
    "unique": "uniek|unique",
}
_SENTENCES = {
    "no_vat_amount": "een btw[ -]bedrag is niet toegestaan|a vat amount is not allowed",
    "cost_not_allowed": "the selected cost (unit|cent(er|re)) is not allowed",
    "data_exists": "gegeven bestaat reeds|data already exists",
    "double": r".*\b(dubbele?|duplicate)\b",
    "other_ledger": "de (klanten|leveranciers)rekening van deze relatie",
    "processed": "reeds verwerkt|already processed",
    "portal_user": "document type not allowed",
    "raw": "niet herkende guid|unrecognized guid|de objectverwijzing is niet|object reference not set",
    "malformed": "error processing request stream|error in query syntax|this endpoint has mandatory filtering|"
    "filtering on these fields|this \\$filter parameter|please add a \\$select",
}
_CAUSES: dict[tuple[str, str], str] = {  # "" stands for any
    ("closed", ""): Cause.PERIOD_CLOSED,
    ("", "year"): Cause.PERIOD_CLOSED,
    ("", "period"): Cause.PERIOD_CLOSED,
    ("", "vat_code"): Cause.NO_VAT_CODE,
    ("", "vat_amount"): Cause.NO_VAT_CODE,
    ("no_vat_amount", ""): Cause.NO_VAT_CODE,
    ("", "cost_center"): Cause.COST_CENTRE_MISSING,
    ("", "cost_unit"): Cause.COST_CENTRE_MISSING,
    ("cost_not_allowed", ""): Cause.COST_CENTRE_MISSING,
    ("", "gl_account"): Cause.NO_GL_ACCOUNT,
    ("invalid", "relation"): Cause.SUPPLIER_BLOCKED,
    ("reference", "relation"): Cause.SUPPLIER_BLOCKED,
    ("not_found", "relation"): Cause.SUPPLIER_BLOCKED,
    ("reference", "item"): Cause.ITEM_UNKNOWN,
    ("mandatory", "item"): Cause.ITEM_UNKNOWN,
    ("not_found", "item"): Cause.ITEM_UNKNOWN,
    ("unknown", "item"): Cause.ITEM_UNKNOWN,
}
_ELSEWHERE = {  # say nothing about an entry or an order
    *("mandate", "mailbox", "division", "item", "code", "bank_account"),
    *("supplier_item", "item_group", "unit", "quantity", "price", "barcode", "warehouse"),
    *("vat_number", "chamber_of_commerce", "name", "country", "postcode"),
}
_NUMBERS = {"entry_number", "order_number"}
_LABELLED = re.compile(r"(?P<problem>[^:(]+?)\s*(?:\([^)]*\))?\s*(?::|\s-)\s*(?P<field>.*)", re.DOTALL)
_PARTS = re.compile(r"[\r\n]+|;\s+")
_FAULTS = re.compile(
    r"an error occurred while processing|er is een fout opgetreden|time-?d? ?out|deadlock|try again|probeer .*opnieuw",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that Exact has against what was sent: which problem, with which field, in its own words.

    `problem` and `field` are names of the tables above, "" for what is in none.
    """

    problem: str
    field: str
    words: str

    @property
    def is_known(self) -> bool:
        """Whether we know what it means, also when no button of ours solves it."""
        return bool(self.problem and (self.field or self.problem in _SENTENCES or self.problem == "closed"))

    @property
    def cause(self) -> str:
        """What the document waits for."""
        if not self.is_known:
            return Cause.REJECTED_BY_EXACT
        keys = ((self.problem, self.field), (self.problem, ""), ("", self.field))
        return next((_CAUSES[key] for key in keys if key in _CAUSES), Cause.REJECTED_BY_EXACT)

    @property
    def key(self) -> str:
        """What makes two objections equal: problem and field, or the text itself without its numbers."""
        if self.is_known:
            return f"{self.problem}|{self.field}"
        return re.sub(r"\d+", "#", self.words.casefold())


def objections(words: str) -> list[Objection]:
    """Return what Exact's `words` object to, in their order."""
    return list(_read(words))


def cause_of(words: str) -> str:
    """Return the cause that Exact's `words` mean; several joined sentences give the first that is known."""
    causes = (objection.cause for objection in _read(words))
    return next((cause for cause in causes if cause != Cause.REJECTED_BY_EXACT), Cause.REJECTED_BY_EXACT)


def is_known(words: str) -> bool:
    """Tell whether we know all of what Exact's `words` say; no words at all say nothing unknown."""
    return all(objection.is_known for objection in _read(words))


def key_of(words: str) -> str:
    """Return what is the same in two refusals that object to the same, whatever the document."""
    return " ".join(sorted({objection.key for objection in _read(words)}))


def is_fault(words: str) -> bool:
    """Tell whether `words` speak of a fault of Exact itself and not of what was sent: then time may solve it."""
    return not words or bool(_FAULTS.search(words))


def is_about_numbering(words: str) -> bool:
    """Tell whether a number that Exact itself gives was taken: it says nothing about the document (Exact 5)."""
    return any(one.problem in {"in_use", "exists"} and one.field in _NUMBERS for one in _read(words))


def says_it_exists(words: str) -> bool:
    """Tell whether Exact refused because it already has something like this (Exact 5): its literal text is unknown."""
    return any(
        one.problem in {"data_exists", "double"}
        or (one.problem in {"exists", "in_use"} and one.field not in _ELSEWHERE)
        for one in _read(words)
    )


def _read(words: str) -> Iterator[Objection]:
    for part in _PARTS.split(words):
        if text := part.strip():
            yield _objection(text)


def _objection(text: str) -> Objection:
    sentence = _named(_SENTENCES, text)
    if sentence:
        return Objection(sentence, "", text)
    found = _LABELLED.match(text)
    problem = _named(_PROBLEMS, found["problem"], whole=True) if found else ""
    return Objection(problem, _field(found["field"]) if found and problem else "", text)


def _field(text: str) -> str:
    """Return the field that is meant; of `Relation (...) - G/L account: ...` the last one (Exact 3.5)."""
    names = [_named(_FIELDS, segment.strip()) for segment in text.split(" - ")]
    return next((name for name in reversed(names) if name), "")


def _named(table: dict[str, str], text: str, *, whole: bool = False) -> str:
    for name, pattern in table.items():
        match = re.compile(rf"(?:{pattern}){'$' if whole else ''}", re.IGNORECASE).match(text)
        if match and (whole or name in _SENTENCES or _ends_word(text, match.end())):
            return name
    return ""


def _ends_word(text: str, end: int) -> bool:
    """Tell whether a label ends here, and not in the middle of another word: `To` is not `Topic`."""
    return not text[end : end + 1].isalpha() or text[:end].casefold() in _STEMS


_STEMS = frozenset({"grootboekrekening", "cost cent", "mandaat"})
