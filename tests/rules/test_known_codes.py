"""The codes of Exact that rules name."""

from datetime import timedelta

import pytest

from apps.core import clock
from apps.people.models import Role
from apps.rules import known_codes
from apps.rules.conditions import Rule, Share
from apps.rules.models import BookingRule
from tests import office
from tests.clients.factories import ClientGroupFactory
from tests.exact.factories import (
    CostCenterFactory,
    CostUnitFactory,
    GLAccountFactory,
    PaymentConditionFactory,
    VATCodeFactory,
)
from tests.office import Books

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


def test_only_what_may_be_used_now_can_be_chosen(books: Books) -> None:
    yesterday = clock.today() - timedelta(days=1)
    for division in (books.division,):
        GLAccountFactory(division=division, code="1", description="Good")
        GLAccountFactory(division=division, code="2", blocked=True)
        GLAccountFactory(division=division, code="3", type=22)
        VATCodeFactory(division=division, code="V", description="High")
        VATCodeFactory(division=division, code="W", blocked=True)
        CostCenterFactory(division=division, code="A", description="Shop")
        CostCenterFactory(division=division, code="B", end_date=yesterday)
        CostUnitFactory(division=division, code="U", description="Unit", end_date=clock.today())
        PaymentConditionFactory(division=division, code="30", description="Days")
    found = known_codes.choices([books.administration.pk])
    assert ("1", "Good") in found["gl_code"]
    assert not {"2", "3"} & {code for code, _text in found["gl_code"]}
    assert ("V", "High") in found["vat_code"]
    assert "W" not in dict(found["vat_code"])
    assert found["cost_center"] == [("A", "Shop")]
    assert found["cost_unit"] == [("U", "Unit")]
    assert found["payment_condition"] == [("30", "Days")]
    assert known_codes.choices([])["gl_code"] == []


def test_who_lacks_a_code_is_told_by_name_and_others_are_counted(books: Books) -> None:
    others = [office.books(f"Firm{number}") for number in range(6)]
    GLAccountFactory(division=books.division, code="X1")
    GLAccountFactory(division=others[0].division, code="X1", blocked=True)
    administrations = [books.administration, *(one.administration for one in others)]
    rule = Rule("a", splits=(Share(gl_code="X1"),), cost_center="")
    (words,) = known_codes.lacking(rule, administrations)
    assert words.startswith("Ledger account X1 is not usable in Firm0 B.V., Firm1 B.V.")
    assert words.endswith("Firm4 B.V. and 1 more.")
    assert known_codes.lacking(rule, [books.administration]) == []


def test_books_that_were_never_read_lack_nothing(books: Books) -> None:
    known_codes.CODES["gl_code"].objects.all().delete()
    assert known_codes.lacking(Rule("a", gl_code="X1"), [books.administration]) == []


def test_where_a_rule_speaks(books: Books) -> None:
    other = office.books("Zwijgzaam")
    group = ClientGroupFactory()
    other.client.group = group
    other.client.save()
    everything, mine = office.person(Role.ADMINISTRATOR), office.person(Role.REVIEWER, books.client)
    places = [
        [one.slug for one in known_codes.scope_of(rule, user)]
        for rule, user in (
            (BookingRule(), everything),
            (BookingRule(), mine),
            (BookingRule(client_group=group), everything),
            (BookingRule(client=books.client), everything),
            (BookingRule(administration=other.administration), everything),
        )
    ]
    ours, theirs = books.administration.slug, other.administration.slug
    assert places == [[ours, theirs], [ours], [theirs], [ours], [theirs]]


def test_names_are_those_of_each_administration(books: Books) -> None:
    other = office.books("Zwijgzaam")
    GLAccountFactory(division=books.division, code="X1", description="Telephone")
    GLAccountFactory(division=other.division, code="X1", description="Cars")
    rules = {one.administration.pk: [Rule("a", gl_code="X1")] for one in (books, other)}
    found = known_codes.names_by_administration(rules)
    assert [names["gl_code", "X1"] for names in found.values()] == ["Telephone", "Cars"]
