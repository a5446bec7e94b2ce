"""What people with a share link read when it opens nothing, or another administration than the one that is meant."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from apps.exact import reach_words, reconnecting
from apps.exact.models import ShareLink, ShareState
from apps.exact.reconnecting import Rows

LANGUAGES = ("nl", "en")


def ended(link: ShareLink) -> str:
    """Return why a link opens nothing any more, "" while it does."""
    if link.state == ShareState.DONE:
        return _(
            "This link has been used: %(administration)s is connected. Nothing more needs to be done."
        ) % {"administration": link.administration}
    if link.state == ShareState.REVOKED:
        return _("This link was revoked. Nothing was changed. Ask your accountant for a new one.")
    if link.is_disowned:
        return _(
            "Whoever made this link does not work here any more, so it opens nothing. Nothing was changed. Ask your "
            "accountant for a new one."
        )
    return (
        _("This link has expired. Nothing was changed. Ask your accountant for a new one.")
        if link.is_expired
        else ""
    )


def in_both(words: Callable[[], str]) -> dict[str, Any]:
    """Return what went wrong as fields of a link: in every language, and in that of the office."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = words()
    return {"said": said, "trouble": said[LANGUAGES[0]]}


def unmailed(link: ShareLink) -> str:
    """The mail with the link failed as often as it is tried."""
    return _("The mail could not be sent to %(email)s; make a new link.") % {"email": link.email}


def contradicts(link: ShareLink, rows: Rows, code: int, against: Sequence[object]) -> str:
    """Return that the division of `code` (0: there is none) is another company, and by which numbers."""
    opens = reconnecting.called(rows if len(rows) == 1 or not code else {code: rows[code]})
    sentence = reach_words.wrong_division(opens, [str(link.administration)])
    return f"{sentence} ({'; '.join(str(one) for one in against)})" if against else sentence


def taken(rows: Rows, code: int) -> str:
    """What is linked elsewhere is not for outsiders to know."""
    return _("%(division)s is in use here already. Nothing was changed. Ask your accountant.") % {
        "division": reconnecting.called({code: rows[code]})[0]
    }
