import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.invoices.card_checks import cleaned, doubts, refusals
from apps.invoices.card_fields import FIELDS


def test_numbers_come_into_their_normal_form_and_empty_fields_are_left_out() -> None:
    found = cleaned(
        {
            "name": "  Anker   en Touw ",
            "country": "nl",
            "vat": "NL8976.20.458.B.01",
            "kvk": "34567892 Amersfoort",
            "iban": "nl47 bunq 0649 6214 11",
            "bic": "bunq nl2a",
            "email": " ",
            "nobody": "knows this",
        }
    )
    assert found == {
        "name": "Anker en Touw",
        "country": "NL",
        "vat": "NL897620458B01",
        "kvk": "34567892",
        "iban": "NL47BUNQ0649621411",
        "bic": "BUNQNL2A",
    }


def test_a_number_that_fails_its_check_stays_as_it_was_written() -> None:
    assert cleaned({"vat": "NL 1234", "kvk": "12 34", "country": "NL"}) == {
        "vat": "NL 1234",
        "kvk": "12 34",
        "country": "NL",
    }


@pytest.mark.parametrize(
    ("values", "doubtful"),
    [
        ({"vat": "NL897620459B01", "country": "NL"}, {"vat"}),
        ({"vat": "NL897620458B01"}, set()),
        ({"kvk": "1234"}, {"kvk"}),
        ({"kvk": "0403170701", "country": "BE"}, set()),
        ({"kvk": "0403170702", "country": "BE"}, {"kvk"}),
        ({"kvk": "HRB 1234", "country": "DE"}, set()),
        ({"iban": "NL00BUNQ0649621411"}, {"iban"}),
        ({"iban": "none"}, {"iban"}),
        ({"gln": "8719333012345", "oin": "12"}, {"gln", "oin"}),
        ({}, set()),
    ],
)
def test_what_looks_wrong_is_marked(values: dict[str, str], doubtful: set[str]) -> None:
    assert set(doubts(values)) == doubtful


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"name": "A"}, set()),
        ({}, {"name"}),
        ({"name": "A", "country": "NLD"}, {"country"}),
        ({"name": "A", "country": "1L"}, {"country"}),
        ({"name": "A", "email": "nobody"}, {"email"}),
        ({"name": "A", "email": "a@b.nl", "vat": "wrong"}, set()),
    ],
)
def test_only_what_exact_refuses_is_refused(values: dict[str, str], refused: set[str]) -> None:
    assert set(refusals(values)) == refused


@given(st.dictionaries(st.sampled_from([field.name for field in FIELDS]), st.text(max_size=300)))
def test_cleaning_twice_changes_nothing_and_fits(values: dict[str, str]) -> None:
    once = cleaned(values)
    assert cleaned(once) == once
    assert all(0 < len(once[field.name]) <= field.longest for field in FIELDS if field.name in once)
    doubts(once)
    refusals(once)
