"""Who signed in at Exact, and whether that login can connect an administration. Pure.

Exact's Me tells more about a login than about its rights: a user of MijnKantoor has a login of the accountant's
portal and none of Exact Online itself, and cannot book (Exact facts 1.5, 3.6 "Document Type not allowed", 8). That
somebody is a user of a customer of an accountant (`IsClientUser`) says nothing: most entrepreneurs are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.exact.values import flag_of, guid_of, integer_of, text_of

_PORTAL = ("IsMyFirmPortalUser", "IsMyFirmLiteUser")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A login as Me describes it. `present` is the code of its present division, 0 for none."""

    user: UUID | None
    name: str
    present: int
    is_portal: bool
    is_trial: bool

    @property
    def refusal(self) -> str:
        """Why this login cannot connect anything and what to do, "" when it can."""
        if not self.is_portal:
            return ""
        return _(
            "%(name)s is a MijnKantoor user. Such a login cannot book, and so cannot connect an administration. "
            "Nothing was changed. Sign in as a user of Exact Online itself: the owner of the administration has one, "
            "or ask whoever manages the users there to make one."
        ) % {"name": self.name}

    @property
    def warning(self) -> str:
        """What to mind of a login that can connect, "" for nothing."""
        if not self.is_trial:
            return ""
        return _(
            "%(name)s may be a user of a trial of Exact Online. Then the connection ends with that trial; sign in "
            "again with a paid user before that day."
        ) % {"name": self.name}


def of(me: Mapping[str, Any], trial: Iterable[str]) -> Visitor:
    """Return the login that a row of current/Me describes (Exact facts 1.5).

    `trial`: the flags that may tell of a user of a trial, which Exact does not document.
    """
    name = text_of(me.get("FullName")) or text_of(me.get("UserName")) or "Exact"
    return Visitor(
        user=guid_of(me.get("UserID")),
        name=name[:200],
        present=integer_of(me.get("CurrentDivision")),
        is_portal=any(flag_of(me.get(field)) for field in _PORTAL),
        is_trial=is_of_trial(me, trial),
    )


def is_of_trial(me: Mapping[str, Any], trial: Iterable[str]) -> bool:
    """Tell whether a flag in `trial` marks the user of Me as one of a trial."""
    return any(flag_of(me.get(field)) for field in trial)
