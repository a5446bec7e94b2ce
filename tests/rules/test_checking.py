"""What bringing in a list of rules would do, row by row."""

from typing import Any

import pytest

from apps.people.models import Role, User
from apps.rules.checking import Status, Verdict, check, counts
from apps.rules.exchange import Line
from apps.rules.models import BookingRule
from tests import office
from tests.clients.factories import ClientGroupFactory
from tests.office import Books
from tests.rules.factories import BookingRuleFactory, RuleSplitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    BookingRule.objects.all().delete()
    return made


@pytest.fixture
def user(books: Books) -> User:
    return office.person(Role.REVIEWER, books.client)


def line(books: Books, number: int = 2, **values: Any) -> Line:
    filled = {
        "name": "Telecom",
        "administration": books.administration.slug,
        "supplier_contains": "Ziggo",
        "gl_code": "4510",
        **values,
    }
    return Line(number, **filled)


def one(books: Books, user: User, **values: Any) -> Verdict:
    return check([line(books, **values)], user)[0]


def stored(books: Books, **values: Any) -> BookingRule:
    made: BookingRule = BookingRuleFactory(
        **{
            "administration": books.administration,
            "name": "Telecom",
            "supplier_contains": "Ziggo",
            "gl_code": "4510",
            **values,
        }
    )
    return made


def test_a_row_of_no_rule_is_new_and_stores_nothing(books: Books, user: User) -> None:
    found = one(books, user, gl_code="", parts="50 % = 1; rest = 2")
    assert (found.status, found.words) == (Status.NEW, "")
    assert found.rule is not None
    assert [share.gl_code for share in found.rule.splits] == ["1", "2"]
    assert not BookingRule.objects.exists()


@pytest.mark.parametrize("is_named_by_number", [True, False])
def test_a_row_is_about_the_rule_of_that_number_or_name(
    is_named_by_number: bool, books: Books, user: User
) -> None:
    rule = stored(books)
    key = str(rule.pk) if is_named_by_number else ""
    assert one(books, user, key=key).status is Status.SAME
    found = one(books, user, key=key, gl_code="4520", active="nee")
    assert found.status is Status.CHANGED
    assert found.words == "active: yes → no; ledger account: 4510 → 4520"
    assert found.mark == ["changed", str(rule.pk), rule.changed_at.isoformat()]


def test_a_column_that_is_not_there_leaves_what_stands(books: Books, user: User) -> None:
    rule = stored(books, private_use=25, text="x", position=3, gl_code="")
    RuleSplitFactory(rule=rule, percentage=50, gl_code="1")
    RuleSplitFactory(rule=rule, gl_code="2")
    (found,) = check([Line(2, key=str(rule.pk), name="Telecom", text="y")], user)
    assert (found.status, found.words) == (Status.CHANGED, "text: x → y")
    assert found.row is not None
    assert found.row.administration == books.administration
    (emptied,) = check([Line(2, key=str(rule.pk), name="Telecom", text="", private_use="")], user)
    assert emptied.words == "text: x → -; private use (%): 25.00 → -"


def test_a_number_lets_a_rule_be_renamed(books: Books, user: User) -> None:
    rule = stored(books)
    assert one(books, user, key=str(rule.pk), name="Other").words == "name: Telecom → Other"


def test_changed_parts_are_a_change(books: Books, user: User) -> None:
    rule = stored(books, gl_code="")
    RuleSplitFactory(rule=rule, percentage=50, gl_code="1")
    RuleSplitFactory(rule=rule, gl_code="2")
    found = one(books, user, gl_code="", parts="60 % = 1; rest = 2")
    assert found.words == "split: 50 % = 1; rest = 2 → 60 % = 1; rest = 2"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"administration": "zwijgzaam-bv"}, "There is no administration called “zwijgzaam-bv”"),
        ({"client": "ooievaar"}, "not both"),
        ({"client_group": "Care"}, "for rules of the whole firm"),
        ({"administration": ""}, "Rules of the whole firm are for administrators"),
        ({"name": ""}, "name: This field cannot be blank"),
        ({"supplier_contains": ""}, "at least one condition"),
        ({"gl_code": ""}, "Say what is to be done"),
        ({"gl_code": "", "parts": "50 % = 1; 40 % = 2"}, "come to 90 %"),
        ({"gl_code": "", "parts": "half to 1"}, "is no part"),
        ({"amount_from": "x"}, "is no number"),
        ({"private_use": "101"}, "private use (%): Ensure this value is less than or equal to 100"),
        ({"gl_code": "4" * 61}, "ledger account: Ensure this value has at most 60"),
        ({"key": "999999"}, "There is no rule 999999"),
    ],
)
def test_what_is_wrong_is_told(values: dict[str, str], words: str, books: Books, user: User) -> None:
    office.books("Zwijgzaam")
    ClientGroupFactory(name="Care")
    found = one(books, user, **values)
    assert found.status is Status.WRONG
    assert words in found.words
    assert found.rule is None


def test_the_number_of_a_rule_of_somebody_else_is_no_rule(books: Books, user: User) -> None:
    theirs = stored(office.books("Zwijgzaam"))
    assert "There is no rule" in one(books, user, key=str(theirs.pk)).words


def test_a_number_that_means_another_rule_here_is_refused(books: Books) -> None:
    other = stored(office.books("Zwijgzaam"), name="Quite another")
    assert "There is no rule" in one(books, office.person(Role.ADMINISTRATOR), key=str(other.pk)).words


def test_a_rule_of_the_firm_is_the_same_for_everybody_and_changed_by_administrators(
    books: Books, user: User
) -> None:
    rule = stored(books, administration=None)
    mine = {"administration": "", "key": str(rule.pk)}
    assert one(books, user, **mine).status is Status.SAME
    assert "administrators" in one(books, user, gl_code="1", **mine).words
    assert one(books, office.person(Role.ADMINISTRATOR), gl_code="1", **mine).status is Status.CHANGED
    taken = {"key": str(rule.pk)}  # a reviewer must not make a rule of the firm one of their own either
    assert "administrators" in one(books, user, **taken).words


def test_a_name_that_several_have_needs_a_number(books: Books, user: User) -> None:
    first, _second = stored(books), stored(books)
    assert "Several rules are called so" in one(books, user).words
    assert one(books, user, key=str(first.pk)).status is Status.SAME


def test_two_rows_about_one_rule_are_not_both_taken(books: Books, user: User) -> None:
    stored(books)
    verdicts = check([line(books), line(books, number=3, gl_code="1")], user)
    assert [one.status for one in verdicts] == [Status.SAME, Status.WRONG]
    assert dict(counts(verdicts))[Status.WRONG] == 1


def test_rows_cost_no_queries_of_their_own(
    books: Books, user: User, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        check([line(books, number=number, name=f"Rule {number}") for number in range(2, 100)], user)


def test_a_part_that_cannot_be_stored_as_it_is_written_is_wrong(books: Books, user: User) -> None:
    thirds = "33,333 % = 4000; 33,333 % = 4001; 33,334 % = 4002"
    (verdict,) = check([line(books, gl_code="", parts=thirds)], user)
    assert verdict.status is Status.WRONG
    assert "two decimals" in verdict.words


def test_a_percentage_below_a_hundredth_is_no_percentage_of_one(books: Books, user: User) -> None:
    (verdict,) = check([line(books, gl_code="", parts="0.001 % = 4000; rest = 4001")], user)
    assert verdict.status is Status.WRONG
