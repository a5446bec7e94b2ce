"""Who sends and who receives in a division of the sandbox, as Exact knows them."""

from apps.sandbox.exact import store
from tests.matrix.paper import Party


def suppliers(code: int) -> list[Party]:
    """Return the suppliers of division `code` that have a bank account."""
    banks = {row.data["Account"]: row.data["BankAccount"] for row in store.rows("crm/BankAccounts", code)}
    rows = [row.data for row in store.rows("crm/Accounts", code)]
    return [
        Party(row["Name"], row["ChamberOfCommerce"], row["VATNumber"], banks[row["ID"]])
        for row in rows
        if row["ID"] in banks
    ]


def customer(code: int) -> Party:
    """Return whose division `code` is."""
    row = store.rows("system/Divisions", code).get(key=str(code)).data
    return Party(row["Description"], row["ChamberOfCommerceNumber"], row["VATNumber"])
