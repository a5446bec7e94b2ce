"""What is mirrored of a division: one table of resources, and how a row of each becomes columns. Pure.

`sync/` services are read by row version, 1,000 rows a call; the others by Modified, 60 a call (Exact facts 3.6).
Every one of the others has Modified, so none has to be read whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.exact import models
from apps.exact.values import date_of, decimal_of, flag_of, guid_of, integer_of, small_of, text_of

Columns = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """One mirrored resource. `columns` gives None for a row that lacks what its columns need."""

    name: str
    path: str
    model: type[models.Entity]
    fields: tuple[str, ...]
    columns: Callable[[Columns], Columns | None]

    @property
    def by_timestamp(self) -> bool:
        """Whether this is a sync/ service."""
        return self.path.startswith("sync/")

    @property
    def select(self) -> tuple[str, ...]:
        """The fields asked of Exact."""
        return ("ID", "Division", "Timestamp" if self.by_timestamp else "Modified", *self.fields)


def _coded(row: Columns) -> Columns | None:
    code = text_of(row.get("Code"))
    return {"code": code, "description": text_of(row.get("Description"))} if code else None


def _coded_and(more: Callable[[Columns], Columns]) -> Callable[[Columns], Columns | None]:
    def columns(row: Columns) -> Columns | None:
        coded = _coded(row)
        return coded and {**coded, **more(row)}

    return columns


_RELATION_TEXTS = {
    "code": "Code",
    "name": "Name",
    "vat_number": "VATNumber",
    "chamber_of_commerce": "ChamberOfCommerce",
    "oin": "OINNumber",
    "gln": "GlnNumber",
    "peppol": "PeppolIdentifier",
    "email": "Email",
    "website": "Website",
    "country": "Country",
    "city": "City",
    "purchase_vat_code": "PurchaseVATCode",
    "payment_condition_purchase": "PaymentConditionPurchase",
}


def _relation(row: Columns) -> Columns:
    return {
        **{column: text_of(row.get(field)) for column, field in _RELATION_TEXTS.items()},
        "is_supplier": flag_of(row.get("IsSupplier")),
        "blocked": flag_of(row.get("Blocked")),
        "gl_account_purchase": guid_of(row.get("GLAccountPurchase")),
    }


def _bank_account(row: Columns) -> Columns | None:
    relation, iban = guid_of(row.get("Account")), text_of(row.get("BankAccount"))
    blocked = flag_of(row.get("Blocked"))
    return {"relation": relation, "iban": iban, "blocked": blocked} if relation and iban else None


def _gl_account(row: Columns) -> Columns:
    return {
        "type": small_of(row.get("Type")),
        "use_cost_center": small_of(row.get("UseCostcenter")),
        "use_cost_unit": small_of(row.get("UseCostunit")),
        "cost_center": text_of(row.get("Costcenter")),
        "cost_unit": text_of(row.get("Costunit")),
        "vat_code": text_of(row.get("VATCode")),
        "blocked": flag_of(row.get("IsBlocked")),
    }


def _fraction(value: Any) -> Decimal | None:
    fraction = decimal_of(value, 4)
    return fraction if fraction is not None and abs(fraction) < 1000 else None


def _vat_code(row: Columns) -> Columns:
    return {
        "type": text_of(row.get("Type")),
        "percentage": _fraction(row.get("Percentage")),
        "transaction_type": text_of(row.get("VATTransactionType")),
        "charged": flag_of(row.get("Charged")),
        "blocked": flag_of(row.get("IsBlocked")),
    }


def _vat_percentage(row: Columns) -> Columns | None:
    code, percentage = guid_of(row.get("VATCodeID")), _fraction(row.get("Percentage"))
    if code is None or percentage is None:
        return None
    dates = {"start_date": date_of(row.get("StartDate")), "end_date": date_of(row.get("EndDate"))}
    return {"vat_code": code, "percentage": percentage, **dates}


def _until(row: Columns) -> Columns:
    return {"end_date": date_of(row.get("EndDate"))}


def _journal(row: Columns) -> Columns:
    return {
        "type": small_of(row.get("Type")),
        "currency": text_of(row.get("Currency")),
        "blocked": flag_of(row.get("IsBlocked")),
    }


def _payment_condition(row: Columns) -> Columns:
    days = row.get("PaymentDays")
    return {"payment_days": None if days is None else small_of(days)}


def _period(row: Columns) -> Columns | None:
    start, end = date_of(row.get("StartDate")), date_of(row.get("EndDate"))
    if start is None or end is None:
        return None
    year, period = small_of(row.get("FinYear")), small_of(row.get("FinPeriod"))
    return {"year": year, "period": period, "start_date": start, "end_date": end}


_LEDGER_TEXTS = {
    "gl_code": "GLAccountCode",
    "your_ref": "YourRef",
    "our_ref": "ExternalLinkReference",
    "description": "Description",
    "journal": "JournalCode",
    "vat_code": "VATCode",
    "cost_center": "CostCenter",
}


def _ledger_line(row: Columns) -> Columns | None:
    entry = guid_of(row.get("EntryID"))
    if entry is None:
        return None
    return {
        **{column: text_of(row.get(field)) for column, field in _LEDGER_TEXTS.items()},
        "entry_id": entry,
        "entry_number": None if row.get("EntryNumber") is None else integer_of(row["EntryNumber"], 32),
        "line_number": integer_of(row.get("LineNumber"), 32),
        "type": small_of(row.get("Type")),
        "relation": guid_of(row.get("Account")),
        "gl_account": guid_of(row.get("GLAccount")),
        "date": date_of(row.get("Date")),
        "amount": decimal_of(row.get("AmountDC")) or Decimal(0),
        "amount_fc": decimal_of(row.get("AmountFC")) or Decimal(0),
    }


_CODED = ("Code", "Description")
_TABLE = (
    Resource(
        "relations",
        "sync/CRM/Accounts",
        models.Relation,
        (*_RELATION_TEXTS.values(), "IsSupplier", "Blocked", "GLAccountPurchase", "TradeName", "EndDate"),
        _relation,
    ),
    Resource(
        "bank_accounts",
        "crm/BankAccounts",
        models.BankAccount,
        ("Account", "BankAccount", "BankAccountHolderName", "BICCode", "Blocked", "Main"),
        _bank_account,
    ),
    Resource(
        "items",
        "sync/Logistics/Items",
        models.Item,
        (*_CODED, "Barcode", "ItemGroup", "GLCosts", "Unit"),
        _coded,
    ),
    Resource(
        "gl_accounts",
        "sync/Financial/GLAccounts",
        models.GLAccount,
        (*_CODED, "Type", "UseCostcenter", "UseCostunit", "Costcenter", "Costunit", "VATCode", "IsBlocked"),
        _coded_and(_gl_account),
    ),
    Resource(
        "vat_codes",
        "vat/VATCodes",
        models.VATCode,
        (*_CODED, "Type", "Percentage", "VATTransactionType", "Charged", "IsBlocked", "VatMargin"),
        _coded_and(_vat_code),
    ),
    Resource(
        "vat_percentages",
        "vat/VatPercentages",
        models.VATPercentage,
        ("VATCodeID", "Percentage", "StartDate", "EndDate", "Type"),
        _vat_percentage,
    ),
    Resource("cost_centers", "hrm/Costcenters", models.CostCenter, (*_CODED, "EndDate"), _coded_and(_until)),
    Resource("cost_units", "hrm/Costunits", models.CostUnit, (*_CODED, "EndDate"), _coded_and(_until)),
    Resource(
        "journals",
        "financial/Journals",
        models.Journal,
        (*_CODED, "Type", "Currency", "IsBlocked", "GLAccount"),
        _coded_and(_journal),
    ),
    Resource(
        "payment_conditions",
        "cashflow/PaymentConditions",
        models.PaymentCondition,
        (*_CODED, "PaymentDays", "PaymentEndOfMonths", "PaymentMethod"),
        _coded_and(_payment_condition),
    ),
    Resource(
        "periods",
        "financial/FinancialPeriods",
        models.FinancialPeriod,
        ("FinYear", "FinPeriod", "StartDate", "EndDate"),
        _period,
    ),
    Resource(
        "ledger",
        "sync/Financial/TransactionLines",
        models.LedgerLine,
        (
            *_LEDGER_TEXTS.values(),
            "EntryID",
            "EntryNumber",
            "LineNumber",
            "Type",
            "Account",
            "GLAccount",
            "Date",
            "AmountDC",
            "AmountFC",
            "CostUnit",
            "Status",
            "FinancialYear",
            "FinancialPeriod",
        ),
        _ledger_line,
    ),
)
RESOURCES: dict[str, Resource] = {resource.name: resource for resource in _TABLE}
