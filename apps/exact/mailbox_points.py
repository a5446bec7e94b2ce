"""The points of a digital mailbox's checklist, one by one: each says how it stands, from what we know."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.clients import globe
from apps.clients.models import Administration
from apps.exact import mailbox_naming, mailbox_words
from apps.exact.models import DigitalMailbox, MailboxState

GOOD, FAIR, POOR = "good", "fair", "poor"


@dataclass(frozen=True, slots=True)
class Point:
    """One point: how it stands (`good`, `fair`, `poor`), and in words. `confirm`: the field a person may set."""

    name: str | Promise
    level: str
    words: str | Promise
    confirm: str = ""


def version(administration: Administration) -> Point:
    """Tell whether this version of Exact Globe takes documents out of a mailbox."""
    name, text = _("version of Exact Globe"), administration.globe_version
    enough = globe.is_recent_enough(text)
    if enough is None:
        words = _(
            "not known: copy it from Help > About in Exact Globe to the administration; %(oldest)s or later"
        )
        return Point(name, FAIR, words % {"oldest": globe.OLDEST})
    if enough:
        return Point(name, GOOD, text)
    words = _(
        "%(version)s takes nothing out of a digital mailbox: what we deliver stays there. Have Exact Globe brought to "
        "version %(oldest)s or later by its supplier, then fill in the new version."
    )
    return Point(name, POOR, words % {"version": text, "oldest": globe.OLDEST})


def division(mailbox: DigitalMailbox) -> Point:
    """Tell whether a division holds the mailbox, and a connection reaches it."""
    name, found = _("division in Exact Online"), mailbox_naming.division_of(mailbox.administration)
    if found is None:
        words = _("none: link the administration in Exact Online that holds the mailbox (Exact > Divisions)")
        return Point(name, POOR, words)
    if found.connection is None:
        return Point(name, POOR, _("%(division)s, which no connection reaches") % {"division": found})
    return Point(name, GOOD, str(found))


def state(mailbox: DigitalMailbox) -> Point:
    """Tell how the mailbox itself stands."""
    found = MailboxState(mailbox.state)
    return Point(_("digital mailbox"), mailbox_words.ADVICE[found].level, found.label)


def setting(mailbox: DigitalMailbox) -> Point:
    """Tell whether somebody saw the address in Exact Globe."""
    how = _("in Exact Globe, fill in %(address)s at System > Settings > Administration settings")
    words = how % {"address": mailbox.address}
    return _by_hand(mailbox, "setting_confirmed", _("address in Exact Globe"), words)


def sender(mailbox: DigitalMailbox) -> Point:
    """Tell whether somebody saw that who mails from here is allowed."""
    how = _(
        "in Exact Online, add %(sender)s to the allowed senders (Mijn Exact Online > Mijn digitale brievenbussen > "
        "toegestane afzenders); mail of others ends among the blocked e-mails"
    ) % {"sender": mailbox_naming.sender()}
    return _by_hand(mailbox, "sender_allowed", _("allowed sender"), how)


def _by_hand(mailbox: DigitalMailbox, field: str, name: str, how: str) -> Point:
    seen: str = getattr(mailbox, field)
    return Point(name, GOOD if seen else FAIR, seen or how, field)
