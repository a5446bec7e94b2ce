"""A party as it is kept."""

from apps.core.identifiers import Identifier, Kind
from apps.intake.document import Party
from apps.intake.party_json import identifiers_from, known_as, party_json


def test_the_numbers_of_a_party_come_back_as_they_were() -> None:
    numbers = (Identifier(Kind.KVK, "34567892", True), Identifier(Kind.VAT, "NL1", False))
    kept = party_json(Party(name="Werf", legal_name="Werf B.V.", trade_name="Werf", identifiers=numbers))
    assert identifiers_from(kept) == list(numbers)
    assert kept["names"] == ["Werf B.V."]
    assert identifiers_from({}) == []


def test_a_party_is_known_by_its_numbers_else_by_its_name() -> None:
    one = {"name": "Werf", "identifiers": [["vat", "NL1", True], ["kvk", "3", True]]}
    other = {"name": "Andere", "identifiers": [["kvk", "3", True], ["vat", "NL1", True]]}
    assert known_as(one) == known_as(other)
    assert known_as({"name": "Werf"}) == known_as({"name": "WERF"}) != known_as({})
