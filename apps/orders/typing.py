"""An order that a person fills in: beside the file that shows it, or without any file."""

from dataclasses import replace
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock, identifiers, queue
from apps.core.causes import Cause
from apps.core.states import State
from apps.core.transitions import Changed
from apps.exact.models import Relation
from apps.intake import keeping, order_reading, scanning
from apps.intake.document import Party
from apps.intake.models import Channel, Part
from apps.intake.order import OrderDocument
from apps.orders import other_post, placing, receiving
from apps.orders.drafting import draft, standing
from apps.orders.going_on import go_on
from apps.orders.models import PurchaseOrder
from apps.orders.refused import Refused
from apps.people.models import User

FILLABLE = (State.ATTENTION, State.PROPOSED)


class KnownAlready(Refused):
    """The same order came in before: `order`."""

    def __init__(self, order: PurchaseOrder) -> None:
        super().__init__(_("This order is here already, as %(order)s.") % {"order": order})
        self.order = order


def seller_of(relation: Relation) -> Party:
    """Return a supplier of Exact as the seller of an order: its name and the numbers on its card."""
    found = [
        identifiers.vat(relation.vat_number, relation.country),
        identifiers.kvk(relation.chamber_of_commerce) if relation.country in {"", "NL"} else None,
        identifiers.gln(relation.gln),
    ]
    return Party(
        name=relation.name,
        country=relation.country,
        identifiers=tuple(one for one in found if one),
        vat=relation.vat_number,
        legal_id=relation.chamber_of_commerce,
        city=relation.city,
        postcode=relation.postcode,
        email=relation.email,
    )


def type_in(
    administration: Administration,
    document: OrderDocument,
    *,
    by: User,
    original: bytes | None = None,
    filename: str = "",
    supplier: Relation | None = None,
    mark: str = "",
) -> PurchaseOrder:
    """Store an order that `by` typed in for `administration`, and go on with it; `original` is the file that shows it.

    Without one the order is written after the template, and that is its original. `supplier`: the seller, where it was
    chosen among those of Exact. `mark` names the form, so that a second press of its button is the same order. Raises
    KnownAlready, and Refused where the administration takes no orders.
    """
    if other_post.kind_of_untaken(administration):
        raise Refused(_("%(name)s takes no orders.") % {"name": administration.name})
    if supplier is not None:
        document = replace(document, seller=seller_of(supplier), seller_code=supplier.code)
    said = order_reading.written(document)
    # Whoever goes back to the form and fills it in anew types another order.
    source_key = f"typed {by.pk} {mark} {sha256(said).hexdigest()[:16]}" if mark else ""
    content = original if original is not None else said
    name = filename or _("order %(number)s") % {"number": document.number} + ".csv"
    try:
        with transaction.atomic():  # nobody reads the part before it is an order
            receipt = keeping.keep(
                [(name, content)],
                channel=Channel.UPLOAD,
                sender=str(by),
                subject=name,
                administration=administration,
                user=by,
                source_key=source_key,
            )
            order, is_new = _store(receipt.parts.get(), administration, document, by)
    except IntegrityError as error:
        raise Changed(_("The same order was stored in this very moment. Look for it in the list.")) from error
    if is_new:
        _go_on(order, by, is_ours=original is None)
    return order


def _store(
    part: Part, administration: Administration, document: OrderDocument, by: User
) -> tuple[PurchaseOrder, bool]:
    """Store what was typed; the order that is there already, when the button was pressed twice."""
    before = PurchaseOrder.objects.filter(part=part).first()
    if before is not None:
        return before, False
    found = draft(document, administration.pk)
    if found.known:
        raise KnownAlready(found.known)
    order = receiving.store(part, found, administration, by=str(by), typed=True, touched=True, coded_by=by)
    if order is None:
        raise Changed(_("The file was read in this very moment. Look for it in the list."))
    return order, True


def _go_on(order: PurchaseOrder, by: User, *, is_ours: bool) -> None:
    """Code it at once; what a scanner for viruses has to see first, the worker does."""
    if is_ours or scanning.is_passed(order.part):
        if order.state == State.RECEIVED:
            go_on(order, who=str(by))
    else:
        queue.ring("orders_found")


def fill_in(order: PurchaseOrder, document: OrderDocument, *, by: User, version: int) -> None:
    """Say what an order contains whose file nobody else can read, or say it anew; then it is coded.

    Raises Refused for what was read from its file or is on its way to Exact, and core.transitions.Changed when it is
    not as it was seen at `version`.
    """
    if order.version != version:
        raise Changed(_("The document was changed since you opened it."))
    if order.posting and order.posting.cause == Cause.OUTCOME_UNCERTAIN:  # it is found by what was sent alone
        raise Refused(_("Exact may have this order already. Try it again first, so that we look."))
    if (
        order.state not in FILLABLE
        or order.administration is None
        or not (order.typed or not order.line_count)
    ):
        raise Refused(
            _("Only an order that could not be read is filled in by hand, before it goes to Exact.")
        )
    try:
        with transaction.atomic():
            _fill_in(order, order.administration, document, by)
    except IntegrityError as error:
        raise Changed(_("The same order came in just now. Open this one again.")) from error
    if order.state == State.RECEIVED:
        go_on(order, who=str(by))


def _fill_in(order: PurchaseOrder, administration: Administration, document: OrderDocument, by: User) -> None:
    """Replace head and lines; a double shows as a possible one: a person is looking at it already."""
    found = draft(document, administration.pk, besides=order.pk)
    values = found.values | {"format": order.format}
    if found.place.double:
        values["double_key"] = None
    lacks = placing.lacking(
        values["kind"], values["about"] is not None, values["line_count"], document.order_reference
    )
    begins = standing(administration, lacks, None)
    order.move(
        begins.pop("state"),
        who=str(by),
        why=_("filled in by hand"),
        at=clock.now(),
        **begins,
        **values,
        typed=True,
        touched=True,
        coded_by=by,
        waived=[],
    )
    order.lines.all().delete()
    receiving.store_lines(order, found.lines)
