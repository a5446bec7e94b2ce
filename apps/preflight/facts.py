"""Everything that a preflight judges about one administration, as plain values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.preflight.access_facts import Licence, Mailbox, User


@dataclass(frozen=True, slots=True)
class Journal:
    """The purchase journal that was chosen. `code` "": none; `exists` None: the journals were never read."""

    code: str = ""
    exists: bool | None = None
    is_purchase: bool = False
    is_blocked: bool = False
    takes_vat: bool | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Books:
    """Journal, periods, VAT and ledger accounts.

    `has_period`: None: never read. `scenarios`: those in use without a code; `unconfirmed`, `blocked_codes`: rows of
    the table; `accounts`: ledger accounts that something of ours uses and that take no entries, with what uses them.
    """

    journal: Journal = Journal()
    has_period: bool | None = None
    is_open: bool = True
    is_filed: bool = False
    scenarios: tuple[str, ...] = ()
    unconfirmed: int = 0
    blocked_codes: tuple[str, ...] = ()
    has_table: bool = False
    accounts: tuple[tuple[str, str], ...] = ()
    are_accounts_read: bool = False
    are_codes_read: bool = False


@dataclass(frozen=True, slots=True)
class Cards:
    """The supplier cards. `same`: by "kvk", "vat" and "iban" the numbers that several cards carry, with the cards."""

    count: int | None = None
    bare: int = 0
    bare_percent_allowed: int = 25
    same: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Others:
    """Whether another integration books there: as a person saw it; and how many recent entries are not ours."""

    active: bool | None = None
    said: str = ""
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """One administration."""

    user: User = field(default_factory=User)
    licence: Licence = field(default_factory=Licence)
    books: Books = Books()
    cards: Cards = Cards()
    others: Others = Others()
    mailbox: Mailbox | None = None
