"""Which rules the bookings of a supplier speak for."""

from apps.rules.proposing import Booked, Supplier, best, propose, words_of

ZIGGO = Supplier("123", "Ziggo B.V.")
USABLE = {"4510", "4000", "4300"}


def test_nearly_all_on_one_account_is_a_rule_for_the_supplier() -> None:
    [found] = propose(ZIGGO, [Booked("4510", "Internet", 18), Booked("4000", "Verhuizing", 2)], USABLE)
    assert (found.gl_code, found.times, found.of, found.word) == ("4510", 18, 20, "")
    assert found.why == "18 of 20 booked lines"
    assert found.conditions == {"name": "Ziggo B.V. - 4510", "supplier_code": "123", "gl_code": "4510"}


def test_less_than_nine_out_of_ten_or_three_lines_say_nothing() -> None:
    assert propose(ZIGGO, [Booked("4510", "a", 8), Booked("4000", "b", 1)], USABLE) == []
    assert propose(ZIGGO, [Booked("4510", "Internet", 2)], USABLE) == []
    assert propose(ZIGGO, [], USABLE) == []


def test_an_account_that_may_not_be_booked_on_now_is_not_proposed() -> None:
    assert propose(ZIGGO, [Booked("9999", "Internet", 20)], USABLE) == []


def test_a_supplier_of_several_things_gets_a_rule_for_each_word_that_tells_them_apart() -> None:
    booked = [
        Booked("4510", "Internet januari 2026", 6),
        Booked("4300", "Huur vergaderzaal januari", 5),
        Booked("4000", "Koffie", 1),
    ]
    found = propose(ZIGGO, booked, USABLE)
    told = [(one.word, one.gl_code, one.times) for one in found]
    assert told == [("internet", "4510", 6), ("vergaderzaal", "4300", 5)]
    assert found[0].conditions["text_match"] == "word"


def test_a_word_that_stands_on_lines_of_two_accounts_tells_nothing() -> None:
    booked = [Booked("4510", "Abonnement", 5), Booked("4300", "Abonnement", 5)]
    assert propose(ZIGGO, booked, USABLE) == []


def test_the_best_one_books_most() -> None:
    booked = [Booked("4510", "Internet", 4), Booked("4300", "Vergaderzaal", 9)]
    found = best(ZIGGO, booked, USABLE)
    assert found
    assert found.word == "vergaderzaal"
    assert best(ZIGGO, [], USABLE) is None


def test_numbers_months_and_short_words_tell_nothing() -> None:
    assert words_of("Factuur 2026-03 maart van de Huurauto ABC12") == ["huurauto"]
