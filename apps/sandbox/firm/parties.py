"""The participants of the Peppol network behind the administrations, and the user of one client."""

from dataclasses import dataclass

from apps.sandbox.firm.divisions import DIVISIONS, Division

USERNAME = "kunsthal-zuid"
PASSWORD = "sandbox-kunsthal"  # noqa: S105 - known to everybody, protects no data


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A participant: its id in the number form; `username`: whose it is when not the firm's own."""

    party_id: str
    name: str
    username: str = ""
    can_receive: bool = True


def _by_chamber(division: Division) -> Party:
    return Party(party_id=f"0106:{division.kvk}", name=division.name)


def _by_vat(division: Division, username: str = "", *, can_receive: bool = True) -> Party:
    name = f"{division.name} (btw)"
    return Party(party_id=f"9944:{division.vat}", name=name, username=username, can_receive=can_receive)


# Each administration goes by its chamber number. Besides that one VAT number lacks the permission to receive,
# and another belongs to a client with a user of its own.
PARTIES: tuple[Party, ...] = (
    *(_by_chamber(division) for division in DIVISIONS),
    _by_vat(DIVISIONS[1], can_receive=False),
    _by_vat(DIVISIONS[3], USERNAME),
)
