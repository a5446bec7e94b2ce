"""What was booked before speaks by line text first, recent bookings louder, and says how sure it is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.rules.history import MOST_READ, History, Past, newest_first
from apps.rules.suggestion import NOTHING

TODAY = date(2026, 8, 3)
CODES = {"4100", "4200", "4300"}


def past(*codes: str, text: str = "Abonnement", **more: str) -> list[Past]:
    """Bookings of one line each on these accounts, newest first, a month apart."""
    return [
        Past(code, text=text, day=TODAY - timedelta(days=30 * place), entry=f"{text} {place}", **more)
        for place, code in enumerate(codes)
    ]


def said(lines: list[Past], text: str = "Abonnement", usable: set[str] | None = None) -> list[str]:
    return [one.value for one in History(lines).ranked("gl_code", text, usable or CODES)]


def test_lines_that_say_the_same_speak_with_how_often_and_how_recently() -> None:
    found = History(past("4100", "4100", "4200", "4100")).propose("gl_code", "Abonnement mei 2026", CODES)
    assert (found.value, found.source) == ("4100", "history")
    assert found.why == "3 of the last 4 lines “Abonnement mei 2026”, last on 3-8-2026"


def test_a_text_goes_before_what_the_supplier_was_booked_on_most() -> None:
    lines = newest_first([*past("4200", "4200", text="Reparatie"), *past(*["4100"] * 9)])
    assert said(lines, "Reparatie 14") == ["4200", "4100"]


def test_similar_words_go_before_the_supplier_as_a_whole() -> None:
    lines = newest_first(
        [
            *past("4200", text="Reparatie warmtepomp"),
            *past("4300", text="Reparatie lift"),
            *past(*["4100"] * 9),
        ]
    )
    found = History(lines).propose("gl_code", "Warmtepomp, reparatie en beurt", CODES)
    assert found.value == "4200"
    assert found.why.startswith("1 of the last 1 lines like “Warmtepomp")


def test_an_unknown_text_is_booked_as_the_supplier_is() -> None:
    found = History(past(*["4100"] * 14)).propose("gl_code", "Iets anders", CODES)
    assert (found.value, found.why) == ("4100", "14 of the last 14 bookings of this supplier")
    assert found.is_sure


def test_a_change_wins_after_three_bookings_and_not_after_one() -> None:
    before = ["4100"] * 20
    assert said(past("4200", *before))[0] == "4100"
    assert said(past("4200", "4200", "4200", *before))[0] == "4200"


def test_a_change_of_the_supplier_as_a_whole_wins_too() -> None:
    lines = past(*["4200"] * 6, *["4100"] * 20)
    assert said(lines, "Iets anders")[0] == "4200"


def test_a_single_mistake_is_not_repeated_but_is_told() -> None:
    found = History(past("4200", *["4100"] * 9)).ranked("gl_code", "Abonnement", CODES)
    assert [one.value for one in found] == ["4100", "4200"]
    assert "9 of the last 10" in found[0].why
    assert not found[0].is_sure


def test_disagreement_few_bookings_and_other_texts_make_it_less_sure() -> None:
    def sure(codes: list[str], text: str = "Abonnement") -> float:
        return History(past(*codes)).propose("gl_code", text, CODES).confidence

    assert sure(["4100"] * 14) > sure(["4100"] * 3) > sure(["4100"])
    assert sure(["4100"] * 14) > sure(["4100"] * 10 + ["4200"] * 4) > sure(["4100", "4200"] * 7)
    assert sure(["4100"] * 14) > sure(["4100"] * 14, "Iets anders")


def test_three_of_the_same_text_are_sure_and_two_are_not() -> None:
    two, three = (History(past(*["4100"] * n)).propose("gl_code", "Abonnement", CODES) for n in (2, 3))
    assert (two.is_sure, three.is_sure) == (False, True)


def test_a_code_that_is_not_usable_is_never_proposed_and_still_disagrees() -> None:
    lines = past("9999", "9999", "9999", "4100")
    (found,) = History(lines).ranked("gl_code", "Abonnement", CODES)
    assert (found.value, found.is_sure) == ("4100", False)
    assert "1 of the last 4" in found.why
    assert History(past("9999")).propose("gl_code", "Abonnement", CODES) == NOTHING


def test_what_became_unusable_in_between_is_asked_each_time() -> None:
    history = History(past("4100", "4200"))
    assert history.propose("gl_code", "Abonnement", CODES).value == "4100"
    assert history.propose("gl_code", "Abonnement", {"4200"}).value == "4200"


def test_many_lines_of_one_entry_are_one_booking() -> None:
    many = [Past("4200", text="Abonnement", day=TODAY, entry="wrong one")] * 40
    assert said([*many, *past(*["4100"] * 5)])[0] == "4100"


def test_no_more_than_three_are_shown_and_each_once() -> None:
    lines = [*past("4100", "4200"), *past("4300", "4100", text="Anders"), *past("4000", text="Nog iets")]
    assert said(lines, usable={*CODES, "4000"}) == ["4100", "4200", "4300"]
    assert len(History(lines).ranked("gl_code", "Abonnement", {*CODES, "4000"}, most=9)) == 4


def test_each_field_has_a_history_of_its_own() -> None:
    lines = [
        Past("4100", "V21", "K1", "", "Abonnement", TODAY, "a"),
        Past("4100", "V9", "", "", "Abonnement"),
    ]
    history = History(lines)
    assert history.propose("cost_center", "Abonnement", {"K1"}).value == "K1"
    assert history.propose("vat_code", "Abonnement", {"V21", "V9"}).value == "V21"
    assert history.propose("cost_unit", "Abonnement", {"K1"}) == NOTHING


def test_nothing_was_booked_says_nothing() -> None:
    assert History().propose("gl_code", "Abonnement", CODES) == NOTHING
    assert History(past("", "")).ranked("gl_code", "Abonnement", CODES) == []


def test_a_line_without_a_day_counts_and_is_the_oldest() -> None:
    lines = newest_first([Past("4200", text="Abonnement"), *past("4100")])
    assert lines[-1].gl_code == "4200"
    assert said(lines) == ["4100", "4200"]


def test_no_more_lines_are_weighed_than_may_be_read() -> None:
    lines = [Past("4100", text="Oud")] * MOST_READ + [Past("4200", text="Abonnement")]
    assert said(lines) == ["4100"]


@given(st.lists(st.tuples(st.sampled_from(sorted(CODES)), st.sampled_from(["huur", "gas", "huur gas", ""]))))
def test_what_is_proposed_was_booked_once_is_usable_and_never_twice(booked: list[tuple[str, str]]) -> None:
    history = History([Past(code, text=text, entry=str(place)) for place, (code, text) in enumerate(booked)])
    found = history.ranked("gl_code", "huur", {"4100", "4200"}, most=9)
    values = [one.value for one in found]
    assert len(values) == len(set(values))
    assert set(values) == {code for code, _ in booked} & {"4100", "4200"}
    assert all(0 < one.confidence < 1 for one in found)


@given(st.integers(3, 40), st.integers(0, 40))
def test_the_newest_three_of_a_text_always_win(run: int, older: int) -> None:
    assert said(past(*["4200"] * run, *["4100"] * older))[0] == "4200"
