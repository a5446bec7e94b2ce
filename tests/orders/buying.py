"""Books to order in, made of mirror rows alone: nothing here calls Exact."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.exact.models import Division, Item, Relation, SupplierItem, Unit
from apps.orders.coding import code
from apps.orders.models import Outcome, PurchaseOrder, PurchaseOrderLine, State
from apps.posting.models import Method, PostingState
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import (
    DivisionFactory,
    GLAccountFactory,
    ItemFactory,
    RelationFactory,
    SupplierItemFactory,
    VATCodeFactory,
)
from tests.orders.factories import PurchaseOrderFactory, PurchaseOrderLineFactory
from tests.people.factories import UserFactory
from tests.posting.factories import PostingFactory
from tests.rules.factories import VATTableFactory

KVK = "34567892"


@dataclass
class Buying:
    """An administration, its division, the vendor of the orders as a supplier, and an item in boxes of 12."""

    administration: Administration
    division: Division
    supplier: Relation
    item: Item
    offer: SupplierItem

    def order(self, *lines: dict[str, Any], **values: Any) -> PurchaseOrder:
        """Return a received order; without `lines` one of two boxes at 150.00."""
        values = {"net": Decimal("300.00"), **values}
        order: PurchaseOrder = PurchaseOrderFactory(administration=self.administration, **values)
        said = lines or ({},)
        for position, line in enumerate(said, start=1):
            known = {"seller_item": "T-12", "quantity": Decimal(2), "unit": "BX", "price": Decimal(150)}
            PurchaseOrderLineFactory(order=order, position=position, **known | line)
        order.line_count = len(said)
        order.save(update_fields=["line_count"])
        return order

    def coded(self, *lines: dict[str, Any], **values: Any) -> PurchaseOrder:
        """Return such an order as it is stored once it was coded."""
        order = self.order(*lines, **values)
        code(again(order))
        return again(order)

    def ordered_before(self) -> PurchaseOrder:
        """Return an order that a person agreed with and that is in Exact: the next one is not the vendor's first."""
        posting = PostingFactory(
            division=self.division,
            method=Method.ORDER,
            state=PostingState.DONE,
            exact_id=uuid4(),
            exact_number="26000001",
            finished_at=clock.now(),
        )
        made: PurchaseOrder = PurchaseOrderFactory(
            administration=self.administration,
            state=State.DONE,
            outcome=Outcome.ORDERED,
            done_at=clock.now(),
            supplier=self.supplier.exact_id,
            accepted_by=UserFactory(),
            posting=posting,
        )
        return made


def again(order: PurchaseOrder) -> PurchaseOrder:
    """Return `order` as it is stored now, with its administration and the division of that."""
    rows = PurchaseOrder.objects.select_related(
        "administration__division", "posting", "removal", "part__original", "double_of", "mapping"
    )
    return rows.get(pk=order.pk)


def line_of(order: PurchaseOrder, position: int = 1) -> PurchaseOrderLine:
    """Return a line of `order` as it is stored now."""
    line: PurchaseOrderLine = order.lines.get(position=position)
    return line


def make_buying(mode: str = Mode.AUTOMATIC) -> Buying:
    """Return books in which the order of the factories can be made."""
    administration = AdministrationFactory(mode=mode)
    division = DivisionFactory(administration=administration)
    account = GLAccountFactory(division=division, code="7000")
    supplier = RelationFactory(
        division=division,
        code="10023",
        name="Anker en Touw B.V.",
        is_supplier=True,
        chamber_of_commerce=KVK,
    )
    for unit, name in (("pc", "Stuk"), ("box", "Doos")):
        Unit.objects.create(division=division, exact_id=uuid4(), code=unit, description=name)
    item = ItemFactory(
        division=division,
        code="TOUW12",
        description="Touw 12 mm",
        unit="pc",
        gl_account=account.exact_id,
        is_purchase_item=True,
    )
    offer = SupplierItemFactory(
        division=division,
        item=item.exact_id,
        supplier=supplier.exact_id,
        supplier_code="T-12",
        unit="box",
        factor=Decimal(12),
        price=Decimal(150),
        currency="EUR",
    )
    VATCodeFactory(division=division, code="V21")
    VATTableFactory(administration=administration, vat_code="V21")
    return Buying(administration, division, supplier, item, offer)
