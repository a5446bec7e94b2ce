"""Master data: cards, items, ledger accounts, VAT codes, journals. Which fields are read, and what they become."""

from decimal import Decimal
from typing import Any

from apps.exact import models
from apps.exact.resources.feed import Columns, Resource, Strategy, coded, coded_and, texts
from apps.exact.values import date_of, decimal_of, flag_of, guid_of, small_of, text_of

_CODED = ("Code", "Description")
_MOST = Decimal(10) ** 12  # what a column of 16 digits with 4 places holds

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
    "postcode": "Postcode",
    "phone": "Phone",
    "trade_name": "TradeName",
    "classification": "Classification",
    "purchase_vat_code": "PurchaseVATCode",
    "payment_condition_purchase": "PaymentConditionPurchase",
}
_SUPPLIER_ITEM_TEXTS = {
    "item_code": "ItemCode",
    "supplier_code": "SupplierItemCode",
    "unit": "PurchaseUnit",
    "currency": "Currency",
    "vat_code": "PurchaseVATCode",
}


def _relation(row: Columns) -> Columns:
    return {
        **texts(row, _RELATION_TEXTS),
        "is_supplier": flag_of(row.get("IsSupplier")),
        "blocked": flag_of(row.get("Blocked")),
        "gl_account_purchase": guid_of(row.get("GLAccountPurchase")),
    }


def _bank_account(row: Columns) -> Columns | None:
    relation, iban = guid_of(row.get("Account")), text_of(row.get("BankAccount"))
    blocked = flag_of(row.get("Blocked"))
    return {"relation": relation, "iban": iban, "blocked": blocked} if relation and iban else None


def _item(row: Columns) -> Columns:
    return {
        "item_group": guid_of(row.get("ItemGroup")),
        "gl_account": guid_of(row.get("GLCosts")),
        "unit": text_of(row.get("Unit")),
        "barcode": text_of(row.get("Barcode")),
        "is_purchase_item": flag_of(row.get("IsPurchaseItem", True)),
        "is_fraction_allowed": flag_of(row.get("IsFractionAllowedItem")),
        "ends_on": date_of(row.get("EndDate")),
    }


def _supplier_item(row: Columns) -> Columns | None:
    item, supplier = guid_of(row.get("Item")), guid_of(row.get("Supplier"))
    if item is None or supplier is None:
        return None
    price, factor = decimal_of(row.get("PurchasePrice"), 4), decimal_of(row.get("PurchaseUnitFactor"), 6)
    return {
        **texts(row, _SUPPLIER_ITEM_TEXTS),
        "factor": factor if factor and 0 < factor < _MOST else Decimal(1),
        "item": item,
        "supplier": supplier,
        "price": price if price is not None and abs(price) < _MOST else None,
        "main_supplier": flag_of(row.get("MainSupplier")),
        "starts_on": date_of(row.get("StartDate")),
        "ends_on": date_of(row.get("EndDate")),
    }


def _item_group(row: Columns) -> Columns:
    accounts = {"gl_account": "GLCosts", "gl_account_purchase": "GLPurchaseAccount"}
    return {column: guid_of(row.get(field)) for column, field in accounts.items()}


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


def _document_type(row: Columns) -> Columns:
    return {
        "description": text_of(row.get("Description")),
        "creatable": flag_of(row.get("DocumentIsCreatable")),
    }


