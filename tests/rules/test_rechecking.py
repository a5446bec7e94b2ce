"""A confirmed row of a VAT table is held against Exact after each sync."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from simple_history.manager import HistoryManager

from apps.core import clock, queue
from apps.exact.models import Division, VATCode
from apps.rules import rechecking, rule_book, tasks, vat_table
from apps.rules.models import VATTable
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, VATCodeFactory, VATPercentageFactory
from tests.rules.factories import VATTableFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Division:
    linked: Division = DivisionFactory(administration=AdministrationFactory())
    VATCodeFactory(division=linked, code="other", description="Geen btw", type="N", percentage=None)
    return linked


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    rung: list[tuple[str, int]] = []
    monkeypatch.setattr(queue, "ring", lambda task, *ids: rung.append((task, *ids)))
    return rung


def confirmed(division: Division, **values: Any) -> tuple[VATCode, VATTable]:
    """Make a code and a row that a person confirmed it in."""
    code = VATCodeFactory(division=division, code="V", description="Btw hoog", **values)
    row = VATTableFactory(
        administration=division.administration, vat_code="V", confirmed_at=None, confirmed_by=""
    )
    assert vat_table.confirm_rows(VATTable.objects.filter(pk=row.pk), "Sanne") == 1
    row.refresh_from_db()
    return code, row


def recheck(division: Division) -> int:
    assert division.administration
    return rechecking.recheck(division.administration)


def test_confirming_keeps_what_exact_says_of_the_code(ours: Division) -> None:
    _code, row = confirmed(ours)
    assert row.facts == {
        "type": "E",
        "charged": False,
        "percentage": "0.21",
        "transaction_type": "P",
        "description": "Btw hoog",
    }


def _gone(code: VATCode) -> None:
    _set(code, gone_at=clock.now())


def _set(code: VATCode, **values: Any) -> None:
    VATCode.objects.filter(pk=code.pk).update(**values)


CHANGES: dict[str, tuple[Callable[[VATCode], None], str]] = {
    "gone": (_gone, "The code is not in Exact any more."),
    "blocked": (lambda code: _set(code, blocked=True), "The code is blocked in Exact."),
    "type": (lambda code: _set(code, type="I"), "The type was “excluding VAT” and is “including VAT”."),
    "charged": (lambda code: _set(code, charged=True), "Reverse charge was “no” and is “yes”."),
    "percentage": (
        lambda code: _set(code, percentage=Decimal("0.22")),
        "The percentage was 21 % and is 22 %.",
    ),
    "use": (lambda code: _set(code, transaction_type="S"), "It was for purchases and is for sales."),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_doubted_in_words_and_no_longer_counts(
    change: str, ours: Division, bells: list[tuple[str, int]]
) -> None:
    alter, words = CHANGES[change]
    code, row = confirmed(ours)
    bells.clear()
    assert recheck(ours) == 0
    alter(code)
    assert recheck(ours) == 1
    row.refresh_from_db()
    assert row.doubt == words
    assert ours.administration
    assert rule_book.vat_table_of(ours.administration) == {}
    assert bells == [("vat_table_changed", ours.administration.pk)]
    assert row.history.first().doubt == words
    assert recheck(ours) == 0


def test_a_percentage_that_begins_today_is_asked_again(ours: Division) -> None:
    code, row = confirmed(ours)
    day = clock.today()
    for percentage, start, end in (("0.21", date(2012, 10, 1), None), ("0.23", day, None)):
        VATPercentageFactory(
            division=ours,
            vat_code=code.exact_id,
            percentage=Decimal(percentage),
            start_date=start,
            end_date=end,
        )
    assert recheck(ours) == 1
    row.refresh_from_db()
    assert "21 % and is 23 %" in row.doubt


def test_another_description_is_no_reason_to_ask(ours: Division) -> None:
    code, _row = confirmed(ours)
    _set(code, description="Voorbelasting hoog")
    assert recheck(ours) == 0


def test_a_doubt_stays_until_a_person_confirms_although_exact_has_it_back(ours: Division) -> None:
    code, row = confirmed(ours)
    _set(code, blocked=True)
    recheck(ours)
    _set(code, blocked=False)
    assert recheck(ours) == 0
    row.refresh_from_db()
    assert row.doubt
    assert vat_table.confirm_rows(VATTable.objects.all(), "Piet") == 1
    row.refresh_from_db()
    assert (row.doubt, row.confirmed_by) == ("", "Piet")


def test_a_row_whose_code_is_gone_cannot_be_confirmed_again(ours: Division) -> None:
    code, row = confirmed(ours)
    _gone(code)
    recheck(ours)
    assert vat_table.confirm_rows(VATTable.objects.all(), "Piet") == 0
    row.refresh_from_db()
    assert row.confirmed_by == "Sanne"


def test_a_row_confirmed_without_facts_takes_them_over(ours: Division) -> None:
    VATCodeFactory(division=ours, code="V")
    row = VATTableFactory(administration=ours.administration, vat_code="V")
    assert recheck(ours) == 0
    row.refresh_from_db()
    assert row.facts["percentage"] == "0.21"


def test_without_any_code_in_the_mirror_nothing_is_judged() -> None:
    division = DivisionFactory(administration=AdministrationFactory())
    row = VATTableFactory(administration=division.administration, vat_code="V")
    assert recheck(division) == 0
    row.refresh_from_db()
    assert row.doubt == ""


def test_a_proposal_is_never_doubted(ours: Division) -> None:
    row = VATTableFactory(
        administration=ours.administration, vat_code="weg", confirmed_at=None, confirmed_by=""
    )
    assert recheck(ours) == 0
    row.refresh_from_db()
    assert row.doubt == ""


def test_reading_the_mirrors_rechecks(ours: Division) -> None:
    code, row = confirmed(ours)
    _set(code, type="N")
    tasks.propose(ours.pk)
    row.refresh_from_db()
    assert row.doubt


def test_a_worker_that_dies_between_a_doubt_and_its_history_is_made_good(
    ours: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, row = confirmed(ours)
    _set(code, type="N")

    def killed(*_args: Any, **_how: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(HistoryManager, "bulk_history_create", killed)
        with pytest.raises(SystemExit):
            recheck(ours)
    row.refresh_from_db()
    assert row.doubt == ""
    assert recheck(ours) == 1
