"""Turns a purchase entry as sent into one as Exact would keep it, or objects (Exact facts 3.5, 4.4, 5)."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from apps.core import clock
from apps.sandbox.exact import booking, masters, store
from apps.sandbox.exact.booking import Amounts, VATRule
from apps.sandbox.exact.errors import Problem, objection

Data = dict[str, Any]

PERIODS, STATUS_LIST = "financial/FinancialPeriods", "read/financial/JournalStatusList"
CHECKED = frozenset(
    {"Supplier", "Journal", "PaymentCondition", "GLAccount", "VATCode", "CostCenter", "CostUnit"}
)
PURCHASE_JOURNAL = 22
CLOSED = 1
REFUSED_LEDGER_TYPES = frozenset({20, 22, 24})
MANDATORY, NOT_ALLOWED = 1, 2
YOUR_REF_LENGTH = 50


@dataclass(slots=True)
class DraftLine:
    """One cost line with what it points at and what it comes to."""

    data: Data
    ledger: Data
    vat_code: Data | None
    rule: VATRule
    amounts: Amounts


@dataclass(slots=True)
class Draft:
    """A checked entry: header fields complete but for number and document."""

    division: int
    header: Data
    supplier: Data
    journal: Data
    rate: Decimal
    lines: list[DraftLine] = field(default_factory=list)

    @property
    def payable(self) -> Decimal:
        """What the supplier gets."""
        return sum((line.amounts.payable for line in self.lines), booking.ZERO)

    @property
    def vat(self) -> Decimal:
        """What the invoice shows as VAT; reverse-charged VAT is not in it."""
        return sum((line.amounts.vat for line in self.lines if not line.rule.charged), booking.ZERO)

    def domestic(self, amount: Decimal) -> float:
        """Return an amount in the currency of the administration."""
        return float(booking.cents(amount * self.rate))


def draft(division: int, header: Data, lines: list[Data]) -> Draft:
    """Return the checked entry; raises Objection with every problem found."""
    problems: list[Problem] = []
    if not lines:
        raise objection(Problem("mandatory", "PurchaseEntryLines"))
    supplier = masters.supplier(division, header["Supplier"], problems)
    journal = _journal(division, header["Journal"], problems)
    day = date.fromisoformat((header.get("EntryDate") or clock.today().isoformat())[:10])
    header = {**header, "EntryDate": day.isoformat(), **_period(division, header, day, problems)}
    header |= _terms(division, header, supplier, day, problems)
    made = [_line(division, line, journal, day, problems) for line in lines]
    if problems:
        raise objection(*problems)
    found = Draft(division, header, supplier, journal, booking.decimal(header["Rate"]), made)
    _override_vat(found, header.get("VATAmountFC"))
    _total(found)
    return found


def _journal(division: int, code: str, problems: list[Problem]) -> Data:
    row = store.by_mark("financial/Journals", division, code)
    if row is None:
        problems.append(Problem("reference", "Journal"))
        return {}
    if row.data.get("Type") != PURCHASE_JOURNAL:
        problems.append(Problem("invalid", "Journal", "Type"))
    if row.data.get("IsBlocked"):
        problems.append(Problem("invalid", "Journal", "Geblokkeerd"))
    return store.fields(row)


def _period(division: int, header: Data, day: date, problems: list[Problem]) -> Data:
    named = header.get("ReportingYear"), header.get("ReportingPeriod")
    found = _named_period(division, named) if None not in named else _period_of(division, day.isoformat())
    if found is None:
        problems.append(Problem("no_year"))
        return {"ReportingYear": day.year, "ReportingPeriod": day.month}
    year, period = found["FinYear"], found["FinPeriod"]
    status = store.find(STATUS_LIST, division, f"{header['Journal'].strip()}|{period}|{year}")
    if status and status.data.get("Status") == CLOSED:
        problems.append(Problem("closed", detail=f"{year} - {period}"))
    return {"ReportingYear": year, "ReportingPeriod": period}


def _named_period(division: int, named: tuple[Any, Any]) -> Data | None:
    rows = store.rows(PERIODS, division)
    row = rows.filter(data__FinYear=named[0], data__FinPeriod=named[1]).first()
    return store.fields(row) if row else None


def _period_of(division: int, day: str) -> Data | None:
    for row in store.rows(PERIODS, division):
        if row.data["StartDate"][:10] <= day <= row.data["EndDate"][:10]:
            return store.fields(row)
    return None


def _terms(division: int, header: Data, supplier: Data, day: date, problems: list[Problem]) -> Data:
    code = header.get("PaymentCondition") or supplier.get("PaymentConditionPurchase")
    row = store.by_mark("cashflow/PaymentConditions", division, code) if code else None
    if header.get("PaymentCondition") and row is None:
        problems.append(Problem("reference", "PaymentCondition"))
    currency = header.get("Currency") or "EUR"
    return {
        "PaymentCondition": code,
        "PaymentConditionDescription": row.data.get("Description") if row else None,
        "PaymentConditionPaymentMethod": row.data.get("PaymentMethod") if row else None,
        "DueDate": header.get("DueDate") or booking.due_date(day, row.data if row else None).isoformat(),
        "Currency": currency,
        "Rate": header.get("Rate") or float(booking.RATES.get(currency, Decimal(1))),
        "YourRef": (header.get("YourRef") or "")[:YOUR_REF_LENGTH] or None,
    }


def _line(division: int, sent: Data, journal: Data, day: date, problems: list[Problem]) -> DraftLine:
    line = {**sent}
    ledger = _ledger(division, line["GLAccount"], problems)
    if bool(line.get("From")) != bool(line.get("To")):
        problems.append(Problem("mandatory", "To" if line.get("From") else "From"))
    _dimension(division, line, ledger, "CostCenter", "Costcenter", problems)
    _dimension(division, line, ledger, "CostUnit", "Costunit", problems)
    vat_row = masters.vat_row(division, line.get("VATCode") or ledger.get("VATCode"), problems)
    if vat_row and journal.get("AllowVAT") is False:
        problems.append(Problem("not_allowed", "VATCode"))
    rule = masters.rule(division, vat_row, day)
    if line.get("VATAmountFC") and not rule.bears_vat:
        problems.append(Problem("vat_amount"))
    line["VATCode"] = vat_row.data["Code"].strip() if vat_row else None
    vat = booking.decimal(line["VATAmountFC"]) if line.get("VATAmountFC") is not None else None
    made = booking.amounts(booking.decimal(line["AmountFC"]), rule, vat)
    return DraftLine(line, ledger, vat_row.data if vat_row else None, rule, made)


def _ledger(division: int, key: str, problems: list[Problem]) -> Data:
    row = store.find("financial/GLAccounts", division, key)
    if row is None:
        problems.append(Problem("reference", "GLAccount"))
        return {}
    if row.data.get("Type") in REFUSED_LEDGER_TYPES:
        problems.append(Problem("invalid", "GLAccountType"))
    if row.data.get("IsBlocked"):
        problems.append(Problem("invalid", "GLAccount", "Geblokkeerd"))
    return store.fields(row)


def _dimension(
    division: int, line: Data, ledger: Data, name: str, ledger_name: str, problems: list[Problem]
) -> None:
    use = ledger.get(f"Use{ledger_name}") or 0
    code = line.get(name) or (ledger.get(ledger_name) if use != NOT_ALLOWED else None)
    if use == MANDATORY and not code:
        problems.append(Problem("mandatory", name))
    if use == NOT_ALLOWED and code:
        problems.append(Problem("not_allowed", name))
    row = masters.dimension(division, name, code, problems)
    line[name] = code or None
    line[f"{name}Description"] = row.data.get("Description") if row else None


def _override_vat(found: Draft, total: float | None) -> None:
    bearing = [line for line in found.lines if line.rule.bears_vat and not line.rule.charged]
    if total is None or booking.decimal(total) == found.vat:
        return
    if not bearing:
        raise objection(Problem("vat_amount"))
    line = max(bearing, key=lambda each: abs(each.amounts.vat))
    vat = line.amounts.vat + booking.decimal(total) - found.vat
    line.amounts = booking.amounts(booking.decimal(line.data["AmountFC"]), replace(line.rule), vat)


def _total(found: Draft) -> None:
    payable, vat = found.payable, found.vat
    if booking.decimal(found.header.get("GAccountAmountFC")) * payable < 0:
        raise objection(Problem("invalid", "GAccountAmountFC"))
    kind = 30 if payable >= 0 else 31
    found.header |= {
        "AmountFC": float(payable),
        "AmountDC": found.domestic(payable),
        "VATAmountFC": float(vat),
        "VATAmountDC": found.domestic(vat),
        "Type": kind,
        "TypeDescription": "Inkoopboeking" if kind == 30 else "Inkoopcreditnota",
        "Journal": found.journal["Code"].strip(),
        "JournalDescription": found.journal.get("Description"),
        "SupplierName": found.supplier.get("Name"),
    }
