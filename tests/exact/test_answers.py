import json
from typing import Any

import pytest

from apps.exact import answers


def body(words: str) -> bytes:
    return json.dumps({"error": {"code": "", "message": {"lang": "", "value": words}}}).encode()


@pytest.mark.parametrize(
    "words",
    [
        "Verplicht: Dagboek",
        "Ongeldig: Grootboekrekeningtype",
        "Ongeldige referentie: Btw-code",
        "Invalid: Journal (type).",
        "Bestaat reeds: Mandaat referentie",
        "Gegeven bestaat reeds.",
        "In gebruik: Boekstuknummer.",
        "Niet toegestaan: Btw-code",
        "Periode is afgesloten: 2025 - 12",
        "Onbekend: Boekjaar (Periode-datum tabel)",
        "Unknown: Financial year (Period-date table)",
        "Niet gevonden: Relatie (10023) - Grootboekrekening: Inkoop",
        'Een btw bedrag is niet toegestaan als u gebruikmaakt van een btw-code van het type "geen btw"',
        "Reeds verwerkt",
        "Iets wat niemand kent\r\nVerplicht: Relatie",
    ],
)
def test_a_business_refusal_is_known_by_its_words(words: str) -> None:
    assert answers.is_business(answers.words_of(answers.parsed(body(words))))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "An error occurred while processing this request.",
        "De objectverwijzing is niet op een exemplaar ingesteld.",
        "Timeout expired. The timeout period elapsed prior to completion of the operation.",
        "Dit is niet verplicht: het mag",
    ],
)
def test_a_real_fault_is_not_taken_for_a_refusal(words: str) -> None:
    assert not answers.is_business(words)


@pytest.mark.parametrize("content", [b"", b"<html>Maintenance</html>", b"[1]", b"\xff\xfe\x00", b"null"])
def test_what_is_no_json_object_is_no_answer(content: bytes) -> None:
    assert answers.parsed(content) is None


@pytest.mark.parametrize(
    "content",
    [b"{}", b'{"d":null}', b'{"d":{}}', b'{"d":{"results":"x"}}', b'{"error":{}}', b"[]", b"<html>"],
)
def test_what_holds_no_list_is_not_taken_for_an_empty_one(content: bytes) -> None:
    assert answers.listed(content) is None


@pytest.mark.parametrize("content", [b'{"d":[]}', b'{"d":{"results":[]}}'])
def test_an_empty_list_is_a_list(content: bytes) -> None:
    assert answers.listed(content) == json.loads(content)


@pytest.mark.parametrize(("told", "count"), [("7", 7), (7, 7), ("-1", 0), (10**12, 0), ("many", 0)])
def test_a_count_always_fits(told: Any, count: int) -> None:
    assert answers.count_of({"d": {"results": [], "__count": told}}) == count


def test_words_are_without_what_no_database_takes() -> None:
    assert (
        answers.words_of({"error": {"message": {"value": " Niet\x00 toegestaan\ud800 "}}})
        == "Niet toegestaan"
    )


@pytest.mark.parametrize(
    "odd", [None, {}, {"error": "x"}, {"error": {"message": "x"}}, {"error": {"message": {}}}]
)
def test_an_odd_error_body_has_no_words(odd: Any) -> None:
    assert answers.words_of(odd) == ""


def test_a_list_comes_wrapped_or_bare_and_loses_what_only_describes_it() -> None:
    row = {"__metadata": {"uri": "x"}, "Code": " 1 ", "BankAccounts": {"__deferred": {"uri": "y"}}}
    assert answers.rows_of({"d": {"results": [row]}}) == answers.rows_of({"d": [row]}) == [{"Code": "1"}]
    assert answers.entity_of({"d": row}) == {"Code": "1"}
    assert answers.rows_of({"d": None}) == answers.rows_of({"d": {"results": "x"}}) == []


def test_the_next_page_is_named_in_the_wrapper() -> None:
    assert answers.next_of({"d": {"results": [], "__next": "https://x/y"}}) == "https://x/y"
    assert answers.next_of({"d": {"results": []}}) == answers.next_of({"d": []}) == answers.next_of({}) == ""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"d": {"UserHasRights": True}}, True),
        ({"d": {"__metadata": {}, "UserHasRights": "false"}}, False),
        ({"d": [{"HasRights": True}]}, True),
        ({"d": {"results": [{"HasRights": False}]}}, False),
        ({"d": True}, True),
        ({"d": {"a": True, "b": True}}, None),
        ({"d": {"results": []}}, None),
        ({"error": {}}, None),
        (None, None),
    ],
)
def test_one_boolean_is_found_wherever_a_function_puts_it(body: Any, told: bool | None) -> None:
    assert answers.truth_of(body) is told
