"""Orders are coded anew when rules, a VAT table or mappings changed that they wait for, or were coded with.

Each is moved by itself and only from where it was read, so all of this may run twice, and side by side.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.core.states import State, WaitsFor
from apps.exact.models import Relation, SyncState
from apps.orders.coding_safely import code_safely
from apps.orders.models import Kind, PurchaseOrder, PurchaseOrderLine, PurchaseOrders, ValueSource
from apps.rules import lately
from apps.rules.lately import Changed
from apps.rules.models import VATTable

WAITING = (Cause.NO_VAT_CODE, Cause.COST_CENTRE_MISSING)
LOOK_BACK = timedelta(minutes=15)  # how long the sweeper mends a lost bell


def follow_rules(since: datetime) -> int:
    """Code anew what rules that changed at `since` or later may speak about; return how many orders moved.

    What a person touched or accepted stays. What is ready by itself is looked at when a rule forbids that now.
    """
    changed = lately.since(since)
    where = Q()
    for one in changed:
        here = Administration.objects.filter(one.where).values("pk")
        where |= Q(administration__in=here, changed_at__lte=one.at)
    if not where:
        return 0
    waiting = Q(state=State.ATTENTION, cause__in=WAITING) | Q(state=State.PROPOSED, touched=False)
    if any(_forbids(one) for one in changed):
        waiting |= Q(state=State.READY, accepted_by=None)
    return _code(_orders().filter(where, waiting, supplier__isnull=False), _("booking rules were changed"))


def table_changed(administration: int) -> int:
    """Code anew what the VAT table of `administration` concerns; return how many orders moved."""
    return _follow_tables(_orders().filter(administration=administration))


def mappings_adopted(administration: int) -> int:
    """Look again at what waits for an answer about its vendor, after mappings came in by the dozen."""
    waiting = _orders().filter(administration=administration, state=State.ATTENTION, question__isnull=False)
    return _code(waiting, _("mappings were brought in"))


def went_live(administration: int) -> int:
    """Make proposals of what waited for the end of a trial; return how many orders moved."""
    waiting = _orders().filter(administration=administration, state=State.READY, waits_for=WaitsFor.PILOT)
    waiting = waiting.exclude(administration__mode=Mode.PILOT)
    return sum(code_safely(one, why=_("the pilot ended"), mode=Mode.PROPOSE) for one in waiting)


def division_changed(division: int) -> int:
    """Make proposals anew of what waits in an administration that got the division `division`; return how many moved.

    What was coded with the cards of another division means nothing there, and its questions were withdrawn. Nothing of
    it is ordered by itself. Until the cards of the division were read nothing can be told.
    """
    if not SyncState.objects.filter(
        division=division, resource="relations", synced_at__isnull=False
    ).exists():
        return 0
    here = Relation.objects.filter(division=division, exact_id=OuterRef("supplier"))
    of_another = Q(~Exists(here), supplier__isnull=False)
    unasked = Q(state=State.ATTENTION, cause=Cause.VENDOR_UNKNOWN, supplier=None, question=None)
    waiting = _orders().filter(
        of_another | unasked,
        administration__division=division,
        state__in=(State.ATTENTION, State.PROPOSED, State.READY),
    )
    why = _("matched with the books of another division")
    return sum(code_safely(order, why=why, mode=_mode_after_trial(order)) for order in waiting)


def _mode_after_trial(order: PurchaseOrder) -> str:
    administration = order.administration
    return Mode.PILOT if administration is not None and administration.mode == Mode.PILOT else Mode.PROPOSE


def sweep() -> int:
    """Make good what a lost bell or a worker that died left behind; return how many orders moved."""
    moved = follow_rules(clock.now() - LOOK_BACK)
    here = VATTable.objects.filter(administration=OuterRef("administration"), doubt="")
    later = Exists(here.filter(confirmed_at__gt=OuterRef("changed_at")))
    moved += _follow_tables(_orders().filter(~Q(state=State.ATTENTION) | later))
    live = Administration.objects.exclude(mode=Mode.PILOT)
    left = PurchaseOrder.objects.filter(state=State.READY, waits_for=WaitsFor.PILOT, administration__in=live)
    keys = set(left.order_by().values_list("administration", flat=True))
    return moved + sum(went_live(key) for key in keys if key)


def _follow_tables(rows: PurchaseOrders) -> int:
    waiting = rows.filter(state=State.ATTENTION, cause=Cause.NO_VAT_CODE)
    moved = _code(waiting, _("the VAT table was confirmed"))
    doubted = VATTable.objects.filter(
        administration=OuterRef("order__administration"), scenario=OuterRef("scenario")
    ).exclude(doubt="")
    coded = PurchaseOrderLine.objects.filter(order=OuterRef("pk"), vat_source=ValueSource.TABLE)
    going_on = rows.filter(Exists(coded.filter(Exists(doubted))), state__in=(State.PROPOSED, State.READY))
    return moved + _code(going_on, _("a VAT code that it was coded with must be confirmed again"))


def _orders() -> PurchaseOrders:
    rows: PurchaseOrders = PurchaseOrder.objects.filter(kind=Kind.ORDER)
    return rows.select_related("administration__client", "double_of", "posting", "part").order_by("pk")


def _code(rows: Iterable[PurchaseOrder], why: str) -> int:
    return sum(code_safely(order, why=why, mode=_mode(order)) for order in rows)


def _mode(order: PurchaseOrder) -> str:
    """A proposal stays one: whatever made it wait for a person, what changed since does not order it by itself."""
    administration = order.administration
    is_automatic = administration is not None and administration.mode == Mode.AUTOMATIC
    return Mode.PROPOSE if is_automatic and order.state == State.PROPOSED else ""


def _forbids(changed: Changed) -> bool:
    return changed.rule is not None and changed.rule.never_automatic
