"""What must be right before documents reach the books by a digital mailbox, point by point.

What Exact shows by no call (its list of allowed senders, a setting of Exact Globe), a person confirms.
"""

from typing import Any

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Package
from apps.core import clock
from apps.exact import mailbox_points, mailbox_words
from apps.exact.mailbox_points import Point
from apps.exact.mailbox_words import Advice
from apps.exact.models import DigitalMailbox, SentBy
from apps.people.models import User

CONFIRMED = {
    "sender_allowed": gettext_lazy("the sender is allowed"),
    "setting_confirmed": gettext_lazy("the address is filled in in Exact Globe"),
}


def advice(mailbox: DigitalMailbox) -> Advice:
    """Return what to say about a mailbox, and which buttons it has."""
    return mailbox_words.advice_of(**told(mailbox))


def told(mailbox: DigitalMailbox) -> dict[str, Any]:
    """Return what the advice is made of, as plain values of mailbox_words.advice_of."""
    unbound = mailbox.exact_id is not None and mailbox.for_division is None
    return {
        "state": str(mailbox.state),
        "words": mailbox.words,
        "is_wanted": mailbox.is_wanted,
        "is_unbound": unbound,
    }


def points(mailbox: DigitalMailbox) -> list[Point]:
    """Return the checklist of a mailbox, from what we know without asking Exact."""
    administration = mailbox.administration
    is_globe = administration.package == Package.EXACT_GLOBE
    found = [mailbox_points.version(administration)] if is_globe else []
    found += [mailbox_points.division(mailbox), mailbox_points.state(mailbox)]
    if is_globe:
        found.append(mailbox_points.setting(mailbox))
    if mailbox.sent_by == SentBy.EMAIL:
        found.append(mailbox_points.sender(mailbox))
    return found


def confirm(mailbox: DigitalMailbox, field: str, *, by: User) -> None:
    """Keep that somebody looked and saw that this is in order. Raises KeyError for another field."""
    label = CONFIRMED[field]
    today = formats.date_format(localtime(clock.now()), "SHORT_DATE_FORMAT")
    words = _("%(who)s, %(when)s") % {"who": by, "when": today}
    setattr(mailbox, field, words[:200])
    mailbox.keep(field, by=by, why=str(label))
