"""What must be right at eConnect before a party receives, point by point.

Subscription and credit are shown by no call that was read (eConnect facts 2), so a person confirms them; a refusal
that speaks of them turns them red.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import clock
from apps.econnect import refusals
from apps.econnect.models import Account, Answer, Inbound, Party, Stage
from apps.people.models import User

GOOD, FAIR, POOR = "good", "fair", "poor"
PERMISSIONS = (  # at eConnect, what it is for, how bad it is without
    ("canReceiveDocument", gettext_lazy("may receive"), POOR),
    ("canChangeDocumentStatus", gettext_lazy("may answer senders"), FAIR),
    ("canRemoveDocument", gettext_lazy("may remove what is kept here"), FAIR),
)
CONFIRMED = {
    "subscription_confirmed": gettext_lazy("subscription"),
    "credit_confirmed": gettext_lazy("credit at eConnect"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One point: how it stands (`good`, `fair`, `poor`), and in words. `confirm`: the field a person may set."""

    name: str | Promise
    level: str
    words: str
    confirm: str = ""


def points(party: Party) -> list[Point]:
    """Return the checklist of a party, from what we know without asking eConnect."""
    return [
        _known(party),
        *(_permission(party, *one) for one in PERMISSIONS),
        _hook(party),
        _administration(party),
        _last_document(party),
        *(_confirmed(party, field) for field in CONFIRMED),
    ]


def confirm(party: Party, field: str, *, by: User) -> None:
    """Keep that somebody looked at eConnect and saw that this is in order. Raises KeyError for another field."""
    label = CONFIRMED[field]
    words = _("%(who)s, %(when)s") % {"who": by, "when": _day(clock.now())}
    setattr(party, field, words[:200])
    party.keep(field, by=by, why=str(label))


def _known(party: Party) -> Point:
    name = _("party id")
    if party.is_gone:
        return Point(name, POOR, _("eConnect no longer lets us act for it. Ask eConnect, or the client."))
    if party.seen_at is None:
        return Point(
            name, POOR, _("A document came for it, but eConnect does not name it among our parties.")
        )
    return Point(name, GOOD, party.party_id)


def _permission(party: Party, key: str, name: str | Promise, lacking: str) -> Point:
    allowed = party.permissions.get(key)
    if allowed:
        return Point(name, GOOD, _("yes"))
    words = _("no: ask eConnect for the permission") if allowed is False else _("not known yet")
    return Point(name, lacking if allowed is False else FAIR, words)


def _hook(party: Party) -> Point:
    name = _("hook")
    account = Account.objects.filter(client=None, base_url=party.account.base_url).first()
    if account is None or not account.hook_id:
        return Point(name, POOR, _("not registered"))
    if account.hook_trouble:
        return Point(name, POOR, account.hook_trouble)
    return Point(name, GOOD, _("active"))


def _administration(party: Party) -> Point:
    name = _("administration")
    if party.administration:
        return Point(name, GOOD, str(party.administration))
    return Point(name, FAIR, _("none: each document is routed by the numbers on it"))


def _last_document(party: Party) -> Point:
    newest = party.inbounds.order_by("-announced_at").first()
    name = _("last document")
    return Point(name, GOOD, _day(newest.announced_at)) if newest else Point(name, FAIR, _("none yet"))


def _confirmed(party: Party, field: str) -> Point:
    trouble = _money_trouble(party)
    if trouble:
        return Point(CONFIRMED[field], POOR, trouble, field)
    words = getattr(party, field)
    level = GOOD if words else FAIR
    return Point(CONFIRMED[field], level, words or _("nobody has looked yet"), field)


def _money_trouble(party: Party) -> str:
    """Return the newest words of eConnect that speak of a subscription or of credit and still stand."""
    waiting = Inbound.objects.filter(party=party, stage__in=(Stage.KNOWN, Stage.FAILED))
    answers = Answer.objects.filter(inbound__party=party, given_at=None)
    said = [
        *waiting.exclude(trouble="").order_by("-pk").values_list("trouble", flat=True)[:50],
        *answers.exclude(trouble="").order_by("-pk").values_list("trouble", flat=True)[:50],
        party.account.trouble,
    ]
    return next((words for words in said if refusals.is_about_money(words)), "")


def _day(moment: datetime) -> str:
    return formats.date_format(localtime(moment), "SHORT_DATE_FORMAT")
