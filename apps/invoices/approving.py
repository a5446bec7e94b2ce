"""The second look at a document above the amount that asks for two people."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients import policy
from apps.clients.models import Mode
from apps.core import clock
from apps.core.transitions import Changed
from apps.invoices import four_eyes
from apps.invoices.coding import in_the_way, waits_until
from apps.invoices.models import Invoice, State
from apps.invoices.reviewing import Refused
from apps.people.models import User


def approve(invoice: Invoice, *, by: User, version: int) -> None:
    """Have the second look at a booking that one person agreed with; `version` is the one that was seen.

    It is booked after the minutes for undo. What stands in the way is looked at again: a VAT code may be in doubt by
    now, or the journal gone. Raises Refused when it waits for something else or `by` had the first look,
    and core.transitions.Changed when it moved since.
    """
    if invoice.version != version:
        raise Changed(_("The document was changed since you opened it."))
    if invoice.state != State.ATTENTION or not four_eyes.waits_for_second(invoice):
        raise Refused(_("This document waits for no second person."))
    if by.pk in four_eyes.looked(invoice):
        people = four_eyes.who_may(invoice, four_eyes.looked(invoice))
        words = _("You chose its codes or agreed with it already. A second person must approve: %(people)s.")
        raise Refused(words % {"people": people or _("an administrator")})
    if invoice.mapping and invoice.mapping.forgotten_at:
        raise Refused(_("The mapping of its vendor was taken back just now; the document is matched anew."))
    if missing := in_the_way(invoice):
        words = _("Since it was accepted something came in the way. Try it again first. %(what)s")
        raise Refused(words % {"what": missing[0].detail or missing[0].cause})
    mode = invoice.administration.mode if invoice.administration else Mode.PROPOSE
    decision = policy.decide(mode, (), waived=(), accepted=True)
    with transaction.atomic():
        four_eyes.approve(invoice, by)
        invoice.move(
            decision.state,
            who=str(by),
            why=_("approved by a second person"),
            at=clock.now(),
            waits_for=decision.waits_for,
            waits_until=waits_until(decision),
        )
