"""What follows from answers about items: purchase invoices move on; taken back, they are asked again or corrected."""

from django.utils.translation import gettext as _

from apps.clients.models import Mode
from apps.invoices import answers
from apps.invoices.answers import IN_EXACT, REQUEUED
from apps.invoices.coding_safely import code_safely
from apps.invoices.models import Invoice, InvoiceItem, Invoices, State, ValueSource
from apps.invoices.receiving import SYSTEM
from apps.items.models import ItemMapping, ItemQuestion


def item_answered(key: int) -> int:
    """Let the documents with lines that asked question `key` move on, if it is answered; return how many were coded."""
    rows = ItemQuestion.objects.filter(pk=key, answered_at__isnull=False).select_related("answered_by")
    question = rows.first()
    if question is None:
        return 0
    waiting = _invoices().filter(state=State.ATTENTION, lines__item__question=question).distinct()
    why = _("item %(name)s is known now") % {"name": question}
    who = str(question.answered_by or SYSTEM)
    return sum(code_safely(one, who=who, why=why, touched=True) for one in waiting)


def item_mapping_taken_back(key: int) -> int:
    """Ask again about, or flag, the documents with lines whose item mapping `key` decided; return how many."""
    rows = ItemMapping.objects.filter(pk=key, forgotten_at__isnull=False).select_related("forgotten_by")
    mapping = rows.first()
    if mapping is None:
        return 0
    words = _("the mapping of an item to %(code)s was taken back") % {"code": mapping.item_code}
    who = str(mapping.forgotten_by or SYSTEM)
    touched = _invoices().filter(lines__item__mapping=mapping).distinct()
    moved = sum(_ask_again(one, words, who) for one in touched.filter(state__in=REQUEUED))
    return moved + sum(_flag(one, mapping, words, who) for one in touched.filter(state__in=IN_EXACT))


def sweep() -> int:
    """Do the same for bells that were lost, and for workers that died over them; return how many documents moved."""
    waiting = InvoiceItem.objects.filter(line__invoice__state=State.ATTENTION)
    answered = waiting.filter(question__answered_at__isnull=False).order_by().values("question").distinct()
    moved = sum(item_answered(key) for key in list(answered.values_list("question", flat=True)))
    left = InvoiceItem.objects.filter(mapping__forgotten_at__isnull=False)
    left = left.filter(line__invoice__state__in=(*REQUEUED, *IN_EXACT))
    forgotten = list(left.order_by().values_list("mapping", flat=True).distinct())
    return moved + sum(item_mapping_taken_back(key) for key in forgotten)


def _invoices() -> Invoices:
    rows: Invoices = Invoice.objects.select_related("administration__client", "double_of", "posting", "part")
    return rows.order_by("pk")


def _ask_again(invoice: Invoice, words: str, who: str) -> bool:
    """Match it anew. What a person took back is not booked by itself, although a number may lead to the same item."""
    administration = invoice.administration
    is_automatic = administration is not None and administration.mode == Mode.AUTOMATIC
    mode = Mode.PROPOSE if is_automatic else ""
    return code_safely(invoice, who=who, why=words, mode=mode, touched=True, to_correct="")


def _flag(invoice: Invoice, mapping: ItemMapping, words: str, who: str) -> bool:
    """Say that what is in Exact stands on an item that was taken back; told once, its lines forget the mapping."""
    told = bool(invoice.to_correct) or answers.flag(invoice, words, who)
    if told:
        rows = InvoiceItem.objects.filter(line__invoice=invoice, mapping=mapping)
        rows.update(mapping=None, source=ValueSource.NOBODY)  # a person chose it no more
    return told
