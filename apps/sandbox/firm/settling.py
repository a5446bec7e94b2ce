"""What the bank paid and took in: one bank entry a month, so that the ledger knows which invoices are open."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.history import MONTHS, RESOURCE, entry_line, first_of, status_in
from apps.sandbox.firm.ledger import BANK, CREDITORS, DEBTORS, chart, journal_of_type
from apps.sandbox.firm.source import Entry, Row, guid

_JOURNAL_TYPE, _CASH_FLOW = 12, 40
_BANK_COSTS, _FEE = "4910", Decimal("12.50")
_SALES = 20
_UNPAID_MONTHS = 2  # what fell due in the last two months of the history is still open


def entries(division: Division, lines: Iterable[Row]) -> Iterator[Entry]:
    """Yield the bank's ledger lines for the invoices whose header is among `lines`.

    What is settled tells the payment's OffsetID: the line that it pays. Such links are how the open items
    are known; Exact has matching of its own behind them.
    """
    heads = [line for line in lines if line["LineNumber"] == 0]
    for month in range(MONTHS - _UNPAID_MONTHS):
        start = first_of(month)
        end = start.replace(day=monthrange(start.year, start.month)[1])
        due = [head for head in heads if start.isoformat() <= head["DueDate"] <= end.isoformat()]
        for line in _paid(division, end, due):
            yield RESOURCE, division.code, line


def _paid(division: Division, day: date, due: list[Row]) -> Iterator[Row]:
    accounts, head = chart(division.code), _head(division, day)
    total = sum((Decimal(str(each["AmountDC"])) for each in due), Decimal()) - _FEE
    yield head | entry_line(head, 0, accounts[BANK], total)
    yield head | entry_line(head, 1, accounts[_BANK_COSTS], _FEE)
    for number, each in enumerate(due, start=2):
        account = accounts[DEBTORS if each["Type"] == _SALES else CREDITORS]
        settled = entry_line(head, number, account, -Decimal(str(each["AmountDC"])))
        about = ("Account", "AccountCode", "AccountName", "YourRef", "Description")
        yield head | settled | {name: each[name] for name in about} | {"OffsetID": each["ID"]}


def _head(division: Division, day: date) -> Row:
    journal = journal_of_type(division, _JOURNAL_TYPE)
    number = day.year % 100 * 1_000_000 + 200_000 + day.month
    return {
        "EntryID": guid(division.code, "financialtransaction/BankEntries", number),
        "EntryNumber": number,
        "JournalCode": journal["Code"],
        "JournalDescription": journal["Description"],
        "Account": None,
        "YourRef": None,
        "Description": "Betalingen",
        "Date": day.isoformat(),
        "FinancialYear": day.year,
        "FinancialPeriod": day.month,
        "Currency": "EUR",
        "ExchangeRate": 1.0,
        "Type": _CASH_FLOW,
        "Status": status_in(day.year),
    }
