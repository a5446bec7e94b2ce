"""The codes of a division, its calendar, and what was booked before."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Division, JournalStatus, SyncState, VATReturn
from apps.rules.books import books_of, calendar_of, history_of
from apps.rules.closing import Trouble
from apps.rules.history import MOST_READ
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import (
    CostCenterFactory,
    CostUnitFactory,
    DivisionFactory,
    FinancialPeriodFactory,
    GLAccountFactory,
    LedgerLineFactory,
    RelationFactory,
    VATCodeFactory,
)

pytestmark = pytest.mark.django_db

RESOURCES = ("gl_accounts", "vat_codes", "cost_centers", "cost_units")


def synced(division: Division) -> None:
    for resource in RESOURCES:
        state, _ = SyncState.objects.get_or_create(division=division, resource=resource)
        state.synced_at = (state.synced_at or clock.now()) + timedelta(seconds=1)
        state.save(update_fields=["synced_at"])


def test_only_this_divisions_open_accounts_and_vat_codes_are_known() -> None:
    account = GLAccountFactory(code="4000")
    division = account.division
    GLAccountFactory(code="4001", division=division, blocked=True)
    GLAccountFactory(code="4002")
    VATCodeFactory(code="2", division=division)
    VATCodeFactory(code="3", division=division, blocked=True)
    CostCenterFactory(code="K1", division=division)
    CostUnitFactory(code="D1", division=division)
    found = books_of(division)
    assert set(found.accounts_by_code) == {"4000"}
    assert set(found.accounts) == {str(account.exact_id)}
    assert set(found.vat_codes) == {"2"}
    assert (found.cost_centers, found.cost_units) == (frozenset({"K1"}), frozenset({"D1"}))


def test_cost_centres_and_units_that_have_ended_are_no_longer_known() -> None:
    division, yesterday = DivisionFactory(), clock.today() - timedelta(days=1)
    for make in (CostCenterFactory, CostUnitFactory):
        make(division=division, code="ended", end_date=yesterday)
        make(division=division, code="last day", end_date=clock.today())
    found = books_of(division)
    assert found.cost_centers == found.cost_units == frozenset({"last day"})


def test_a_day_lies_in_a_period_or_not_its_edges_included() -> None:
    division = FinancialPeriodFactory(start_date=date(2026, 1, 1), end_date=date(2026, 12, 31)).division
    found = calendar_of(division)
    assert found.has_period(date(2026, 1, 1))
    assert found.has_period(date(2026, 12, 31))
    assert not found.has_period(date(2027, 1, 1))


def test_without_any_period_no_day_is_refused() -> None:
    assert calendar_of(DivisionFactory()).has_period(date(1990, 1, 1))


def test_the_calendar_knows_closed_journals_and_filed_vat_returns_of_this_division_alone() -> None:
    division = FinancialPeriodFactory(start_date=date(2026, 1, 1), end_date=date(2026, 12, 31)).division
    day, closed = date(2026, 2, 1), {"journal": "60", "year": 2026, "period": 1}
    for other, is_closed in ((DivisionFactory(), True), (division, False)):
        JournalStatus.objects.create(division=other, key="60|1|2026", closed=is_closed, **closed)
    filed = {"year": 2026, "period": 1, "frequency": "Q", "status": 50}
    VATReturn.objects.create(division=division, exact_id=uuid4(), type=32, **filed)
    assert calendar_of(division).trouble("60", day) is None
    VATReturn.objects.create(division=division, exact_id=uuid4(), type=31, **filed)
    assert calendar_of(division).trouble("60", day) is Trouble.FILED
    JournalStatus.objects.filter(division=division).update(closed=True)
    assert calendar_of(division).trouble("60", day) is Trouble.CLOSED


def test_the_books_are_kept_until_the_next_sync(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    division = GLAccountFactory().division
    synced(division)
    first = books_of(division)
    with django_assert_num_queries(1):
        assert books_of(division) is first
    GLAccountFactory(division=division)
    assert books_of(division) is first
    synced(division)
    assert len(books_of(division).accounts) == 2


def test_nothing_is_kept_while_a_first_sync_is_under_way() -> None:
    division = GLAccountFactory().division
    assert len(books_of(division).accounts) == 1
    GLAccountFactory(division=division)
    assert len(books_of(division).accounts) == 2


def test_history_is_the_suppliers_purchase_lines_newest_first_without_headers() -> None:
    relation = RelationFactory()
    old, new = GLAccountFactory(division=relation.division), GLAccountFactory(division=relation.division)
    line = {"division": relation.division, "relation": relation.exact_id, "type": 30, "line_number": 1}
    LedgerLineFactory(**line, gl_account=old.exact_id, date=date(2026, 1, 1))
    LedgerLineFactory(**line, gl_account=new.exact_id, date=date(2026, 2, 1))
    LedgerLineFactory(**{**line, "line_number": 0}, gl_account=old.exact_id, date=date(2026, 3, 1))
    LedgerLineFactory(**{**line, "type": 90}, gl_account=old.exact_id, date=date(2026, 3, 1))
    LedgerLineFactory(**{**line, "relation": None}, gl_account=old.exact_id, date=date(2026, 3, 1))
    known = {str(account.exact_id): account for account in (old, new)}
    found = history_of(relation.division, str(relation.exact_id), known)
    assert [line.gl_code for line in found.lines] == [new.code, old.code]


def test_history_reads_no_more_than_it_may_show() -> None:
    relation = RelationFactory()
    account = GLAccountFactory(division=relation.division)
    for day in range(MOST_READ + 5):
        LedgerLineFactory(
            division=relation.division,
            relation=relation.exact_id,
            gl_account=account.exact_id,
            type=30,
            line_number=1,
            date=date(2025, 1, 1) + timedelta(days=day),
        )
    known = {str(account.exact_id): account}
    assert len(history_of(relation.division, str(relation.exact_id), known).lines) == MOST_READ


def test_history_leaves_out_what_waits_on_the_suspense_account() -> None:
    administration = AdministrationFactory(suspense_account="2900")
    division = DivisionFactory(administration=administration)
    supplier = uuid4()
    for code in ("2900", "4510", ""):
        LedgerLineFactory(division=division, relation=supplier, type=30, line_number=1, gl_code=code)
    seen = {line.gl_code for line in history_of(division, str(supplier), {}).lines}
    assert seen == {"4510", ""}
    Administration.objects.update(suspense_account="")
    assert len(history_of(division, str(supplier), {}).lines) == 3
