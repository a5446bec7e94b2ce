"""The good rows of a list of rules stored."""

from dataclasses import replace

import pytest

from apps.people.models import Role, User
from apps.rules import bringing_in
from apps.rules.checking import Verdict, check
from apps.rules.exchange import Line
from apps.rules.models import BookingRule
from tests import office
from tests.office import Books
from tests.rules.factories import BookingRuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    BookingRule.objects.all().delete()
    return made


@pytest.fixture
def user(books: Books) -> User:
    return office.person(Role.REVIEWER, books.client)


def marks(verdicts: list[Verdict]) -> dict[int, list[str]]:
    return {verdict.line.number: verdict.mark for verdict in verdicts}


def line(books: Books, number: int = 2, name: str = "Telecom", **values: str) -> Line:
    return Line(
        number,
        name=name,
        administration=books.administration.slug,
        supplier_contains="Ziggo",
        **{"gl_code": "4510", **values},
    )


def test_good_rows_are_stored_with_their_parts_and_twice_is_once(books: Books, user: User) -> None:
    lines = [line(books), line(books, 3, "Split", gl_code="", parts="50 % = 1; rest = 2"), line(books, 4, "")]
    shown = marks(check(lines, user))
    for applied in (2, 0):
        assert bringing_in.bring_in(lines, shown, by=user).applied == applied
    plain, split = BookingRule.objects.order_by("pk")
    assert (plain.name, plain.administration, plain.gl_code) == ("Telecom", books.administration, "4510")
    assert [part.gl_code for part in split.splits.all()] == ["1", "2"]
    assert plain.history.latest().history_user == user


def test_a_change_keeps_the_rule_and_makes_it_newer(books: Books, user: User) -> None:
    rule = BookingRuleFactory(
        administration=books.administration, name="Telecom", supplier_contains="Ziggo", gl_code="1"
    )
    lines = [line(books, position="5")]
    assert bringing_in.bring_in(lines, marks(check(lines, user)), by=user).applied == 1
    before = rule.changed_at
    rule.refresh_from_db()
    assert (rule.gl_code, rule.position) == ("4510", 5)
    assert rule.changed_at > before
    assert rule.history.latest().history_change_reason == "from a list"


def test_what_changed_since_it_was_shown_is_left(books: Books, user: User) -> None:
    lines = [line(books)]
    shown = marks(check(lines, user))
    BookingRuleFactory(administration=books.administration, name="Telecom", gl_code="1")
    done = bringing_in.bring_in(lines, shown, by=user)
    assert (done.applied, [one.line for one in done.moved]) == (0, lines)
    assert BookingRule.objects.get().gl_code == "1"


def test_a_row_that_was_wrong_when_it_was_shown_is_never_stored(books: Books, user: User) -> None:
    wrong = replace(line(books), administration="")
    shown = marks(check([wrong], user))
    assert (
        bringing_in.bring_in(
            [replace(wrong, administration=books.administration.slug)], shown, by=user
        ).applied
        == 0
    )


def test_a_long_list_is_stored_in_several_calls(
    books: Books, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing_in, "AT_ONCE", 2)
    lines = [line(books, number, f"Rule {number}") for number in range(2, 5)]
    shown = marks(check(lines, user))
    assert [bringing_in.bring_in(lines, shown, by=user) for _call in range(2)] == [
        bringing_in.Done(2, (), 1),
        bringing_in.Done(1, (), 0),
    ]
