"""How documents of one kind are delivered in an administration: exactly one method, and a guard on changing it."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.clients.models import Administration, Package
from apps.core import queue
from apps.exact import packages
from apps.exact.models import DigitalMailbox, Division, MailboxState
from apps.invoices.models import ActiveMethod, Invoice, State, WaitsFor
from apps.people.models import User
from apps.posting.models import Method

METHODS = (Method.ENTRY, Method.INVOICE, Method.DOCUMENT, Method.MAILBOX)
ON_ITS_WAY = (State.READY, State.POSTING, State.UNCERTAIN)


class SwitchRefused(Exception):
    """The method cannot be changed now; the text is one sentence what, one what to do."""


def methods_of(administration: Administration) -> tuple[Method, ...]:
    """Return the methods that the package of `administration` takes."""
    if administration.package == Package.EXACT_GLOBE:
        return (Method.MAILBOX,)
    return (
        METHODS if _has_logistics(administration) else tuple(one for one in METHODS if one != Method.INVOICE)
    )


def _has_logistics(administration: Administration) -> bool:
    """Tell whether its package of Exact has purchase invoices; where Exact tells nothing of it, they are tried."""
    division = Division.objects.filter(administration=administration).first()
    return division is not None and packages.has_logistics(division)


def under_way(administration: Administration, kind: str) -> int:
    """Return how many documents of `kind` are on their way by the present method, those to be undone still included."""
    rows = Invoice.objects.filter(administration=administration, kind=kind, state__in=ON_ITS_WAY)
    return rows.exclude(state=State.READY, waits_for=WaitsFor.PILOT).count()


def switch(administration: Administration, kind: str, method: str, *, by: User) -> bool:
    """Deliver documents of `kind` by `method` from now on; what waits is decided anew. False: it was so already.

    Raises SwitchRefused while documents of that kind are under way, for what is no method of delivery there, and for
    the digital mailbox while that is not active, and for purchase invoices where the package has none.
    """
    if method not in METHODS:
        raise SwitchRefused(_("Choose one of the methods."))
    if method == Method.INVOICE and administration.package != Package.EXACT_GLOBE:
        _demand_logistics(administration)
    elif method not in methods_of(administration):
        raise SwitchRefused(
            _("Exact Globe takes documents in its digital mailbox only. Leave it at digital mailbox.")
        )
    if method == Method.MAILBOX and not DigitalMailbox.objects.filter(
        administration=administration, state=MailboxState.ACTIVE
    ):
        raise SwitchRefused(
            _("This administration has no active digital mailbox. Finish the checklist of its mailbox first.")
        )
    with transaction.atomic():
        row, _made = ActiveMethod.objects.select_for_update().get_or_create(
            administration=administration, kind=kind
        )
        if row.method == method:
            return False
        if count := under_way(administration, kind):
            raise SwitchRefused(_refusal(count))
        row.choose(method, by=by)
        queue.ring("method_switched", administration.pk, kind)
    return True


def _demand_logistics(administration: Administration) -> None:
    if not _has_logistics(administration):
        raise SwitchRefused(
            _(
                "The package of this administration in Exact Online has no purchase invoices. Leave it at automatic "
                "entry, or have the package extended and sync."
            )
        )


def _refusal(count: int) -> str:
    words = ngettext(
        "%(count)d document is under way by the present method. Let it arrive, or take it back, and try again.",
        "%(count)d documents are under way by the present method. Let them arrive, or take them back, and try again.",
        count,
    )
    return words % {"count": count}
