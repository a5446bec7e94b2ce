from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Division, Journal
from apps.rules import vat_table
from apps.rules.models import VATTable
from apps.rules.scenario import Scenario
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import (
    DivisionFactory,
    JournalFactory,
    LedgerLineFactory,
    VATCodeFactory,
    VATPercentageFactory,
)
from tests.rules.factories import VATTableFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Division:
    linked: Division = DivisionFactory(administration=AdministrationFactory())
    return linked


def administration(division: Division) -> Administration:
    assert division.administration
    return division.administration


def table(division: Division) -> dict[str, str]:
    return dict(
        VATTable.objects.filter(administration=division.administration).values_list("scenario", "vat_code")
    )


def test_the_codes_of_its_own_division_are_proposed_unconfirmed(ours: Division) -> None:
    VATCodeFactory(division=ours, code="VH", description="Btw hoog")
    VATCodeFactory(code="XX", description="Btw hoog")
    rows = vat_table.propose(administration(ours))
    assert [(row.scenario, row.vat_code, row.confirmed_at) for row in rows] == [
        (Scenario.NL_HIGH, "VH", None)
    ]
    assert "Btw hoog" in rows[0].why


def test_the_percentage_of_today_counts(ours: Division) -> None:
    old = VATCodeFactory(division=ours, code="VL", description="Btw laag", percentage=Decimal("0.06"))
    VATPercentageFactory(
        division=ours, vat_code=old.exact_id, percentage=Decimal("0.06"), end_date=date(2018, 12, 31)
    )
    VATPercentageFactory(
        division=ours, vat_code=old.exact_id, percentage=Decimal("0.09"), start_date=date(2019, 1, 1)
    )
    vat_table.propose(administration(ours))
    assert table(ours) == {Scenario.NL_LOW: "VL"}


def test_what_somebody_confirmed_stays(ours: Division) -> None:
    VATCodeFactory(division=ours, code="VH", description="Btw hoog")
    vat_table.propose(administration(ours))
    assert vat_table.confirm(administration(ours), by="Sanne") == 1
    row = VATTable.objects.get()
    assert (row.confirmed_by, row.confirmed_at is not None) == ("Sanne", True)
    VATCodeFactory(division=ours, code="VP", description="Btw hoog inkoop", transaction_type="P")
    ours.administration.vat_table.get()  # type: ignore[union-attr]
    vat_table.propose(administration(ours))
    assert table(ours) == {Scenario.NL_HIGH: "VH"}
    assert vat_table.confirm(administration(ours), by="Piet") == 0


def test_a_proposal_that_no_longer_holds_goes(ours: Division) -> None:
    first = VATCodeFactory(division=ours, code="VH", description="Btw hoog")
    vat_table.propose(administration(ours))
    VATCodeFactory(division=ours, code="VI", description="Btw 21 %")
    vat_table.propose(administration(ours))
    assert table(ours) == {}
    first.delete()
    vat_table.propose(administration(ours))
    assert table(ours) == {Scenario.NL_HIGH: "VI"}


def test_the_history_says_who_confirmed(ours: Division) -> None:
    VATCodeFactory(division=ours, code="VH", description="Btw hoog")
    vat_table.propose(administration(ours))
    vat_table.confirm(administration(ours), by="Sanne")
    assert [each.confirmed_by for each in VATTable.history.order_by("history_id")] == ["", "Sanne"]


def test_the_one_open_purchase_journal_is_proposed(ours: Division) -> None:
    JournalFactory(division=ours, code="60")
    JournalFactory(division=ours, code="61", blocked=True)
    JournalFactory(division=ours, code="70", type=20)
    JournalFactory(code="62")
    assert vat_table.propose_journal(administration(ours)) == "60"


def used(division: Division, journal: str, times: int, days_ago: int = 30) -> None:
    day = clock.today() - timedelta(days=days_ago)
    LedgerLineFactory.create_batch(times, division=division, journal=journal, date=day)


def test_of_several_journals_the_one_most_used_in_the_last_year_is_proposed(ours: Division) -> None:
    JournalFactory(division=ours, code="60")
    JournalFactory(division=ours, code="61")
    assert vat_table.propose_journal(administration(ours)) == ""
    used(ours, "60", times=5, days_ago=400)
    used(ours, "60", times=1)
    used(ours, "61", times=2)
    assert vat_table.propose_journal(administration(ours)) == "61"
    used(ours, "60", times=1)
    assert vat_table.propose_journal(administration(ours)) == ""


def test_without_a_purchase_journal_or_a_division_none_is_proposed(ours: Division) -> None:
    assert vat_table.propose_journal(administration(ours)) == ""
    assert Journal.objects.count() == 0
    assert vat_table.propose_journal(AdministrationFactory()) == ""


def test_a_table_is_forgotten_with_what_was_confirmed_and_the_history_keeps_it(ours: Division) -> None:
    row = VATTableFactory(administration=administration(ours))
    kept = VATTableFactory()
    vat_table.forget(administration(ours))
    assert list(VATTable.objects.all()) == [kept]
    assert VATTable.history.filter(id=row.pk, history_type="-").exists()
