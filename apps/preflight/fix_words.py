"""What a preflight says: groups, levels, titles, and by point what is wrong and what to do about it. Words alone."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from apps.exact.mailbox_words import ADVICE, Text
from apps.preflight.levels import UNLICENSED, UNUSED

GROUPS: dict[str, Promise] = {
    "user": gettext_lazy("User and rights"),
    "package": gettext_lazy("Package and mailbox"),
    "books": gettext_lazy("Books"),
    "cards": gettext_lazy("Supplier cards"),
}
LEVELS: dict[str, Promise] = {
    "good": gettext_lazy("in order"),
    "fair": gettext_lazy("open"),
    "poor": gettext_lazy("to mend"),
    "unknown": gettext_lazy("not known"),
    "note": gettext_lazy("for your information"),
}
TITLES: dict[str, Promise] = {
    "connection": gettext_lazy("connection"),
    "user_kind": gettext_lazy("kind of user"),
    "scopes": gettext_lazy("scopes of the app"),
    "mailbox": gettext_lazy("digital mailbox in the package"),
    "digital_mailbox": gettext_lazy("digital mailbox"),
    "trial": gettext_lazy("no trial licence"),
    "methods": gettext_lazy("package against the methods"),
    "journal": gettext_lazy("purchase journal"),
    "periods": gettext_lazy("present period"),
    "filed": gettext_lazy("VAT return of this period"),
    "vat": gettext_lazy("VAT codes"),
    "accounts": gettext_lazy("ledger accounts in use"),
    "bare": gettext_lazy("suppliers without a number"),
    "same_kvk": gettext_lazy("one KvK number, one card"),
    "same_vat": gettext_lazy("one VAT number, one card"),
    "same_iban": gettext_lazy("one IBAN, one card"),
    "others": gettext_lazy("no other integration"),
}
_FULL_USER = gettext_lazy(
    "Sign in again as a full user of Exact Online; one is made at %(path)s, with a role of its own."
)
_ONE_CARD = gettext_lazy(
    "Choose one card in Exact, correct the number on the other or block that one, and check again after the next sync."
)
_CHOOSE_JOURNAL = gettext_lazy("Choose another purchase journal on the page of the administration.")
_MAILBOX_ONLY = gettext_lazy("Choose “digital mailbox” as method on the page of the administration.")
_PAID = gettext_lazy(
    "If it is one, have the client turn it into a paid licence, at the licence data in Exact, and check again."
)
# By key and case: what is wrong, and what to do about it.
WRONG: dict[tuple[str, str], tuple[Text, Text]] = {
    ("connection", "unlinked"): (
        gettext_lazy("This administration is linked to no division."),
        gettext_lazy("Link it to its division, on the page of the divisions."),
    ),
    ("connection", "troubled"): (
        gettext_lazy("The connection with Exact Online does not serve this administration."),
        gettext_lazy("The page of the connections says what is wrong and what to do."),
    ),
    ("user_kind", "portal"): (
        gettext_lazy("%(user)s is a user of MijnKantoor, through whom nothing can be booked."),
        _FULL_USER,
    ),
    ("user_kind", "lite"): (
        gettext_lazy("%(user)s is a user with limited access, through whom nothing can be booked."),
        _FULL_USER,
    ),
    ("user_kind", "employee"): (
        gettext_lazy("%(user)s is an employee who sees their own data only."),
        _FULL_USER,
    ),
    ("scopes", ""): (
        gettext_lazy("Our app lacks these scopes: %(names)s."),
        gettext_lazy(
            "Add them in the App Center of Exact, at the scopes of the app, "
            "and sign in again when Exact has approved it."
        ),
    ),
    ("right", ""): (
        gettext_lazy("%(user)s lacks the right “%(right)s”."),
        gettext_lazy(
            "In Exact, open %(path)s, choose the user, and give “%(right)s” on the tab “%(tab)s”; best by a role "
            "of its own with exactly the rights named here."
        ),
    ),
    ("mailbox", ""): (
        gettext_lazy("The package has no digital mailbox, and documents are to be delivered there."),
        gettext_lazy(
            "Add the feature “Digitale brievenbus” to the licence in Exact, or choose another method."
        ),
    ),
    ("digital_mailbox", "checklist"): (
        gettext_lazy("Points of the checklist of the digital mailbox that are open: %(count)s."),
        gettext_lazy("Go through them on the page of the mailbox."),
    ),
    ("trial", ""): (
        gettext_lazy(
            "This may be a trial licence, for Exact names “%(text)s”: a trial ends by itself, and Exact Online makes "
            "no digital mailbox in it."
        ),
        _PAID,
    ),
    ("trial", "user"): (
        gettext_lazy(
            "This may be a trial licence, for Exact marks %(user)s as a user of a trial: it ends by itself, and Exact "
            "Online makes no digital mailbox in it."
        ),
        _PAID,
    ),
    ("trial", "mailbox"): (ADVICE["trial"].sentence, ADVICE["trial"].remedy),
    ("methods", "accept"): (
        gettext_lazy("The books are kept in Accept, which gets no entries and documents from us."),
        _MAILBOX_ONLY,
    ),
    ("methods", "logistic"): (
        gettext_lazy("Purchase invoices and orders need a package with logistics; this one has none."),
        gettext_lazy(
            "Choose “automatic entry” on the page of the administration, "
            "or another package at the licence data in Exact."
        ),
    ),
    ("journal", "none"): (
        gettext_lazy("No purchase journal is chosen."),
        gettext_lazy("Choose one on the page of the administration."),
    ),
    ("journal", "gone"): (
        gettext_lazy("Journal %(journal)s is not in Exact any more."),
        _CHOOSE_JOURNAL,
    ),
    ("journal", "type"): (gettext_lazy("Journal %(journal)s is no purchase journal."), _CHOOSE_JOURNAL),
    ("journal", "blocked"): (
        gettext_lazy("Journal %(journal)s is blocked."),
        gettext_lazy(
            "Release it in Exact (Stamgegevens > Dagboeken), or choose another on the page of the administration."
        ),
    ),
    ("journal", "no_vat"): (
        gettext_lazy("Journal %(journal)s takes no VAT."),
        gettext_lazy(
            "Allow VAT in it in Exact (Stamgegevens > Dagboeken), or choose another on the page of the administration."
        ),
    ),
    ("periods", "none"): (
        gettext_lazy("Exact has no period for today."),
        gettext_lazy("Make the financial year in Exact (Stamgegevens > Perioden)."),
    ),
    ("periods", "closed"): (
        gettext_lazy("The present period is closed in journal %(journal)s."),
        gettext_lazy("Open it in Exact (Financieel > Perioden afsluiten)."),
    ),
    ("vat", "none"): (
        gettext_lazy("There is no VAT table yet, so no line gets a VAT code."),
        gettext_lazy("Fill in and confirm the VAT table of this administration."),
    ),
    ("vat", "blocked"): (
        gettext_lazy("The VAT table names codes that are blocked or gone in Exact: %(codes)s."),
        gettext_lazy(
            "Choose other codes in the VAT table, or release these in Exact (Stamgegevens > BTW-codes)."
        ),
    ),
    ("vat", "lacking"): (
        gettext_lazy("There is no VAT code for: %(scenarios)s."),
        gettext_lazy("Choose one for each in the VAT table, and confirm it."),
    ),
    ("vat", "unconfirmed"): (
        gettext_lazy("Rows of the VAT table that nobody has confirmed, or that changed since: %(count)s."),
        gettext_lazy("Look at them in the VAT table and confirm them."),
    ),
    ("accounts", ""): (
        gettext_lazy("Rules, cards or settings name ledger accounts that take no entries: %(accounts)s."),
        gettext_lazy(
            "Name other accounts there, or release these in Exact (Stamgegevens > Grootboekrekeningen)."
        ),
    ),
    ("bare", ""): (
        gettext_lazy("%(count)s of %(all)s supplier cards have no number by which a document finds them."),
        gettext_lazy("Fill in KvK number, VAT number or IBAN on these cards in Exact (Relaties)."),
    ),
    ("same_kvk", ""): (gettext_lazy("Several cards have the same KvK number: %(same)s."), _ONE_CARD),
    ("same_vat", ""): (gettext_lazy("Several cards have the same VAT number: %(same)s."), _ONE_CARD),
    ("same_iban", ""): (gettext_lazy("Several cards have the same IBAN: %(same)s."), _ONE_CARD),
    ("others", ""): (
        gettext_lazy("Another integration still books purchases here, as %(said)s saw."),
        gettext_lazy("Have it switched off in Exact (App Center > Mijn apps), look again, and say so here."),
    ),
}
UNKNOWN: dict[str, tuple[Text, Text]] = {
    "others": (
        gettext_lazy(
            "Nobody has looked yet whether another integration still books here; purchase entries of the last month "
            "that are not ours: %(count)s."
        ),
        gettext_lazy("Look in Exact (App Center > Mijn apps), and say here what you saw."),
    ),
}
NOTES: dict[str, Promise] = {
    "filed": gettext_lazy(
        "The VAT return of today's period is filed: what is booked in it now needs a correction."
    ),
    "mailbox": gettext_lazy("The package has none; nothing here is delivered there."),
}
SPARED: dict[str, Promise] = {  # notes, by case
    UNUSED: gettext_lazy("No document here is delivered in a way that needs it, so it does not count."),
    UNLICENSED: gettext_lazy("It does not count before the package has the digital mailbox."),
}
NOT_KNOWN: tuple[Text, Text] = (
    gettext_lazy("This is not known yet."),
    gettext_lazy("It is asked tonight, or check now."),
)
