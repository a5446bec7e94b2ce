"""Which rights in Exact an automatic booking needs, where they are ticked, and what a refusal says. Pure.

Tabs and names are Exact's own, so that a person finds them on the screen; the labels beside them are ours.
Sources: Exact facts 1.7 (scopes, refusals), 4.1-4.7 (what each endpoint is for).
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PATH = "Stamgegevens > Gebruikers > Overzicht"
ASKED_AT = "users/UserHasRights"
READ, WRITE = "GET", "POST"
_SCOPE_VIOLATED = "application scope violated"
_SCOPE_NAME = re.compile(r"'([a-z]+(?:[. ][a-z]+)*)' scope", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Right:
    """One right: the endpoint that needs it, what we do there, its tab and name in Exact, our word for it.

    `mirror`: the sync that reads the same, whose refusal is an answer too. `filter`: where Exact
    gives no row without one (3.6).
    """

    key: str
    endpoint: str
    action: str
    scope: str
    tab: str
    name: str
    label: str | Promise
    mirror: str = ""
    filter: str = ""

    @property
    def shown(self) -> str:
        """The right as Exact writes it, with our word for it where that is another one."""
        label = str(self.label)
        return self.name if label.lower() == self.name.lower() else f"{self.name} ({label})"


_MAILBOXES, _CARDS, _BOOKS = "Communication mailboxes", "Crm accounts", "Financial accounting"
RIGHTS: tuple[Right, ...] = (
    Right(
        "messages",
        "mailbox/MailMessagesSent",
        WRITE,
        _MAILBOXES,
        "Algemeen",
        "Elektronische berichten van de administratie",
        _("electronic messages of the administration"),
    ),
    Right(
        "mailboxes",
        "mailbox/Mailboxes",
        WRITE,
        _MAILBOXES,
        "Algemeen",
        "Digitale brievenbussen",
        _("digital mailboxes"),
    ),
    Right(
        "documents",
        "documents/Documents",
        WRITE,
        "Organization documents",
        "Algemeen",
        "Documenten",
        _("documents"),
    ),
    Right(
        "purchases",
        "purchaseentry/PurchaseEntries",
        WRITE,
        _BOOKS,
        "Financieel",
        "Inkoopboekingen",
        _("purchase postings"),
    ),
    Right(
        "sales",
        "salesentry/SalesEntries",
        WRITE,
        _BOOKS,
        "Financieel",
        "Verkoopboekingen",
        _("sales postings"),
    ),
    Right(
        "bank_accounts",
        "crm/BankAccounts",
        WRITE,
        _CARDS,
        "Relaties",
        "Bankrekeningen van relaties",
        _("bank accounts of contacts"),
        mirror="bank_accounts",
    ),
    Right(
        "contacts",
        "crm/Accounts",
        WRITE,
        _CARDS,
        "Relaties",
        "Relaties",
        _("contacts"),
        mirror="relations",
        filter="IsSupplier eq true",
    ),
    Right(
        "masters",
        "financial/GLAccounts",
        READ,
        "Financial generalledgers",
        "Stamgegevens",
        "Financiële stamgegevens",
        _("financial master data"),
        mirror="gl_accounts",
    ),
    Right(
        "periods",
        "financial/FinancialPeriods",
        READ,
        _BOOKS,
        "Stamgegevens",
        "Perioden",
        _("periods"),
        mirror="periods",
    ),
)
BY_KEY = {right.key: right for right in RIGHTS}
# A mirror that was read proves the scope that it stands under, and no right.
SCOPE_MIRRORS: dict[str, tuple[str, ...]] = {
    _CARDS: ("relations", "bank_accounts"),
    _BOOKS: ("periods", "vat_codes"),
    "Financial generalledgers": ("gl_accounts", "journals"),
    "Organization documents": ("document_types",),
}


def is_scope(words: str) -> bool:
    """Tell whether `words` of a refusal speak of a scope of the app; a bare 403 is a right of the user (1.7)."""
    return _SCOPE_VIOLATED in words.lower()


def scope_in(words: str) -> str:
    """Return the scope that a refusal names, as the App Center writes it ("Crm accounts"); "" when it names none."""
    found = _SCOPE_NAME.search(words) if is_scope(words) else None
    return found[1].replace(".", " ").capitalize() if found else ""
