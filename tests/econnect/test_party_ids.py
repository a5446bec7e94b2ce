import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.econnect.party_ids import FOUND, is_same, normal, numbers, participant


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("NL:KVK:12345678", "0106:12345678"),
        ("0106:12345678", "0106:12345678"),
        ("iso6523-actorid-upis::0106:12345678", "0106:12345678"),
        ("ISO6523-ACTORID-UPIS::NL:KVK:12345678", "0106:12345678"),
        (" nl:kvk: 12345678 ", "0106:12345678"),
        ("NL:OINO:00000001003214345000", "0190:00000001003214345000"),
        ("NL:VAT:NL001234567B01", "9944:NL001234567B01"),
        ("BE:EN:0123456789", "0208:0123456789"),
        ("0106:123456780000", "0106:123456780000"),  # never cut: eConnect is asked with it
        ("no scheme", "NOSCHEME"),
        ("", ""),
    ],
)
def test_the_number_form(written: str, expected: str) -> None:
    assert normal(written) == expected


def test_equal_forms_are_the_same() -> None:
    assert is_same("NL:KVK:12345678", "iso6523-actorid-upis::0106:12345678")
    assert not is_same("0106:12345678", "0106:12345679")
    assert not is_same("0106:12345678", "0190:12345678")


@given(st.text(max_size=150))
def test_the_number_form_of_a_number_form_is_itself_and_fits_its_column(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    assert len(normal(text)) <= 120


def test_numbers_that_a_party_id_stands_for() -> None:
    assert {(one.kind, one.value) for one in numbers("NL:KVK:34567892")} == {
        ("kvk", "34567892"),
        ("peppol", "0106:34567892"),
    }
    assert ("be_enterprise", "0403170701") in {(one.kind, one.value) for one in numbers("9925:BE0403170701")}


@pytest.mark.parametrize("written", ["0106:99999998", "0106:00000000", "0106:", "", "text", "EM:a@b.nl"])
def test_placeholders_and_texts_stand_for_nobody(written: str) -> None:
    assert not [one for one in numbers(written) if one.kind in ("kvk", "peppol")]


def test_a_participant_is_written_as_on_documents() -> None:
    found = participant("NL:KVK:34567892")
    assert found is not None
    assert found.value == "0106:34567892"


def test_party_ids_are_found_in_text() -> None:
    text = "for NL:KVK:12345678, from iso6523-actorid-upis::0106:34567892."
    assert [normal(one[0]) for one in FOUND.finditer(text)] == ["0106:12345678", "0106:34567892"]
