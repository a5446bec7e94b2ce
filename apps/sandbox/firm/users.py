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
_PURCHASE = ("purchaseentry/PurchaseEntries", "purchaseentry/PurchaseEntryLines")

USERS: tuple[User, ...] = (
    User(exact=USER),
    User(exact=_ASSISTANT, divisions=(DIVISIONS[0].code, DIVISIONS[1].code)),
    User(exact=_READER, lacks=_PURCHASE),
)
