"""The administrations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.sandbox.firm.source import Entry, Row, guid, load

_ARCHIVED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One administration in Exact: `code` stands in every address, `hid` is the number people see.

    `status` is that of system/Divisions (0 inactive, 1 active, 2 archived), `blocking` 0 to 6 (Exact facts 1.6).
    """

    code: int
    hid: int
    name: str
    client: str
    client_code: str
    vat: str
    kvk: str
    street: str
    postcode: str
    city: str
    email: str
    iban: str
    status: int = 1
    blocking: int = 0


DIVISIONS: tuple[Division, ...] = tuple(Division(**each) for each in load("divisions"))


def entries() -> Iterator[Entry]:
    """Yield the rows of the firm's own administrations."""
    yield from of_divisions(DIVISIONS)


def of_divisions(divisions: Iterable[Division]) -> Iterator[Entry]:
    """Yield the rows of system/Divisions and hrm/Divisions (field differences: Exact facts 1.6)."""
    for division in divisions:
        yield "system/Divisions", 0, _system_row(division)
        yield "hrm/Divisions", 0, _hrm_row(division)


def _common(division: Division) -> Row:
    return {
        "Code": division.code,
        "Description": division.name,
        "Customer": guid(0, "crm/Accounts", division.client_code),
        "CustomerCode": division.client_code,
        "CustomerName": division.client,
        "Country": "NL",
        "Currency": "EUR",
        "VATNumber": division.vat,
        "BlockingStatus": division.blocking,
        "StartDate": "2019-01-01",
    }


def _system_row(division: Division) -> Row:
    return _common(division) | {
        "Hid": division.hid,
        "ChamberOfCommerceNumber": division.kvk,
        "AddressLine1": division.street,
        "Postcode": division.postcode,
        "City": division.city,
        "Email": division.email,
        "Legislation": "NL",
        "Status": division.status,
        "Current": division.code == DIVISIONS[0].code,
        **dict.fromkeys(("IsMainDivision", "IsDossierDivision", "IsPracticeDivision", "IsHRDivision"), False),
    }


def _hrm_row(division: Division) -> Row:
    return _common(division) | {
        "HID": division.hid,
        "CountryDescription": "Nederland",
        "CurrencyDescription": "Euro",
        "Main": False,
        "Status": int(division.status == _ARCHIVED),
    }