TABLE = (
    Resource(
        name="relations",
        path="sync/CRM/Accounts",
        strategy=Strategy.BY_TIMESTAMP,
        model=models.Relation,
        fields=(
            *_RELATION_TEXTS.values(),
            *("IsSupplier", "Blocked", "GLAccountPurchase", "EndDate"),
        ),
        columns=_relation,
    ),
    Resource(
        name="bank_accounts",
        path="crm/BankAccounts",
        strategy=Strategy.BY_MODIFIED,
        model=models.BankAccount,
        fields=("Account", "BankAccount", "BankAccountHolderName", "BICCode", "Blocked", "Main"),
        columns=_bank_account,
    ),
    Resource(
        name="gl_accounts",
        path="sync/Financial/GLAccounts",
        strategy=Strategy.BY_TIMESTAMP,
        model=models.GLAccount,
        fields=(
            *(*_CODED, "Type", "UseCostcenter", "UseCostunit", "Costcenter", "Costunit"),
            *("VATCode", "IsBlocked"),
        ),
        columns=coded_and(_gl_account),
    ),
    Resource(
        name="vat_codes",
        path="vat/VATCodes",
        strategy=Strategy.BY_MODIFIED,
        model=models.VATCode,
        fields=(
            *_CODED,
            "Type",
            "Percentage",
            "VATTransactionType",
            "Charged",
            "IsBlocked",
            "VatMargin",
            "Country",
        ),
        columns=coded_and(_vat_code),
    ),
    Resource(
        name="vat_percentages",
        path="vat/VatPercentages",
        strategy=Strategy.BY_MODIFIED,
        model=models.VATPercentage,
        fields=("VATCodeID", "Percentage", "StartDate", "EndDate", "Type"),
        columns=_vat_percentage,
    ),
    Resource(
        name="cost_centers",
        path="hrm/Costcenters",
        strategy=Strategy.BY_MODIFIED,
        model=models.CostCenter,
        fields=(*_CODED, "EndDate"),
        columns=coded_and(_until),
    ),
    Resource(
        name="cost_units",
        path="hrm/Costunits",
        strategy=Strategy.BY_MODIFIED,
        model=models.CostUnit,
        fields=(*_CODED, "EndDate"),
        columns=coded_and(_until),
    ),
    Resource(
        name="journals",
        path="financial/Journals",
        strategy=Strategy.BY_MODIFIED,
        model=models.Journal,
        fields=(*_CODED, "Type", "Currency", "IsBlocked", "GLAccount", "AllowVAT"),
        columns=coded_and(_journal),
    ),
    Resource(
        name="payment_conditions",
        path="cashflow/PaymentConditions",
        strategy=Strategy.BY_MODIFIED,
        model=models.PaymentCondition,
        fields=(*_CODED, "PaymentDays", "PaymentEndOfMonths", "PaymentMethod"),
        columns=coded_and(_payment_condition),
    ),
    Resource(
        name="document_types",
        path="documents/DocumentTypes",
        strategy=Strategy.BY_MODIFIED,
        model=models.DocumentType,
        frame=("Modified",),
        fields=("Description", "DocumentIsCreatable"),
        columns=_document_type,
    ),
    Resource(
        name="item_groups",
        path="logistics/ItemGroups",
        strategy=Strategy.BY_MODIFIED,
        model=models.ItemGroup,
        fields=(*_CODED, "GLCosts", "GLPurchaseAccount"),
        columns=coded_and(_item_group),
    ),
    Resource(
        name="units",
        path="logistics/Units",
        strategy=Strategy.WHOLE,
        model=models.Unit,
        fields=_CODED,
        columns=coded,
    ),
    Resource(
        name="items",
        path="sync/Logistics/Items",
        strategy=Strategy.BY_TIMESTAMP,
        model=models.Item,
        fields=(
            *(*_CODED, "Barcode", "ItemGroup", "GLCosts", "Unit"),
            *("IsPurchaseItem", "IsFractionAllowedItem", "EndDate"),
        ),
        columns=coded_and(_item),
    ),
    Resource(
        name="supplier_items",
        path="sync/Logistics/SupplierItem",
        strategy=Strategy.BY_TIMESTAMP,
        model=models.SupplierItem,
        fields=(
            *_SUPPLIER_ITEM_TEXTS.values(),
            *("Item", "Supplier", "PurchaseUnitFactor", "PurchasePrice", "MainSupplier"),
            *("StartDate", "EndDate"),
        ),
        columns=_supplier_item,
    ),
)
