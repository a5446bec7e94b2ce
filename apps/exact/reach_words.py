"""What a login opens, and what it does not. Pure: each is a sentence in the language of the moment."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

SHOWN = 3


def wrong_division(opens: Sequence[str], wanted: Sequence[str]) -> str:
    """The login opens other divisions than the connection was for; each named as "name (code)"."""
    if not opens:
        return _(
            "This login opens no administration; the connection was for %(wanted)s. Nothing was changed."
        ) % {"wanted": named(wanted).removesuffix(".")}
    return _("This login opens %(opens)s; the connection was for %(wanted)s. Nothing was changed.") % {
        "opens": named(opens),
        "wanted": named(wanted).removesuffix("."),
    }


def other_user(name: str) -> str:
    """Somebody else signed in than `name`, whose chain was to be renewed and serves no division."""
    return _("The connection was for %(name)s, and somebody else signed in. Nothing was changed.") % {
        "name": name
    }


def not_reached(names: Sequence[str]) -> str:
    """Divisions of a reconnected chain that this login does not open."""
    return _("This login does not open %(names)s; that stays as it was.") % {"names": named(names)}


def not_seen(opens: Sequence[str], wanted: Sequence[str]) -> str:
    """A list of one licence without what was wanted, which may be open all the same (Exact facts 1.6, 1.7)."""
    return _(
        "Whether this login opens %(wanted)s could not be seen: Exact Online shows this app the administrations of one "
        "licence only (%(opens)s). Nothing was changed. Have the scope “Organization administration, read” added to "
        "the app in the Exact App Center, or the right “Organization administration” given to this user in Exact "
        "Online; then sign in again."
    ) % {"opens": named(opens) or "-", "wanted": named(wanted)}


def not_reached_or_seen(names: Sequence[str]) -> str:
    """Divisions of a reconnected chain that a list of one licence does not name."""
    return _(
        "Whether this login opens %(names)s could not be seen, for the scope “Organization administration, read” is "
        "missing; that stays as it was."
    ) % {"names": named(names)}


def named(names: Sequence[str]) -> str:
    """Return the first few names, and how many more there are."""
    shown = ", ".join(names[:SHOWN])
    more = len(names) - SHOWN
    return _("%(names)s and %(count)d more") % {"names": shown, "count": more} if more > 0 else shown
