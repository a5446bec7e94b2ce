"""Two small administrations with just the rows that the sandbox's own tests need."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

HERE, THERE = 900_001, 900_002
FirmRow = tuple[str, int, dict[str, Any]]


def key(name: str, division: int = HERE) -> str:
    """Return the Guid of a named row."""
    return str(uuid5(NAMESPACE_DNS, f"{division}/{name}"))


def rows() -> Iterator[FirmRow]:
    """Yield everything, as apps.sandbox.firm.rows does."""
    for code in (HERE, THERE):
        common = {"Code": code, "Description": f"Administratie {code}", "Customer": key("client", 0)}
        yield "system/Divisions", 0, {**common, "Status": 1, "ChamberOfCommerceNumber": "34567892"}
        yield "hrm/Divisions", 0, {**common, "Status": 0}
        yield from _masters(code)
        yield from _relations(code)


def _masters(code: int) -> Iterator[FirmRow]:
    def row(resource: str, name: str, **fields: Any) -> FirmRow:
        return (
            resource,
            code,
            {"ID": key(name, code), "Code": name, "Description": f"Omschrijving {name}", **fields},
        )

    yield row("financial/GLAccounts", "1600", Type=22)
    yield row("financial/GLAccounts", "1520", Type=24)
    yield row("financial/GLAccounts", "1530", Type=24)
    yield row("financial/GLAccounts", "4000", Type=121)
    yield row("financial/GLAccounts", "4100", Type=121, UseCostcenter=1)
    yield row("financial/GLAccounts", "4200", Type=121, UseCostcenter=2)
    yield row("financial/GLAccounts", "4300", Type=121, VATCode="2")
    vat = {
        "VATTransactionType": "B",
        "Charged": False,
        "GLToClaim": key("1520", code),
        "GLToPay": key("1530", code),
    }
    yield row("vat/VATCodes", "2", Type="E", Percentage=0.21, **vat)
    yield row("vat/VATCodes", "3", Type="I", Percentage=0.21, **vat)
    yield row("vat/VATCodes", "0", Type="N", Percentage=0.0, **vat)
    yield row("vat/VATCodes", "6", Type="E", Percentage=0.21, **{**vat, "Charged": True})
    yield row("vat/VATCodes", "9", Type="E", Percentage=0.21, **{**vat, "VATTransactionType": "S"})
    yield row("hrm/Costcenters", "K1")
    yield row("hrm/Costunits", "D1")
    yield row("financial/Journals", "60", Type=22, IsBlocked=False, AllowVAT=True)
    yield row("financial/Journals", "61", Type=22, IsBlocked=True, AllowVAT=True)
    yield row("financial/Journals", "70", Type=20, IsBlocked=False, AllowVAT=True)
    yield row("cashflow/PaymentConditions", "14", PaymentDays=14)
    yield row("logistics/Units", "stuk", Active=True)
    yield row("logistics/ItemGroups", "MEUBEL", GLCosts=key("4000", code))
    yield row("logistics/Items", "STOEL", IsPurchaseItem=True, ItemGroup=key("MEUBEL", code), Unit="stuk")
    for type_, creatable in ((10, False), (20, True), (55, True)):
        document = {"ID": type_, "Description": f"Soort {type_}", "DocumentIsCreatable": creatable}
        yield "documents/DocumentTypes", code, document
    for year in (2025, 2026):
        for month in range(1, 13):
            yield _period(code, year, month)


def _period(code: int, year: int, month: int) -> FirmRow:
    last = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
    return (
        "financial/FinancialPeriods",
        code,
        {
            "ID": key(f"{year}-{month}", code),
            "FinYear": year,
            "FinPeriod": month,
            "StartDate": f"{year}-{month:02}-01",
            "EndDate": f"{year}-{month:02}-{last}",
        },
    )


def _relations(code: int) -> Iterator[FirmRow]:
    def account(name: str, **fields: Any) -> FirmRow:
        basis = {"ID": key(name, code), "Name": name, "IsSupplier": True, "Blocked": False, "Status": "A"}
        return "crm/Accounts", code, {**basis, **fields}

    yield account("Jansen Techniek", Code="1001", PaymentConditionPurchase="14", VATNumber="NL001234567B01")
    yield account("O'Brien & Zn.", Code="1002", ChamberOfCommerce="34567892")
    yield account("Geblokkeerd B.V.", Code="1003", Blocked=True)
    yield account("Alleen Klant", Code="1004", IsSupplier=False, Status="C")
    bank = {
        "ID": key("iban", code),
        "Account": key("Jansen Techniek", code),
        "BankAccount": "NL47BUNQ0649621411",
    }
    yield "crm/BankAccounts", code, {**bank, "Main": True}
