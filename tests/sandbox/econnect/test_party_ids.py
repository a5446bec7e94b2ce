"""Forms of participant ids."""

import pytest

from apps.sandbox.econnect import party_ids


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("NL:KVK:12345678", "0106:12345678"),
        ("nl:kvk:12345678", "0106:12345678"),
        ("0106:12345678", "0106:12345678"),
        ("iso6523-actorid-upis::0106:12345678", "0106:12345678"),
        ("iso6523-actorid-upis::NL:VAT:nl892681251b01", "9944:NL892681251B01"),
        ("NL:OINO:00000001234567890000", "0190:00000001234567890000"),
        (" 0088:8712345678906 ", "0088:8712345678906"),
    ],
)
def test_every_form_has_one_number_form(text: str, number: str) -> None:
    assert party_ids.number_form(text) == number
    assert party_ids.number_form(party_ids.text_form(number)) == number


def test_a_scheme_without_text_stays_a_number() -> None:
    assert party_ids.text_form("0106:12345678") == "NL:KVK:12345678"
    assert party_ids.text_form("0088:8712345678906") == "0088:8712345678906"
