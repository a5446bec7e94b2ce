"""Counting how often history is right: learned from the older four fifths, told of the newest."""

from datetime import date, timedelta

import pytest

from apps.rules.evaluation import Booked, Counted, evaluate
from apps.rules.history import Past

USABLE = {"gl_code": {"4100", "4200"}, "vat_code": {"V21"}}
FIRST = date(2025, 1, 1)


def booked(*codes: str, text: str = "Huur", supplier: str = "one", vat: str = "V21") -> list[Booked]:
    """One line a day, oldest first."""
    return [
        Booked(
            supplier, Past(code, vat, text=text, day=FIRST + timedelta(days=day), entry=f"{supplier}{day}")
        )
        for day, code in enumerate(codes)
    ]


def account(lines: list[Booked], *, learns: bool = False) -> Counted:
    return evaluate(lines, USABLE, learns=learns).fields["gl_code"]


def test_the_newest_fifth_is_told_from_the_rest() -> None:
    report = evaluate(booked(*["4100"] * 10), USABLE)
    assert (report.trained, report.tested, report.since) == (8, 2, FIRST + timedelta(days=8))
    counted = report.fields["gl_code"]
    assert (counted.of, counted.top_1, counted.top_3, counted.baseline, counted.sure) == (2, 2, 2, 2, 2)


def test_text_beats_the_suppliers_most_common_account() -> None:
    lines = [*booked(*["4100"] * 20), *booked(*["4200"] * 20, text="Gas")]
    counted = account(lines)
    assert (counted.of, counted.top_1, counted.baseline) == (8, 8, 4)


def test_what_was_second_counts_among_three() -> None:
    counted = account(booked(*["4100", "4200"] * 2, *["4100"] * 4, "4200", "4200"))
    assert (counted.of, counted.top_1, counted.top_3) == (2, 0, 2)


def test_a_change_after_the_cut_is_learned_only_while_learning() -> None:
    lines = booked(*["4100"] * 40, *["4200"] * 10)
    assert account(lines).top_1 == 0
    assert account(lines, learns=True).top_1 == 7


def test_a_day_and_so_an_entry_is_never_known_in_part() -> None:
    lines = [Booked("one", Past("4100", text="Huur", day=FIRST, entry="a"))] * 10
    report = evaluate(lines, USABLE, learns=True)
    assert (report.trained, report.tested, report.since) == (10, 0, None)
    one_entry = [*booked(*["4100"] * 8), *[Booked("two", Past("4200", day=date(2026, 1, 1), entry="b"))] * 2]
    assert account(one_entry, learns=True).said == 0


def test_new_suppliers_and_missing_codes_are_counted_for_what_they_are() -> None:
    lines = [*booked(*["4100"] * 8), Booked("new", Past("4200", "", day=date(2026, 1, 1)))]
    report = evaluate([*lines, Booked("one", Past("9999", "V21", day=date(2026, 1, 2)))], USABLE)
    assert (report.fields["gl_code"].of, report.fields["gl_code"].top_3) == (2, 0)
    assert (report.fields["vat_code"].of, report.fields["vat_code"].top_1) == (1, 1)
    assert report.by_earlier["0"]["gl_code"].of == 1
    assert report.by_earlier["5-9"]["gl_code"].of == 1


def test_shares_are_of_what_has_a_code_and_none_of_nothing() -> None:
    counted = Counted(of=4, said=3, top_1=2, top_3=3, baseline=1, sure=2, sure_right=1).as_json()
    assert (counted["top_1_share"], counted["top_3_share"], counted["sure_precision"]) == (0.5, 0.75, 0.5)
    assert Counted().as_json()["top_1_share"] is None


@pytest.mark.parametrize("learns", [True, False])
def test_nothing_booked_is_an_empty_report(learns: bool) -> None:
    report = evaluate([], USABLE, learns=learns).as_json()
    assert (report["trained"], report["tested"], report["since"]) == (0, 0, None)


def test_as_coding_decides_the_card_comes_before_history() -> None:
    lines = [*booked(*["4100"] * 10), *booked(*["4100"] * 10, supplier="two")]
    counted = evaluate(lines, USABLE, cards={"one": "4200"}).fields["gl_code"]
    assert (counted.of, counted.top_1, counted.top_3, counted.baseline) == (4, 2, 4, 4)
    assert (counted.sure, counted.sure_right) == (4, 2)


def test_a_card_counts_for_the_account_alone_and_where_it_may_be_booked_on() -> None:
    lines = booked(*["4100"] * 10)
    assert evaluate(lines, USABLE, cards={"one": "9999"}).fields["gl_code"].top_1 == 2
    assert evaluate(lines, USABLE, cards={"one": "4200"}).fields["vat_code"].top_1 == 2


def test_a_new_supplier_is_told_by_its_card() -> None:
    lines = [*booked(*["4100"] * 8), *[Booked("new", Past("4200", day=date(2026, 1, 1), entry="n"))] * 2]
    report = evaluate(lines, USABLE, cards={"new": "4200"})
    assert report.by_earlier["0"]["gl_code"].top_1 == 2
