"""When two lines say the same."""

import pytest

from apps.rules.line_text import LONGEST_KEY, Rarity, is_same, text_key


@pytest.mark.parametrize(
    "text",
    [
        "Abonnement internet",
        "ABONNEMENT  INTERNET",
        "Abonnement internet januari 2026",
        "Abonnement internet, feb '26",
        "Abonnement internet - 01-2026",
        "abonnement (internet) 12,50",
        "Abonnement internet August 2026",
    ],
)
def test_case_numbers_months_and_punctuation_do_not_tell_lines_apart(text: str) -> None:
    assert text_key(text) == "abonnement internet"


def test_other_words_do() -> None:
    assert text_key("Abonnement internet") != text_key("Abonnement telefoon")


def test_a_short_month_is_one_only_before_a_number() -> None:
    assert text_key("Inhuur Jan") == "inhuur jan"
    assert text_key("Inhuur jan. 2026") == "inhuur"


@pytest.mark.parametrize("text", ["", "2026-00123", "januari 2026", "--"])
def test_a_text_without_words_has_no_key_and_is_the_same_as_nothing(text: str) -> None:
    assert text_key(text) == ""
    assert not is_same("", text_key(text))


def test_a_key_is_no_longer_than_its_column() -> None:
    assert len(text_key("woord " * 200)) <= LONGEST_KEY


def test_a_text_that_exact_cut_is_still_the_same() -> None:
    whole = "Periodiek onderhoud van de warmtepomp in het pand aan de Molenkade te Utrecht, tweede beurt"
    assert is_same(text_key(whole[:60]), text_key(whole))
    assert not is_same(text_key("Huur"), text_key("Huur pand"))
    assert not is_same(text_key(whole), text_key(whole[:60]))


def test_rare_words_make_texts_alike_and_words_that_all_have_do_not() -> None:
    rarity = Rarity(["project alfa kabel", "project beta kabel", "project gamma lamp", "project delta buis"])
    assert rarity.likeness("project alfa kabel", "project epsilon kabel") > 0.2
    assert rarity.likeness("project alfa", "project beta") < rarity.likeness("project alfa", "alfa")
    assert rarity.likeness("lamp", "buis") == 0
    assert rarity.likeness("kabel", "kabel") == 1
    assert rarity.likeness("", "") == 0
