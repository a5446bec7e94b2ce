"""Whether another integration still books in an administration.

No mirror tells: a ledger line does not say who made it, and subscriptions to webhooks are shown to the app that made
them alone (Exact facts 7). So a person looks in Exact and says so, with name and day.
"""

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.core import clock
from apps.people.models import User
from apps.preflight.models import Preflight


def say(preflight: Preflight, *, active: bool, by: User) -> None:
    """Keep what `by` saw."""
    day = formats.date_format(localtime(clock.now()), "SHORT_DATE_FORMAT")
    preflight.others_active = active
    preflight.others_said = (_("%(who)s, %(when)s") % {"who": by, "when": day})[:200]
    preflight.save(update_fields=["others_active", "others_said"])
