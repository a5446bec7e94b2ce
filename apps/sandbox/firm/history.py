"""Past purchase entries, as lines of the ledger (financialtransaction/TransactionLines)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.core.money import cents
from apps.sandbox.firm.cards import Card, Past
from apps.sandbox.firm.dimensions import condition, cost_centre
from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.draw import Draw
from apps.sandbox.firm.ledger import CREDITORS, chart, purchase_journal
from apps.sandbox.firm.relations import key
from apps.sandbox.firm.source import Entry, Row, guid
from apps.sandbox.firm.vat import table

RESOURCE = "financialtransaction/TransactionLines"

_FIRST_YEAR, MONTHS = 2025, 20  # January 2025 up to August 2026, before the sample documents begin
_PROCESSED, _OPEN = 50, 20
_ENTRY, _CREDIT_NOTE = 30, 31
_COST_CENTRE_MANDATORY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One past purchase invoice; `net` is negative for a credit note."""

    card: Card
    past: Past
    day: date
    reference: str
    net: Decimal


def entries(division: Division, cards: Iterable[Card]) -> Iterator[Entry]:
    """Yield the ledger lines of the suppliers' past invoices, numbered per year by date."""
    numbers: dict[int, int] = {}
    invoices = (invoice for card in cards if card.past for invoice in _invoices(division, card, card.past))
    for invoice in sorted(invoices, key=lambda each: (each.day, each.card.code)):
        year = invoice.day.year
        numbers[year] = numbers.get(year, (year % 100) * 1_000_000 + 600_000) + 1
        for line in _lines(division, invoice, numbers[year]):
            yield RESOURCE, division.code, line


def first_of(month: int) -> date:
    """Return the first day of a month of the history, counted from 0."""
    return date(_FIRST_YEAR + month // 12, month % 12 + 1, 1)


def status_in(year: int) -> int:
    """Return the status of entries of a year: those of the first are processed."""
    return _PROCESSED if year == _FIRST_YEAR else _OPEN


def _invoices(division: Division, card: Card, past: Past) -> Iterator[Invoice]:
    draw = Draw("past", division.code, card.code)
    prefix, serial = draw.pick(("F", "", "VF-", "2", "INV")), 100 + draw.below(4000)
    for number in range(past.invoices):
        month = number * MONTHS // past.invoices + draw.below(max(1, MONTHS // past.invoices))
        serial += 1 + draw.below(60)
        sign = -1 if draw.chance(0.05) else 1
        yield Invoice(
            card=card,
            past=past,
            day=date(_FIRST_YEAR + month // 12, month % 12 + 1, 1 + draw.below(28)),
            reference=f"{prefix}{_FIRST_YEAR + month // 12}{serial:05}",
            net=sign
            * cents(past.net * (Decimal(75 + draw.below(50)) / 100) + Decimal(draw.below(100)) / 100),
        )


def _lines(division: Division, invoice: Invoice, number: int) -> Iterator[Row]:
    """Yield the creditor's line (0), the cost line, and what VAT adds; together they make zero."""
    code = table(division.code)[invoice.past.vat]
    vat = cents(invoice.net * Decimal(str(code["Percentage"])))
    owed = invoice.net if code["Charged"] else invoice.net + vat
    head = _head(division, invoice, number)
    accounts = chart(division.code)
    yield head | entry_line(head, 0, accounts[CREDITORS], -owed)
    cost = entry_line(head, 1, accounts[invoice.past.ledger], invoice.net) | _vat(code, invoice.net, vat)
    yield head | cost | _cost_centre(division.code, accounts[invoice.past.ledger])
    if vat:
        claim = {
            "ID": code["GLToClaim"],
            "Code": code["GLToClaimCode"],
            "Description": code["GLToClaimDescription"],
        }
        yield head | entry_line(head, 2, claim, vat) | _vat(code, invoice.net, Decimal())
    if vat and code["Charged"]:
        pay = {"ID": code["GLToPay"], "Code": code["GLToPayCode"], "Description": code["GLToPayDescription"]}
        yield head | entry_line(head, 3, pay, -vat) | _vat(code, invoice.net, Decimal())


def _head(division: Division, invoice: Invoice, number: int) -> Row:
    """Return what all lines of an entry have in common."""
    journal, card, day = purchase_journal(division), invoice.card, invoice.day
    days = condition(division.code, card.condition)["PaymentDays"] if card.condition else 30
    return {
        "EntryID": guid(division.code, "purchaseentry/PurchaseEntries", number),
        "EntryNumber": number,
        "JournalCode": journal["Code"],
        "JournalDescription": journal["Description"],
        "Account": key(division.code, card),
        "AccountCode": card.code,
        "AccountName": card.exact["Name"],
        "YourRef": invoice.reference,
        "Description": card.exact["Name"],
        "Date": day.isoformat(),
        "DueDate": (day + timedelta(days=days)).isoformat(),
        "FinancialYear": day.year,
        "FinancialPeriod": day.month,
        "Currency": "EUR",
        "ExchangeRate": 1.0,
        "Type": _CREDIT_NOTE if invoice.net < 0 else _ENTRY,
        "Status": status_in(day.year),
    }


def entry_line(head: Row, number: int, account: Row, amount: Decimal) -> Row:
    """Return what line `number` of the entry with this head has of its own."""
    return {
        "ID": guid(0, RESOURCE, f"{head['EntryID']}/{number}"),
        "LineNumber": number,
        "GLAccount": account["ID"],
        "GLAccountCode": account["Code"],
        "GLAccountDescription": account["Description"],
        "AmountDC": float(amount),
        "AmountFC": float(amount),
    }


def _vat(code: Row, base: Decimal, amount: Decimal) -> Row:
    return {
        "VATCode": code["Code"],
        "VATCodeDescription": code["Description"],
        "VATPercentage": code["Percentage"],
        "VATType": code["Type"],
        "AmountVATBaseFC": float(base),
        "AmountVATFC": float(amount),
    }


def _cost_centre(division: int, account: Row) -> Row:
    return {"CostCenter": cost_centre(division)} if account["UseCostcenter"] == _COST_CENTRE_MANDATORY else {}
