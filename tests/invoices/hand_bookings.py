"""Entries that a bookkeeper made in Exact, as the ledger mirror shows them."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from apps.core import clock
from apps.exact.models import Division, GLAccount, LedgerLine
from apps.invoices.models import Invoice
from tests.exact.factories import GLAccountFactory, LedgerLineFactory, SyncStateFactory

VAT_ACCOUNT = 24


def book(
    invoice: Invoice,
    division: Division,
    *,
    number: str | None = None,
    day: date | None = None,
    supplier: UUID | None = None,
    accounts: dict[str, str] | None = None,
    vat_code: str = "V21",
    vat: str = "21.00",
    cost_center: str = "",
    rate: str = "1",
) -> UUID:
    """Book the sample invoice (100.00 and 21.00 of VAT on 4000) by hand, with these changes; return the entry's id."""
    entry, number = uuid4(), invoice.number if number is None else number
    nets = {code: Decimal(net) for code, net in (accounts or {"4000": "100.00"}).items()}
    common = {
        "division": division,
        "entry_id": entry,
        "entry_number": 26600000 + LedgerLine.objects.count(),
        "type": 30,
        "relation": supplier or invoice.supplier,
        "your_ref": number,
        "date": day or invoice.issue_date,
    }

    def line(place: int, code: str, amount: Decimal, account: UUID | None = None, **more: object) -> None:
        LedgerLineFactory(
            line_number=place,
            gl_code=code,
            gl_account=account or uuid4(),
            amount_fc=amount,
            amount=amount * Decimal(rate),
            **{**common, **more},
        )

    line(0, "1600", -sum(nets.values(), Decimal(vat)))
    for place, (code, net) in enumerate(nets.items(), start=1):
        line(place, code, net, vat_code=vat_code, cost_center=cost_center)
    if Decimal(vat):
        line(len(nets) + 1, "1520", Decimal(vat), _vat_account(division).exact_id, vat_code=vat_code)
    return entry


def _vat_account(division: Division) -> GLAccount:
    found = GLAccount.objects.filter(division=division, type=VAT_ACCOUNT).first()
    return found or GLAccountFactory(division=division, code="1520", type=VAT_ACCOUNT)


def read_ledger(division: Division) -> None:
    """Say that the ledger of `division` was read just now."""
    SyncStateFactory(division=division, resource="ledger", synced_at=clock.now())
