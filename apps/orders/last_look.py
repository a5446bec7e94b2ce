"""What was changed since an order was coded, and would have kept it from being ordered by itself."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext as _

from apps.clients.models import Limits
from apps.exact.models import Division, Item, Relation, VATCode
from apps.orders.models import PurchaseOrder, PurchaseOrderLine, ValueSource
from apps.rules.models import BookingRule, VATTable


def why_again(order: PurchaseOrder, division: Division) -> str:
    """Return why a ready order is coded anew before it is sent, in words; "" when it need not be. One query.

    Its supplier, an item or a VAT code is not there any more, or what it was coded with was changed: whoever agreed
    with it agreed with something else.
    """
    lines = PurchaseOrderLine.objects.filter(order=order.pk)
    cards = Relation.objects.filter(
        division=division, exact_id=str(order.supplier), is_supplier=True, blocked=False
    )
    items = Item.objects.filter(division=division, exact_id=OuterRef("item"))
    codes = VATCode.objects.filter(division=division, code=OuterRef("vat_code"), blocked=False)
    here = Division.objects.filter(pk=division.pk).annotate(
        no_card=~Exists(cards),
        no_item=Exists(lines.filter(~Exists(items))),
        no_code=Exists(lines.filter(~Exists(codes))),
        is_overtaken=ExpressionWrapper(_overtaken(order), BooleanField()),
    )
    no_card, no_item, no_code, is_overtaken = here.values_list(
        "no_card", "no_item", "no_code", "is_overtaken"
    ).get()
    if no_card:
        return _("supplier %(name)s cannot be ordered from any more") % {"name": order.supplier_name}
    if no_item:
        return _("an item of it is not in Exact any more")
    if no_code:
        return _("one of its VAT codes is no longer in Exact")
    return _("what it was coded with was changed before it was sent") if is_overtaken else ""


def _overtaken(order: PurchaseOrder) -> Q:
    """A VAT code in doubt holds every order; a rule that forbids it by itself, or another ceiling, what
    nobody agreed with.

    The rule and the ceiling by their moment, so that an order that was coded since does not come back for ever.
    """
    doubted = VATTable.objects.filter(administration=order.administration_id, scenario=OuterRef("scenario"))
    lines = PurchaseOrderLine.objects.filter(order=order.pk, vat_source=ValueSource.TABLE)
    held = Q(Exists(lines.filter(Exists(doubted.exclude(doubt="")))))
    administration = order.administration
    if order.accepted_by_id is not None or administration is None:
        return held
    whose = Q(administration=administration.pk) | Q(administration=None, client=administration.client_id)
    whose |= Q(administration=None, client=None)
    forbidding = BookingRule.objects.filter(
        whose, active=True, never_automatic=True, changed_at__gt=order.changed_at
    )
    limits = Limits.history.filter(
        Q(client=None) | Q(client=administration.client_id), history_date__gt=order.changed_at
    )
    return held | Q(Exists(forbidding)) | Q(Exists(limits))
