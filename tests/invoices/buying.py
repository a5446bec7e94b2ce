"""Books that take their invoices as purchase invoices of items, made of mirror rows alone."""

from apps.exact.models import Item
from apps.invoices.models import ActiveMethod, Kind
from apps.posting.models import Method
from tests.exact.factories import ItemFactory, SupplierItemFactory
from tests.invoices.conftest import Books


def takes_items(books: Books) -> Item:
    """Deliver invoices and credit notes of `books` as purchase invoices; return the item that the sample is about."""
    for kind in Kind:
        ActiveMethod.objects.update_or_create(
            administration=books.administration, kind=kind, defaults={"method": Method.INVOICE}
        )
    item: Item = ItemFactory(
        division=books.division,
        code="TOUW",
        description="Touw, geslagen",
        unit="stuk",
        gl_account=books.account.exact_id,
        is_purchase_item=True,
    )
    SupplierItemFactory(
        division=books.division,
        item=item.exact_id,
        item_code="TOUW",
        supplier=books.supplier.exact_id,
        supplier_code="T-1",
        unit="stuk",
    )
    return item
