"""The cards as Exact gives them: crm/Accounts and crm/BankAccounts."""

from collections.abc import Iterable, Iterator

from apps.sandbox.firm.cards import Card
from apps.sandbox.firm.dimensions import condition
from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.ledger import CREDITORS, DEBTORS, chart
from apps.sandbox.firm.source import Entry, Row, guid
from apps.sandbox.firm.vat import table

RESOURCE = "crm/Accounts"


def entries(division: Division, cards: Iterable[Card]) -> Iterator[Entry]:
    """Yield the rows of crm/Accounts and crm/BankAccounts for these cards of the division."""
    for card in cards:
        yield RESOURCE, division.code, _account(division.code, card)
        for number, (iban, bic) in enumerate(card.banks):
            yield "crm/BankAccounts", division.code, _bank(division.code, card, iban, bic, number == 0)


def key(division: int, card: Card) -> str:
    """Return the Guid of the card's row in crm/Accounts."""
    return guid(division, RESOURCE, card.code)


def _account(division: int, card: Card) -> Row:
    row: Row = {
        "ID": key(division, card),
        "Blocked": False,
        "IsSupplier": card.supplier,
        "IsSales": card.customer,
        "Status": "C" if card.customer else "A",
        "Type": "A",
        "Language": "NL",
        "PurchaseCurrency": "EUR",
        "SearchCode": card.exact["Name"].upper()[:20].strip(),
        "StartDate": "2021-01-01",
    }
    return row | card.exact | _purchase(division, card) | _sales(division, card)


def _purchase(division: int, card: Card) -> Row:
    if not card.supplier:
        return {}
    row: Row = {"GLAP": chart(division)[CREDITORS]["ID"]}
    if card.ledger:
        row["GLAccountPurchase"] = chart(division)[card.ledger]["ID"]
    if card.vat:
        code = table(division)[card.vat]
        row |= {"PurchaseVATCode": code["Code"], "PurchaseVATCodeDescription": code["Description"]}
    if card.condition:
        found = condition(division, card.condition)
        row["PaymentConditionPurchase"] = found["Code"]
        row["PaymentConditionPurchaseDescription"] = found["Description"]
    return row


def _sales(division: int, card: Card) -> Row:
    return {"GLAR": chart(division)[DEBTORS]["ID"], "SalesCurrency": "EUR"} if card.customer else {}


def _bank(division: int, card: Card, iban: str, bic: str, main: bool) -> Row:
    name = card.exact["Name"]
    return {
        "ID": guid(division, "crm/BankAccounts", f"{card.code}/{iban}"),
        "Account": key(division, card),
        "AccountName": name,
        "BankAccount": iban,
        "IBAN": iban,
        "BICCode": bic,
        "BankAccountHolderName": name,
        "Main": main,
        "Blocked": False,
        "Type": "A",
    }
