"""A mail to a digital mailbox of which nobody knows whether it arrived: a person looked, and says so."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock, queue
from apps.core.transitions import Changed
from apps.invoices.models import Invoice, State
from apps.invoices.reviewing import Refused
from apps.people.models import User


def settle_mail(invoice: Invoice, *, is_there: bool, by: User, version: int) -> None:
    """Say about a mail of unknown outcome that it arrived, or that it is not there and is to be sent again."""
    if invoice.version != version:
        raise Changed(_("The document was changed since you opened it."))
    posting = invoice.posting
    if invoice.state != State.UNCERTAIN or posting is None or not posting.is_mail_unclear:
        raise Refused(_("Only a mail of which nobody knows whether it arrived is settled by a person."))
    said = _("said: the mail arrived") if is_there else _("said: the mail is not there; it is sent again")
    waits = {"cause": invoice.cause, "detail": said}
    with transaction.atomic():
        invoice.move(State.UNCERTAIN, who=str(by), why=said, at=clock.now(), touched=True, **waits)
        if not posting.settle_mail(is_there=is_there, by=str(by)):
            raise Changed(_("It is being looked for in this very moment. Open the document again."))
        queue.ring("division_due", posting.division_id)
