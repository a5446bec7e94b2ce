"""Which divisions are kept for trials: said by a person, while nothing is on its way there."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.exact.models import Division
from apps.invoices.models import Invoice, Leaving, State
from apps.people.models import User
from apps.posting.models import Posting

SENT = (State.POSTING, State.UNCERTAIN)


class Refused(Exception):
    """This cannot be done now; the text is one sentence for people."""


def mark(division: Division, *, is_test: bool, by: User) -> bool:
    """Say whether `division` is kept for trials; False when it was so already. Refused while something is under way."""
    with transaction.atomic():
        locked: Division = Division.objects.select_for_update().get(pk=division.pk)
        if locked.is_test == is_test:
            return False
        refuse_under_way(locked)
        locked.mark(is_test=is_test, by=by)
    return True


def under_way(division: Division) -> int:
    """Return how many documents are on their way into `division`, or being taken back or added to there."""
    documents = Q(posting__division=division) | Q(removal__division=division)
    if division.administration_id:
        documents |= Q(administration=division.administration_id)
    sent = Invoice.objects.filter(documents, state__in=SENT)
    others = Posting.objects.filter(division=division).open()
    others = others.exclude(invoice__state__in=SENT).exclude(removed__state__in=SENT)
    return sent.count() + others.count()


def refuse_under_way(division: Division) -> None:
    """Raise Refused while something is under way in `division`, or documents of an earlier trial arrive there."""
    if Leaving.objects.under_way().filter(administration__division=division).exists():
        raise Refused(
            _("The documents of the trial in the test division are still being matched and coded here.")
        )
    if count := under_way(division):
        words = ngettext(
            "%(count)d document is under way in %(division)s. Let it arrive, or look what became of it, and try again.",
            "%(count)d documents are under way in %(division)s. Let them arrive, or look what became of them, "
            "and try again.",
            count,
        )
        raise Refused(words % {"count": count, "division": division})
