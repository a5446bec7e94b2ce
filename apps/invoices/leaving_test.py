"""The end of a trial in a test division: from now on the administration is on pilot in its real one.

One transaction decides and marks; `starting_again` does what is left.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core import clock, queue
from apps.exact import linking
from apps.exact.models import Division
from apps.invoices.marking import Refused, refuse_under_way
from apps.invoices.models import Leaving
from apps.people.models import User
from apps.rules import vat_table
from apps.vendors import iban_cases, learning


class Contradicts(Refused):
    """The numbers of the two differ: a person must confirm that it is the right division all the same."""


def offered(user: User) -> QuerySet[Division]:
    """Return the divisions that a trial can end in, as far as `user` sees them."""
    return linking.offer().visible_to(user).filter(is_test=False)


def leave(administration: Administration, real: Division, *, by: User, confirmed: bool = False) -> Leaving:
    """End the trial of `administration`: from now on it is on pilot in `real`, and its documents wait there.

    Raises Refused when it is in no trial or something is under way there, or when `real` is taken, out of
    reach or a test division itself; Contradicts when the numbers of the two differ, unless that is `confirmed`.
    """
    with transaction.atomic():
        # Whoever adds to the outbox of this division waits for this row, or is seen here.
        tests = Division.objects.select_for_update().filter(administration=administration, is_test=True)
        test = tests.first()
        if test is None:
            raise Refused(_("This administration is on no test division."))
        refuse_under_way(test)
        _refuse_real(real, administration, confirmed=confirmed)
        leaving = _switch(administration, test, real, by)
        queue.ring("test_left", real.pk)
        queue.ring("apps.exact.tasks.sync_division", real.pk)
    return leaving


def _refuse_real(real: Division, administration: Administration, *, confirmed: bool) -> None:
    real.refresh_from_db()
    if real.is_test:
        raise Refused(_("%(division)s is a test division itself.") % {"division": real})
    if real.administration_id is not None or real.connection_id is None:
        raise Refused(_("%(division)s is linked already, or no connection reaches it.") % {"division": real})
    found = linking.contradictions(real, administration)
    if found and not confirmed:
        words = _("The numbers of %(division)s are not those of %(administration)s: %(numbers)s.")
        numbers = "; ".join(map(str, found))
        raise Contradicts(words % {"division": real, "administration": administration, "numbers": numbers})


def _switch(administration: Administration, test: Division, real: Division, by: User) -> Leaving:
    administration.refresh_from_db()
    administration.mode, administration.purchase_journal = Mode.PILOT, ""
    administration._history_user = by
    words = _("the trial in %(test)s ended; now %(real)s") % {"test": test, "real": real}
    administration._change_reason = words[:100]  # as much as a history row holds
    administration.save(update_fields=["mode", "purchase_journal"])
    vat_table.forget(administration)
    learning.forget_questions(administration)
    iban_cases.forget_open(administration)
    try:
        linking.unlink(test, administration)
        linking.link(real, administration, by=by)
    except linking.LinkRefused as refusal:
        raise Refused(str(refusal)) from refusal
    made: Leaving = Leaving.objects.create(
        administration=administration, test=test, who=str(by), began_at=clock.now()
    )
    return made
