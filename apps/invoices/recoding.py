"""What waits for a rule, or was proposed by one, is coded anew when rules changed or were removed.

Also what is ready by itself, when a rule forbids that now.

Only what a rule that changed spoke about, or may speak about now; what a person touched or accepted stays. Each
document is moved by itself and only from where it was read, and one that moved since the change is not looked at
again: so all of this may run twice, and side by side.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import Relation
from apps.invoices.coding_safely import code_safely
from apps.invoices.models import Invoice, Invoices, Leaving, State
from apps.invoices.rows import facts_of
from apps.rules import lately
from apps.rules.lately import Changed

WAITING = (Cause.NO_GL_ACCOUNT, Cause.NO_VAT_CODE, Cause.COST_CENTRE_MISSING)
LOOK_BACK = timedelta(minutes=15)  # how long the sweeper mends a lost bell
AT_ONCE = 200


def follow_rules(since: datetime) -> int:
    """Code anew what rules that changed at `since` or later may speak about; return how many documents moved."""
    changed = lately.since(since)
    if not changed:
        return 0
    keys = list(_waiting(changed).order_by("pk").values_list("pk", flat=True))
    batches = (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
    return sum(_code(batch, changed) for batch in batches)


def sweep() -> int:
    """Do the same for a bell that was lost, or a worker that died over it."""
    return follow_rules(clock.now() - LOOK_BACK)


def _waiting(changed: Sequence[Changed]) -> Invoices:
    """Return the documents that wait where one of these rules speaks or spoke, and did not move since."""
    where = Q()
    for one in changed:
        here = Administration.objects.filter(one.where).values("pk")
        where |= Q(administration__in=here, changed_at__lte=one.at)
    rows: Invoices = Invoice.objects.filter(where, supplier__isnull=False)
    waiting = Q(state=State.ATTENTION, cause__in=WAITING) | Q(state=State.PROPOSED, touched=False)
    if any(_forbids(one) for one in changed):
        waiting |= Q(state=State.READY, accepted_by=None)
    rows = rows.filter(waiting)
    return rows.exclude(administration__in=Leaving.objects.under_way().values("administration"))


def _code(keys: Sequence[int], changed: Sequence[Changed]) -> int:
    rows = Invoice.objects.filter(pk__in=keys).select_related(
        "administration__client", "double_of", "posting", "part"
    )
    moved = 0
    for invoice in rows.prefetch_related("lines").order_by("pk"):
        if _is_concerned(invoice, changed):
            moved += code_safely(invoice, why=_("booking rules were changed"), mode=_mode(invoice))
    return moved


def _mode(invoice: Invoice) -> str:
    """A proposal stays one: whatever made it wait for a person, a rule that changed does not book it by itself."""
    administration = invoice.administration
    is_automatic = administration is not None and administration.mode == Mode.AUTOMATIC
    return Mode.PROPOSE if is_automatic and invoice.state == State.PROPOSED else ""


def _is_concerned(invoice: Invoice, changed: Sequence[Changed]) -> bool:
    """Tell whether one of the rules spoke about a line of `invoice`, or may speak about it now."""
    since = [one for one in changed if one.at >= invoice.changed_at]
    if invoice.state == State.READY:  # in the minutes for undo: only what forbids that it goes on by itself
        since = [one for one in since if _forbids(one)]
    spoke = {said["pk"] for line in invoice.lines.all() for said in line.rules}
    if spoke.intersection(one.pk for one in since):
        return True
    relation = Relation.objects.filter(
        division__administration=invoice.administration_id, exact_id=str(invoice.supplier)
    ).first()
    if relation is None:
        return False
    facts = facts_of(invoice, relation)
    return any(one.rule is not None and one.rule.fits_document(facts) is not False for one in since)


def _forbids(changed: Changed) -> bool:
    return changed.rule is not None and changed.rule.never_automatic
