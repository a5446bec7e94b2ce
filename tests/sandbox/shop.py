"""What the small firm buys: items in units of their own, sold by the box, and one that nobody may buy."""

from typing import Any

from apps.sandbox.exact import store
from tests.sandbox.small_firm import HERE, key


def fill() -> None:
    """Add units, items and what Jansen Techniek asks for them to the first administration."""
    unit = {"Active": True}
    _row("logistics/Units", "doos", **unit)
    _row("logistics/Units", "kg", **unit)
    stock = {"IsPurchaseItem": True, "ItemGroup": key("MEUBEL")}
    _row("logistics/Items", "SCHROEF", Unit="stuk", Barcode="8712345678906", **stock)
    _row("logistics/Items", "LIJM", Unit="kg", IsFractionAllowedItem=True, SalesVatCode="2", **stock)
    _row("logistics/Items", "OUD", Unit="stuk", EndDate="2026-09-30", **stock)
    _row("logistics/Items", "DIENST", Unit="stuk", IsPurchaseItem=False)
    _offer("SCHROEF", "doos", 12.0, 24.0, SupplierItemCode="JT-12", PurchaseVATCode="2")
    _offer("LIJM", "kg", 1.0, 8.5, SupplierItemCode=None)


def _row(resource: str, name: str, **fields: Any) -> None:
    store.put(
        resource, HERE, {"ID": key(name), "Code": name, "Description": f"Omschrijving {name}", **fields}
    )


def _offer(item: str, unit: str, factor: float, price: float, **fields: Any) -> None:
    offer = {
        "ID": key(f"offer {item}"),
        "Item": key(item),
        "Supplier": key("Jansen Techniek"),
        "PurchaseUnit": unit,
        "PurchaseUnitFactor": factor,
        "PurchasePrice": price,
    }
    store.put("logistics/SupplierItem", HERE, {**offer, **fields})
