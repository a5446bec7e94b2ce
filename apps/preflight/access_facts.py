"""What a preflight knows of how an administration is reached: user, licence, digital mailbox. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MAILBOX, DOCUMENT = "mailbox", "document"  # methods that book no entries


class UserKind(StrEnum):
    """What the connected user is in Exact (current/Me, Exact facts 1.5)."""

    UNKNOWN = ""
    FULL = "full"
    PORTAL = "portal"
    LITE = "lite"
    EMPLOYEE = "employee"


class Package(StrEnum):
    """Where the books are kept."""

    EXACT_ONLINE = "exact_online"
    EXACT_GLOBE = "exact_globe"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class User:
    """The connected user and app. `trouble`: why the connection does not serve, "" while it does.

    `rights`: by key of exact.rights_words whether it may; None: Exact did not say, or the scope is lacking.
    `scopes`: what the app lacks; None: nothing was asked or read yet.
    """

    kind: UserKind = UserKind.UNKNOWN
    name: str = ""
    is_linked: bool = True
    trouble: str = ""
    rights: Mapping[str, bool | None] = field(default_factory=dict)
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Licence:
    """Package and features. `features` None: never read.

    `trial`: the feature or package that names a trial, "" for none; `is_trial_user`: the user carries a mark of one.
    """

    package: str = Package.EXACT_ONLINE
    kind: str = ""
    features: tuple[str, ...] | None = None
    trial: str = ""
    is_trial_user: bool = False
    has_mailbox: bool = False
    is_logistic: bool = False
    methods: frozenset[str] = frozenset()
    wants_mailbox: bool = False

    @property
    def books_entries(self) -> bool:
        """Whether documents of some kind are booked as entries."""
        return bool(self.methods - {MAILBOX, DOCUMENT})

    @property
    def lacks_mailbox(self) -> bool:
        """Whether the features were read and hold no digital mailbox."""
        return self.features is not None and not self.has_mailbox


@dataclass(frozen=True, slots=True)
class Mailbox:
    """How the digital mailbox stands: `level` of its state, and what exact.mailbox_words says it by (`told`).

    `open_points`: the levels of the other points of its checklist that are not good.
    """

    level: str
    told: Mapping[str, Any] = field(default_factory=dict)
    open_points: tuple[str, ...] = ()
    is_refused_as_trial: bool = False
