"""Past sales invoices, as lines of the ledger: one a month, so that debtors and VAT are no empty shells."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from apps.core.money import cents
from apps.sandbox.firm.cards import Card
from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.draw import Draw
from apps.sandbox.firm.history import MONTHS, RESOURCE, entry_line, first_of, status_in
from apps.sandbox.firm.ledger import DEBTORS, chart, journal_of_type
from apps.sandbox.firm.relations import key
from apps.sandbox.firm.source import Entry, Row, guid
from apps.sandbox.firm.vat import table

_JOURNAL_TYPE, _ENTRY = 20, 20
_REVENUE, _DAYS = "8000", 30


def entries(division: Division, cards: Sequence[Card]) -> Iterator[Entry]:
    """Yield the ledger lines of one sales invoice a month to the division's customers."""
    customers = [card for card in cards if card.customer and not card.supplier]
    for month in range(MONTHS):
        draw = Draw("sold", division.code, month)
        day = first_of(month) + timedelta(days=draw.below(25))
        net = cents(Decimal(90_000 + draw.below(800_000)) / 100)
        for line in _lines(division, draw.pick(customers), day, net, month % 12 + 1):
            yield RESOURCE, division.code, line


def _lines(division: Division, card: Card, day: date, net: Decimal, serial: int) -> Iterator[Row]:
    vat_table, accounts = table(division.code), chart(division.code)
    code = vat_table.get("sales_high") or vat_table["high"]
    vat = cents(net * Decimal(str(code["Percentage"])))
    head = _head(division, card, day, serial)
    yield head | entry_line(head, 0, accounts[DEBTORS], net + vat)
    bare = {"VATCode": code["Code"], "VATCodeDescription": code["Description"], "VATType": code["Type"]}
    yield head | entry_line(head, 1, accounts[_REVENUE], -net) | bare
    owed = {"ID": code["GLToPay"], "Code": code["GLToPayCode"], "Description": code["GLToPayDescription"]}
    yield head | entry_line(head, 2, owed, -vat) | bare


def _head(division: Division, card: Card, day: date, serial: int) -> Row:
    journal = journal_of_type(division, _JOURNAL_TYPE)
    number = day.year % 100 * 1_000_000 + 700_000 + serial
    return {
        "EntryID": guid(division.code, "salesentry/SalesEntries", number),
        "EntryNumber": number,
        "InvoiceNumber": number,
        "JournalCode": journal["Code"],
        "JournalDescription": journal["Description"],
        "Account": key(division.code, card),
        "AccountCode": card.code,
        "AccountName": card.exact["Name"],
        "YourRef": None,
        "Description": card.exact["Name"],
        "Date": day.isoformat(),
        "DueDate": (day + timedelta(days=_DAYS)).isoformat(),
        "FinancialYear": day.year,
        "FinancialPeriod": day.month,
        "Currency": "EUR",
        "ExchangeRate": 1.0,
        "Type": _ENTRY,
        "Status": status_in(day.year),
    }
