"""Purchase orders of the packages that have them: which fields are read, and what they become."""

from apps.exact import models
from apps.exact.resources.feed import Columns, Resource, Strategy, texts
from apps.exact.values import date_of, decimal_of, guid_of, integer_of, small_of

_TEXTS = {
    "supplier_name": "SupplierName",
    "your_ref": "YourRef",
    "description": "Description",
    "currency": "Currency",
    "item_code": "ItemCode",
    "unit": "Unit",
    "vat_code": "VATCode",
    "cost_center": "CostCenterCode",
    "cost_unit": "CostUnitCode",
}
_GUIDS = {"supplier": "Supplier", "document": "Document", "item": "Item"}
_DATES = {"order_date": "OrderDate", "receipt_date": "ReceiptDate"}
_SMALL = {
    "order_status": "OrderStatus",
    "receipt_status": "ReceiptStatus",
    "invoice_status": "InvoiceStatus",
    "source": "Source",
}
_QUANTITIES = {
    "ordered": "QuantityInPurchaseUnits",
    "quantity": "Quantity",
    "received": "ReceivedQuantity",
    "invoiced": "InvoicedQuantity",
}
_PRICES = {"net_price": "NetPrice"}
_MOST = 10**12  # what a column of 18 digits with 6 places holds


def _order(row: Columns) -> Columns | None:
    order = guid_of(row.get("PurchaseOrderID"))
    if order is None:
        return None
    number = row.get("OrderNumber")
    return {
        **texts(row, _TEXTS),
        **{column: guid_of(row.get(field)) for column, field in _GUIDS.items()},
        **{column: date_of(row.get(field)) for column, field in _DATES.items()},
        **{column: small_of(row.get(field)) for column, field in _SMALL.items()},
        **_decimals(row, _QUANTITIES, 4),
        **_decimals(row, _PRICES, 6),
        "amount": decimal_of(row.get("AmountFCExclVat" if _is_header(row) else "AmountFC")),
        "order_id": order,
        "order_number": None if number is None else integer_of(number, 32),
        "line_number": integer_of(row.get("LineNumber"), 32),
        "timestamp": integer_of(row.get("Timestamp")),
    }


def _is_header(row: Columns) -> bool:
    return integer_of(row.get("LineNumber"), 32) == 0


def _decimals(row: Columns, names: dict[str, str], places: int) -> Columns:
    found = {column: decimal_of(row.get(field), places) for column, field in names.items()}
    return {column: value if value is None or abs(value) < _MOST else None for column, value in found.items()}


TABLE = (
    Resource(
        name="purchase_orders",
        path="sync/PurchaseOrder/PurchaseOrders",
        strategy=Strategy.BY_TIMESTAMP,
        model=models.ExactOrder,
        module="EXACT_LOGISTIC_WORDS",
        frame=("Division", "Timestamp"),
        fields=(
            *("PurchaseOrderID", "OrderNumber", "LineNumber", "AmountFC", "AmountFCExclVat"),
            *(*_TEXTS.values(), *_GUIDS.values(), *_DATES.values(), *_SMALL.values()),
            *(*_QUANTITIES.values(), *_PRICES.values()),
        ),
        columns=_order,
    ),
)
