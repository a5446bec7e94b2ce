"""Filling the sandbox."""

from apps.sandbox import firm, seed
from apps.sandbox.models import ExactUser, RegisteredApp, Row, Switches
from tests.sandbox import small_firm
from tests.sandbox.driver import Exact


def test_a_filled_sandbox_is_left_alone(small: None) -> None:
    before = Row.objects.count()
    seed.ensure(small_firm.rows())
    assert (Row.objects.count(), RegisteredApp.objects.count(), ExactUser.objects.count()) == (before, 1, 1)


def test_a_reset_brings_the_believable_firm_back(small: None) -> None:
    seed.reset()
    assert Row.objects.count() == sum(1 for _row in firm.rows())
    codes = Row.objects.filter(resource="system/Divisions").values_list("key", flat=True)
    assert sorted(codes) == [str(division.code) for division in firm.DIVISIONS]


def test_an_empty_sandbox_fills_itself_at_the_first_call(small: None) -> None:
    exact = Exact()
    Switches.objects.update(seeded=False)
    Row.objects.all().delete()
    RegisteredApp.objects.all().delete()
    ExactUser.objects.all().delete()
    seed.store.Sequence.objects.all().delete()
    assert exact.session.get(exact.url("vat/VATCodes")).status_code == 401
    assert Row.objects.exists()


def test_row_versions_rise_within_a_division(small: None) -> None:
    stamps = list(
        Row.objects.filter(division=small_firm.HERE).order_by("pk").values_list("timestamp", flat=True)
    )
    assert stamps == sorted(set(stamps))
