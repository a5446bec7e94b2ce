import pytest

from apps.items import unit_codes
from apps.items.unit_codes import are_one, code_of


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("C62", "C62"), ("EA", "C62"), ("H87", "C62"), ("PCE", "C62"), ("stuk", "C62"), ("Stuks", "C62"),
        ("st.", "C62"), ("pcs", "C62"), ("BX", "BX"), ("XBX", "BX"), ("CT", "BX"), ("doos", "BX"), ("Dozen", ""),
        ("KGM", "KGM"), ("kg", "KGM"), ("HUR", "HUR"), ("uur", "HUR"), ("m²", "MTK"), ("vierkante meter", "MTK"),
        ("ZZ", ""), ("", ""),
    ],
)  # fmt: skip
def test_codes_and_words_of_a_unit(written: str, code: str) -> None:
    assert code_of(written) == code


def test_units_are_one_by_the_table_or_when_they_are_written_alike() -> None:
    assert are_one("C62", "stuk", "")
    assert are_one("Bak", "bak")
    assert are_one("HUR", "04", "Uur")
    assert not are_one("KGM", "stuk", "Stuk")
    assert not are_one("", "", "")


def test_no_name_means_two_units() -> None:
    names = [name for code, told in unit_codes._NAMES.items() for name in (code.lower(), *told.split())]
    doubled = {name for name in names if names.count(name) > 1}
    assert doubled == set()
