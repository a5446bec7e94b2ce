"""Writing the resources without rules of their own: keys, unique codes, defaults, what may not be removed."""

import re
from typing import Any
from uuid import uuid4

from stdnum import iban

from apps.sandbox.exact import removal, store
from apps.sandbox.exact.errors import Problem, objection
from apps.sandbox.exact.ledger import TRANSACTIONS
from apps.sandbox.exact.table import Resource
from apps.sandbox.models import Row

Data = dict[str, Any]

_SUPPLIER_ITEM = "logistics/SupplierItem"
_DEFAULTS: dict[str, Data] = {
    "crm/Accounts": {"Blocked": False, "IsSupplier": False, "Status": "A", "Type": "A", "Country": "NL"},
    "crm/BankAccounts": {"Blocked": False, "Main": False, "Type": "A"},
    "financial/GLAccounts": {"IsBlocked": False, "Type": 90, "UseCostcenter": 0, "UseCostunit": 0},
    "financial/Journals": {"IsBlocked": False, "AllowVAT": True, "Currency": "EUR"},
    "logistics/Items": {"IsStockItem": False, "IsSalesItem": False, "IsPurchaseItem": False},
    _SUPPLIER_ITEM: {"MainSupplier": False, "PurchaseUnitFactor": 1.0, "Currency": "EUR"},
    "vat/VATCodes": {"IsBlocked": False, "Type": "E", "VATTransactionType": "B", "Charged": False},
}
_USED_IN = {"crm/Accounts": "Account", "financial/GLAccounts": "GLAccount"}
_FIXED_CODES = frozenset({"hrm/Costcenters", "hrm/Costunits"})
_FIRST_CODE = 10_001
_BANK_ACCOUNTS = "crm/BankAccounts"
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
# What a field must look like (Exact facts 3.5 quotes `Invalid: Email []`; the others by analogy [G]).
_SHAPES = {
    "crm/Accounts": {"Email": re.compile(r"[^@\s]+@[^@\s]+"), "Country": re.compile(r"[A-Za-z]{2}")},
}
# What a row tells about the rows that it points at: field by field.
_TOLD = {
    _SUPPLIER_ITEM: (
        ("logistics/Items", "Item", {"ItemCode": "Code", "ItemDescription": "Description"}),
        ("crm/Accounts", "Supplier", {"SupplierCode": "Code", "SupplierDescription": "Name"}),
        ("logistics/Units", "ItemUnit", {"ItemUnitCode": "Code", "ItemUnitDescription": "Description"}),
    ),
    "crm/BankAccounts": (("crm/Accounts", "Account", {"AccountName": "Name"}),),
}


def create(resource: Resource, division: int, sent: Data) -> Row:
    """Keep a new row; raises Objection when its key or code is taken."""
    key_name = resource.key[0]
    data = {**_DEFAULTS.get(resource.path, {}), **sent}
    data[key_name] = sent.get(key_name) or str(uuid4())
    if resource.path == "crm/Accounts" and not data.get("Code"):
        data["Code"] = str(_fresh_code(division))
    refuse_taken_code(resource, division, data)
    _refuse_shapes(resource, sent)
    if resource.path == _BANK_ACCOUNTS:
        data["Main"] = _is_main(division, data)
    if resource.path == _SUPPLIER_ITEM and not _is_sold(division, data["Item"]):
        data["MainSupplier"] = True
    return store.put(resource.path, division, _completed(resource, division, data))


def _is_sold(division: int, item: str) -> bool:
    return store.rows(_SUPPLIER_ITEM, division).filter(data__Item=item).exists()


def change(resource: Resource, row: Row, sent: Data) -> Row:
    """Change a row; raises Objection."""
    data = {**row.data, **sent}
    if resource.path in _FIXED_CODES and str(data["Code"]).strip() != row.mark:
        raise objection(Problem("not_allowed", "Code"))
    refuse_taken_code(resource, row.division, data)
    _refuse_shapes(resource, sent)
    if resource.path == _BANK_ACCOUNTS and sent.get("Main"):
        _is_main(row.division, data)
    return store.put(resource.path, row.division, _completed(resource, row.division, data))


def _refuse_shapes(resource: Resource, sent: Data) -> None:
    wrong = [
        Problem("invalid", name, sent[name])
        for name, shape in _SHAPES.get(resource.path, {}).items()
        if sent.get(name) and not shape.fullmatch(sent[name].strip())
    ]
    account = str(sent.get("BankAccount") or "").replace(" ", "").upper()
    if resource.path == _BANK_ACCOUNTS and _IBAN.fullmatch(account) and not iban.is_valid(account):
        wrong.append(Problem("invalid", "BankAccount", account))
    if wrong:
        raise objection(*wrong)


def _is_main(division: int, data: Data) -> bool:
    """Tell whether a bank account is its card's main one, which the first is and only one can be [G]."""
    others = store.rows(_BANK_ACCOUNTS, division).filter(data__Account=data["Account"])
    mains = [row for row in others.exclude(key=data["ID"]) if row.data.get("Main")]
    if data.get("Main"):
        for row in mains:
            store.put(_BANK_ACCOUNTS, division, {**row.data, "Main": False})
    return bool(data.get("Main")) or not mains


def delete(resource: Resource, row: Row) -> None:
    """Remove a row; raises Objection when bookings use it."""
    field = _USED_IN.get(resource.path)
    if field and store.rows(TRANSACTIONS, row.division).filter(**{f"data__{field}": row.key}).exists():
        raise objection(Problem("in_use", field))
    removal.remove([row])


def refuse_taken_code(resource: Resource, division: int, data: Data) -> None:
    """Raise Objection when another row has this code (Exact facts 5)."""
    code = str(data.get("Code") or "").strip()
    if (
        code
        and store.rows(resource.path, division).filter(mark=code).exclude(key=data[resource.key[0]]).exists()
    ):
        raise objection(Problem("known"))


def _fresh_code(division: int) -> int:
    while True:
        code = store.next_number("account", division, _FIRST_CODE)
        if store.by_mark("crm/Accounts", division, str(code)) is None:
            return code


def _completed(resource: Resource, division: int, data: Data) -> Data:
    if "Code" in data and isinstance(data["Code"], str):
        data["Code"] = data["Code"].strip()
    if resource.path == "crm/Accounts":
        data["IsSales"] = data.get("Status") == "C"
    for path, reference, told in _TOLD.get(resource.path, ()):
        target = store.find(path, division, data[reference])
        data |= {name: target.data.get(source) if target else None for name, source in told.items()}
    if resource.path == "crm/BankAccounts":
        data["IBAN"] = data["BankAccount"]
    return data
