from typing import Any

import pytest

from apps.invoices.card_reading import lacking, of_document, own_candidates

VENDOR: dict[str, Any] = {
    "name": "Anker en Touw",
    "country": "NL",
    "street": "Kade 1",
    "postcode": "1234 AB",
    "city": "Hoorn",
    "email": "post@anker.example.nl",
    "identifiers": [
        ["vat", "NL000000000B01", True],
        ["vat", "NL897620459B01", False],
        ["vat", "NL897620458B01", True],
        ["kvk", "34567892", True],
        ["peppol", "0106:34567892", True],
        ["domain", "anker.example.nl", True],
    ],
    "keys": ["kvk 34567892", "iban NL47BUNQ0649621411"],
}
PAYMENT = {"ibans": ["NL47BUNQ0649621411"], "bics": {"NL47BUNQ0649621411": "BUNQNL2A"}}
WHOLE = {
    "name": "Anker en Touw",
    "country": "NL",
    "vat": "NL897620458B01",
    "kvk": "34567892",
    "peppol": "0106:34567892",
    "email": "post@anker.example.nl",
    "street": "Kade 1",
    "postcode": "1234 AB",
    "city": "Hoorn",
    "iban": "NL47BUNQ0649621411",
    "bic": "BUNQNL2A",
}
EMPTY = dict.fromkeys(("country", "vat_number", "chamber_of_commerce", "oin", "gln", "peppol", "email"), "")


def test_a_document_fills_in_what_it_says_and_no_placeholder() -> None:
    assert of_document(VENDOR, PAYMENT, ()) == WHOLE


def test_the_accounts_of_a_question_are_among_its_keys() -> None:
    assert of_document(VENDOR, {}, ())["iban"] == "NL47BUNQ0649621411"


@pytest.mark.parametrize(
    ("own", "gone"),
    [
        (("kvk", "34567892"), {"kvk"}),
        (("iban", "NL47BUNQ0649621411"), {"iban", "bic"}),
        (("domain", "anker.example.nl"), {"email"}),
        (("vat", "34567892"), set()),
    ],
)
def test_numbers_of_the_firm_itself_are_never_filled_in(own: tuple[str, str], gone: set[str]) -> None:
    assert of_document(VENDOR, PAYMENT, {own}) == {name: WHOLE[name] for name in WHOLE if name not in gone}
    assert own[1] in own_candidates(VENDOR, PAYMENT)


@pytest.mark.parametrize(
    ("vat", "country"), [("NL897620458B01", "NL"), ("EL094259216", "GR"), ("897620458", "")]
)
def test_without_an_address_the_vat_number_tells_the_country(vat: str, country: str) -> None:
    vendor = {"name": "A", "identifiers": [["vat", vat, True]]}
    assert of_document(vendor, {}, ()).get("country", "") == country


def test_a_bare_card_lacks_all_that_the_mirror_can_tell_of() -> None:
    gaps = lacking(VENDOR, PAYMENT, EMPTY, [], ())
    assert set(gaps) == {"country", "vat", "kvk", "peppol", "email", "iban", "bic"}


def test_what_the_card_has_is_never_offered() -> None:
    card = {**EMPTY, "vat_number": "NL001234567B01", "email": "old@example.nl", "country": "BE"}
    assert set(lacking(VENDOR, PAYMENT, card, ["NL20INGB0001234567"], ())) == {"kvk", "peppol"}


def test_a_number_that_fails_its_check_is_no_gain() -> None:
    vendor = {"name": "A", "country": "NL", "identifiers": [["vat", "NL897620459B01", False]]}
    assert lacking(vendor, {"ibans": ["NL00BUNQ0649621411"]}, {**EMPTY, "country": "NL"}, [], ()) == {}
