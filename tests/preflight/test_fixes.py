import pytest

from apps.exact.rights_words import RIGHTS
from apps.preflight import fixes
from apps.preflight.points import KEYS


def point(key: str, case: str = "", level: str = "poor", **values: object) -> dict[str, object]:
    return {"key": key, "group": "books", "level": level, "case": case, "values": values}


@pytest.mark.parametrize("key", KEYS)
def test_every_point_has_a_title(key: str) -> None:
    assert fixes.title_of(key)


def test_a_right_is_named_as_exact_writes_it_with_its_tab_and_path(english: None) -> None:
    words = fixes.words_of(point("right_bank_accounts", user="Dennis Smit"))
    assert words.title == "Bankrekeningen van relaties (bank accounts of contacts)"
    assert words.what.startswith("Dennis Smit lacks the right “Bankrekeningen van relaties")
    assert "Stamgegevens > Gebruikers > Overzicht" in words.fix
    assert "tab “Relaties”" in words.fix


def test_what_is_good_has_nothing_to_mend() -> None:
    words = fixes.words_of(point("journal", level="good"))
    assert (words.what, words.fix) == ("", "")


def test_accounts_and_cards_are_named_with_how_many_there_are_besides(english: None) -> None:
    words = fixes.words_of(point("accounts", accounts=[["4000", "Energy"]], count=3))
    assert words.what.endswith("4000 (Energy), and 2 more.")
    words = fixes.words_of(point("same_kvk", same=[["34567892", ["1 A", "2 B"]]], count=1))
    assert words.what.endswith("34567892 (1 A, 2 B).")


def test_scenarios_are_told_in_words(english: None) -> None:
    words = fixes.words_of(point("vat", "lacking", scenarios=["nl_low"]))
    assert "Dutch VAT, low rate (9 %)" in words.what


def test_what_is_not_known_says_when_it_will_be(english: None) -> None:
    assert "tonight" in fixes.words_of(point("scopes", level="unknown")).fix


def test_the_role_of_its_own_holds_each_right_once() -> None:
    rights = [right for _tab, several in fixes.advice() for right in several]
    assert len(rights) == len(set(rights)) == len(RIGHTS)
    assert [tab for tab, _several in fixes.advice()] == ["Algemeen", "Financieel", "Relaties", "Stamgegevens"]


def test_a_trial_is_told_as_what_may_be_and_by_no_name_of_a_field(english: None) -> None:
    words = fixes.words_of(point("trial", "user", user="Anouk"))
    assert words.what.startswith("This may be a trial licence, for Exact marks Anouk as a user of a trial")
    words = fixes.words_of(point("trial", text="Proef"))
    assert words.what.startswith("This may be a trial licence, for Exact names “Proef”")
    assert fixes.words_of(point("trial", "mailbox")).what == (
        "Exact Online makes no digital mailbox in a trial licence."
    )


def test_the_mailbox_is_told_by_the_words_of_its_own_page(english: None) -> None:
    words = fixes.words_of(
        point("digital_mailbox", "state", state="elsewhere", words="", is_wanted=False, is_unbound=True)
    )
    assert words.what == "This address is there in Exact Online, and is bound to no administration."
    words = fixes.words_of(point("digital_mailbox", "checklist", "fair", count=2))
    assert words.what == "Points of the checklist of the digital mailbox that are open: 2."


@pytest.mark.parametrize("case", ["unused", "unlicensed"])
def test_a_note_says_why_it_does_not_count(case: str, english: None) -> None:
    assert "count" in fixes.words_of(point("right_messages", case, "note")).what


def test_a_case_that_is_told_no_more_waits_for_the_next_check(english: None) -> None:
    assert fixes.words_of(point("methods", "of another edition")).what == "This is not known yet."
