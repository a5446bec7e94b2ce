from datetime import timedelta

import pytest

from apps.core import clock
from apps.exact import mirror, packages
from apps.exact.models import Division, Variant
from apps.exact.resources import RESOURCES
from apps.sandbox import switches
from tests.exact.factories import DivisionFactory, LedgerLineFactory


def test_the_features_of_the_package_are_kept(division: Division) -> None:
    mirror.sync(division, ["features"])
    division.refresh_from_db()
    assert len(division.features) > 1
    assert division.package_variant == ""  # five thousand calls a day: nobody tells which of three it is


def test_no_limit_of_a_day_is_premium_unless_a_person_said_otherwise(division: Division) -> None:
    switches.set_package(division.code, unlimited_days=True)
    mirror.sync(division, ["relations", "features"])
    division.refresh_from_db()
    assert division.package_variant == Variant.PREMIUM
    Division.objects.filter(pk=division.pk).update(package_variant=Variant.PLUS)
    mirror.sync(division, ["features"])
    division.refresh_from_db()
    assert division.package_variant == Variant.PLUS


@pytest.mark.django_db
def test_features_that_come_in_two_pages_are_kept_together() -> None:
    division = DivisionFactory(features=["of yesterday"])
    packages.take_features(division, [{"Description": "Mailbox"}, {"Description": None}], first=True)
    packages.take_features(division, [{"Description": "Projects"}], first=False)
    division.refresh_from_db()
    assert division.features == ["Mailbox", "Projects"]


@pytest.mark.django_db
def test_booking_lines_of_this_month_are_those_entered_in_it_without_headers() -> None:
    today = clock.today()
    last_month = today.replace(day=1) - timedelta(days=1)
    line = LedgerLineFactory(line_number=1, booked_on=today, date=last_month)
    division = line.division
    LedgerLineFactory(division=division, line_number=0, booked_on=today)
    LedgerLineFactory(division=division, line_number=1, booked_on=last_month, date=today)
    LedgerLineFactory(line_number=1, booked_on=today)
    assert packages.lines_this_month(division) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("features", "package", "has"),
    [
        ([], "", True),  # nobody told: it is tried
        (["Accounting"], "", False),
        (["Accounting"], "Trade", True),
        (["Accounting", "Items and purchase orders"], "", True),
        (["Boekhouden", "Inkooporders"], "", True),
    ],
)
def test_a_module_is_known_by_the_words_of_its_features_or_package(
    features: list[str], package: str, has: bool
) -> None:
    division = DivisionFactory(features=features, package_type=package)
    assert packages.has(division, RESOURCES["purchase_orders"]) is has
    assert packages.has(division, RESOURCES["items"])


@pytest.mark.parametrize(
    ("features", "package", "has"),
    [
        (["Items and purchase orders"], "", True),
        (["General ledger"], "Trade", True),
        (["General ledger"], "Accountancy", False),
        ([], "Accountancy", True),
    ],
)
def test_items_on_orders_and_invoices_are_known_by_the_words_of_the_package(
    features: list[str], package: str, has: bool
) -> None:
    assert packages.has_logistics(Division(features=features, package_type=package)) is has
