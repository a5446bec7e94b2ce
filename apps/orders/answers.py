"""What follows from answers about vendors and items: orders move on; taken back, they are asked again or corrected."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from apps.clients.models import Mode
from apps.core.states import SENT, SYSTEM, State
from apps.core.transitions import Changed
from apps.items.models import ItemMapping, ItemQuestion
from apps.orders.coding_safely import code_safely
from apps.orders.models import Kind, PurchaseOrder, PurchaseOrderLine, PurchaseOrders
from apps.orders.reviewing import keep
from apps.vendors.models import Mapping, Question

REQUEUED = (State.RECEIVED, State.ATTENTION, State.PROPOSED, State.READY)
IN_EXACT = (*SENT, State.DONE)
LEFT = Q(state__in=REQUEUED) | Q(state__in=IN_EXACT, to_correct="")  # moved when a mapping is taken back


def vendor_answered(key: int) -> int:
    """Let the orders that asked question `key` about their vendor move on; return how many did."""
    question = (
        Question.objects.filter(pk=key, answered_at__isnull=False).select_related("answered_by").first()
    )
    if question is None:
        return 0
    waiting = _orders().filter(question=question, state=State.ATTENTION)
    why = _("its vendor is known now")
    return sum(code_safely(one, who=_who(question), why=why, touched=True) for one in waiting)


def item_answered(key: int) -> int:
    """Let the orders with lines that asked question `key` about an item move on; return how many were coded."""
    question = (
        ItemQuestion.objects.filter(pk=key, answered_at__isnull=False).select_related("answered_by").first()
    )
    if question is None:
        return 0
    waiting = _orders().filter(state=State.ATTENTION, lines__item_question=question).distinct()
    why = _("item %(name)s is known now") % {"name": question}
    return sum(code_safely(one, who=_who(question), why=why, touched=True) for one in waiting)


def mapping_taken_back(key: int) -> int:
    """Ask again about, or flag, the orders whose vendor mapping `key` decided; return how many."""
    mapping = Mapping.objects.filter(pk=key, forgotten_at__isnull=False).first()
    if mapping is None:
        return 0
    words = _("the mapping to %(supplier)s was taken back") % {"supplier": mapping.supplier_name}
    rows = _orders().filter(mapping=mapping)
    return _take_back(rows, words, who=_by(mapping), is_wrong=not mapping.superseded)


def item_mapping_taken_back(key: int) -> int:
    """Ask again about, or flag, the orders with lines whose item mapping `key` decided; return how many."""
    mapping = ItemMapping.objects.filter(pk=key, forgotten_at__isnull=False).first()
    if mapping is None:
        return 0
    words = _("the mapping of an item to %(code)s was taken back") % {"code": mapping.item_code}
    rows = _orders().filter(lines__item_mapping=mapping).distinct()
    return _take_back(rows, words, who=_by(mapping), is_wrong=True)


def sweep() -> int:
    """Do the same for bells that were lost, and for workers that died over them; return how many orders moved."""
    of_vendors = Question.objects.filter(
        answered_at__isnull=False,
        pk__in=PurchaseOrder.objects.filter(state=State.ATTENTION, question__isnull=False).values("question"),
    )
    waiting = _orders().filter(state=State.ATTENTION, lines__item_question__isnull=False)
    of_items = ItemQuestion.objects.filter(
        answered_at__isnull=False, pk__in=waiting.values("lines__item_question")
    )
    moved = sum(vendor_answered(key) for key in of_vendors.values_list("pk", flat=True))
    moved += sum(item_answered(key) for key in of_items.values_list("pk", flat=True))
    moved += sum(mapping_taken_back(key) for key in list(_forgotten_of_vendors()))
    return moved + sum(item_mapping_taken_back(key) for key in list(_forgotten_of_items()))


def _forgotten_of_vendors() -> QuerySet[Mapping, int]:
    """Return the mappings that orders still stand on. The few that were taken back lead, each by an index."""
    orders = PurchaseOrder.objects.filter(LEFT, kind=Kind.ORDER, mapping=OuterRef("pk"))
    rows = Mapping.objects.filter(Exists(orders), forgotten_at__isnull=False, superseded=False)
    return rows.values_list("pk", flat=True)


def _forgotten_of_items() -> QuerySet[ItemMapping, int]:
    orders = PurchaseOrder.objects.filter(LEFT, kind=Kind.ORDER, pk=OuterRef("order"))
    lines = PurchaseOrderLine.objects.filter(Exists(orders), item_mapping=OuterRef("pk"))
    rows = ItemMapping.objects.filter(Exists(lines), forgotten_at__isnull=False)
    return rows.values_list("pk", flat=True)


def _orders() -> PurchaseOrders:
    rows: PurchaseOrders = PurchaseOrder.objects.filter(kind=Kind.ORDER)
    return rows.select_related("administration__client", "double_of", "posting", "part").order_by("pk")


def _take_back(rows: PurchaseOrders, words: str, *, who: str, is_wrong: bool) -> int:
    moved = sum(_ask_again(order, words, who, is_wrong) for order in rows.filter(state__in=REQUEUED))
    if is_wrong:
        moved += sum(_flag(order, words, who) for order in rows.filter(state__in=IN_EXACT, to_correct=""))
    return moved


def _ask_again(order: PurchaseOrder, words: str, who: str, is_wrong: bool) -> bool:
    """Match it anew. What a person took back is not ordered by itself, although a number may lead to the same card."""
    administration = order.administration
    is_automatic = administration is not None and administration.mode == Mode.AUTOMATIC
    mode = Mode.PROPOSE if is_automatic and is_wrong else ""
    return code_safely(order, who=who, why=words, mode=mode, touched=True, to_correct="")


def _flag(order: PurchaseOrder, words: str, who: str) -> bool:
    """Say that what is in Exact, or on its way there, stands on something that was taken back."""
    try:
        if order.state == State.DONE:
            keep(order, who=who, why=words, to_correct=words)
            return True
        with transaction.atomic():
            same = PurchaseOrder.objects.filter(pk=order.pk, state=order.state, version=order.version)
            return bool(same.update(to_correct=words))
    except Changed:
        return False


def _who(question: Question | ItemQuestion) -> str:
    return str(question.answered_by or SYSTEM)


def _by(mapping: Mapping | ItemMapping) -> str:
    return str(mapping.forgotten_by or SYSTEM)
