"""The people of the office with a login at Exact Online, and what each may open."""

from dataclasses import dataclass, field

from apps.sandbox.firm.divisions import DIVISIONS
from apps.sandbox.firm.source import Row, guid


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A login: `exact` holds fields of Me; no `divisions`: all of them; `lacks` names scopes or resources."""

    exact: Row
    divisions: tuple[int, ...] | None = None
    lacks: tuple[str, ...] = field(default=())


def _me(name: str, first: str, middle: str, last: str, gender: str) -> Row:
    address = f"{first[0].lower()}.{(middle + last).lower().replace(' ', '')}@kantoor-linde.example"
    return {
        "UserID": guid(0, "users/Users", name),
        "FullName": " ".join(word for word in (first, middle, last) if word),
        "FirstName": first,
        "MiddleName": middle,
        "LastName": last,
        "Initials": f"{first[0]}.",
        "Gender": gender,
        "Email": address,
        "UserName": address,
        "Language": "NL",
        "LanguageCode": "nl-NL",
        "Nationality": "NL",
        "CurrentDivision": DIVISIONS[0].code,
        "IsClientUser": False,
        "IsStarterUser": False,
    }


USER: Row = _me("kantoor", "Marieke", "van der", "Wal", "V")
_ASSISTANT = _me("assistent", "Joost", "", "Bergman", "M")
_READER = _me("raadpleger", "Samira", "el", "Idrissi", "V")
# Outside the office: owners who sign in by a link, and people who cannot connect an administration.
OWNER: Row = _me("eigenaar", "Pieter", "", "Noordhof", "M")
PORTAL: Row = _me("mijnkantoor", "Wilma", "", "Bakker", "V") | {"IsMyFirmPortalUser": True}
NO_RIGHTS: Row = _me("zonder rechten", "Dennis", "", "Smit", "M")
TRIAL: Row = _me("proef", "Anouk", "de", "Jong", "V") | {"IsStarterUser": True}
_PURCHASE = ("purchaseentry/PurchaseEntries", "purchaseentry/PurchaseEntryLines")
# By scope (Exact facts 1.7): what a user without any role of the administration may not read.
_EVERYTHING = (
    "Communication mailboxes",
    "Crm accounts",
    "Financial accounting",
    "Financial costcenters",
    "Financial generalledgers",
    "Logistics items",
    "Organization administration",
    "Organization documents",
)

USERS: tuple[User, ...] = (
    User(exact=USER),
    User(exact=_ASSISTANT, divisions=(DIVISIONS[0].code, DIVISIONS[1].code)),
    User(exact=_READER, lacks=_PURCHASE),
    User(exact=OWNER, divisions=(DIVISIONS[2].code,)),
    User(exact=PORTAL, divisions=(DIVISIONS[0].code,), lacks=_EVERYTHING),
    User(exact=NO_RIGHTS, lacks=_EVERYTHING),
    User(exact=TRIAL, divisions=(DIVISIONS[1].code,)),
)
