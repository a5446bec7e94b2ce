"""The template for orders, xlsx or csv: recognised, read, written, and as an example. Pure."""

from apps.intake.order_sheets.examples import example
from apps.intake.order_sheets.reading import is_order_sheet, read
from apps.intake.order_sheets.writing import written

__all__ = ["example", "is_order_sheet", "read", "written"]
