"""Somebody changes something in Exact, and the mirrors know it early: the whole way through webhooks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core import queue
from apps.core.http import OutcomeUnknown
from apps.exact import hook_tasks, notices, tasks, webhooks
from apps.exact.client import Exact
from apps.exact.models import Division, LedgerLine, Notice, OwnWrite, Relation
from apps.exact.resources import RESOURCES
from apps.invoices.delivering import deliver
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import removal, store
from apps.sandbox.exact import webhooks as sandbox
from apps.sandbox.models import Delivery, Row
from tests.flows.conftest import BAKERY

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(bakery: Division) -> Division:
    """The bakery's division, whose webhooks come to us."""
    switches.change(minute_limit=100_000, day_limit=100_000)
    assert all(one.exact_id for one in webhooks.subscribe(bakery))
    for _time in range(10):  # what is still to be read after linking: a slow machine gives way in between
        work()
        if not bakery.sync_states.exclude(resume_at=None).exists():
            break
    Notice.objects.all().delete()
    time.advance(timedelta(minutes=10))
    return bakery


def work(minutes: int = 3) -> None:
    """Let the worker go on for some minutes: what the clock and the bells would run."""
    for _minute in range(minutes):
        sandbox.deliver_due()
        hook_tasks.handle_notices()
        tasks.resume_division(Division.objects.get(code=BAKERY).pk)
        time.advance(61)
    hook_tasks.handle_notices()


def card(division: Division, number: int = 0) -> Row:
    return store.rows("crm/Accounts", division.code).order_by("key")[number]


def rename(division: Division, name: str, number: int = 0) -> UUID:
    """Let somebody change a relation in Exact."""
    row = card(division, number)
    store.put("crm/Accounts", division.code, {**row.data, "Name": name})
    return UUID(row.key)


def names(division: Division) -> dict[str, str]:
    mirrored = Relation.objects.filter(division=division)
    return {str(key): name for key, name in mirrored.values_list("exact_id", "name")}


def truth(division: Division) -> dict[str, str]:
    return {row.key: row.data["Name"] for row in store.rows("crm/Accounts", division.code)}


def test_a_change_in_exact_is_in_the_mirror_minutes_later(told: Division, count_calls: Any) -> None:
    key = rename(told, "Another name")
    before = count_calls(division=told.code)
    work()
    assert Relation.objects.get(division=told, exact_id=key).name == "Another name"
    assert count_calls(division=told.code) - before == 1
    assert not Notice.objects.filter(handled_at=None).exists()


def test_twenty_changes_cost_one_call(told: Division, count_calls: Any) -> None:
    for number in range(20):
        rename(told, f"Name {number}", number)
    before = count_calls(division=told.code)
    work()
    assert count_calls(division=told.code) - before == 1
    assert names(told) == truth(told)


@given(
    late=st.booleans(),
    times=st.integers(1, 3),
    newest_first=st.booleans(),
    lost=st.sets(st.integers(0, 4)),
    changes=st.lists(
        st.tuples(st.integers(0, 9), st.text("abc", min_size=1, max_size=5)), min_size=1, max_size=5
    ),
)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_doubled_reordered_late_and_lost_webhooks_end_in_the_same_mirror(
    told: Division, late: bool, times: int, newest_first: bool, lost: set[int], changes: list[tuple[int, str]]
) -> None:
    switches.change(webhook_delay_seconds=90 * late, webhook_times=times, webhooks_reversed=newest_first)
    Delivery.objects.all().delete()
    for number, name in changes:
        rename(told, name, number)
        time.advance(1)
    first = {delivery.pk for place, delivery in enumerate(Delivery.objects.order_by("pk")) if place in lost}
    kept = Delivery.objects.exclude(pk__in=first)
    Delivery.objects.filter(pk__in=first).update(done=True)  # these never arrive
    if not kept.exists():
        tasks.sync_division(told.pk)  # the nightly sync is the safety net
    work(5)
    assert names(told) == truth(told)
    assert not Notice.objects.filter(handled_at=None).exists()


def test_our_own_booking_is_known_for_an_echo_and_costs_no_sync(
    told: Division, take_in: Callable[..., Any], count_calls: Any
) -> None:
    take_in("01-zwaluw-bloem.xml")
    time.advance(timedelta(minutes=10))
    deliver(told, at_once=True)
    written = set(OwnWrite.objects.filter(division=told).values_list("key", flat=True))
    before = count_calls(division=told.code)
    work()
    entries = Notice.objects.filter(topic="PurchaseEntries")
    assert entries.filter(key__in=written).count() == 1
    assert entries.count() > 1  # its lines
    assert all(notice.is_echo for notice in entries)
    assert count_calls(division=told.code) == before


def test_a_write_whose_answer_was_lost_is_read_back_early(told: Division) -> None:
    body = entry(told)
    faults.arm("dropped_answer", method="POST", path="purchaseentry/PurchaseEntries")
    with pytest.raises(OutcomeUnknown):
        Exact(told).post("purchaseentry/PurchaseEntries", body)
    work()
    assert LedgerLine.objects.filter(division=told, your_ref=body["YourRef"]).exists()


def entry(division: Division) -> dict[str, Any]:
    """A small purchase entry of a supplier of the firm."""
    supplier = store.rows("crm/Accounts", division.code).filter(data__IsSupplier=True).first()
    ledger = store.rows("financial/GLAccounts", division.code).filter(data__Type=121).first()
    journal = store.rows("financial/Journals", division.code).filter(data__Type=22).first()
    assert supplier
    assert ledger
    assert journal
    return {
        "Journal": journal.mark,
        "Supplier": supplier.key,
        "YourRef": uuid4().hex[:12],
        "EntryDate": store.now_text()[:10],
        "PurchaseEntryLines": [{"GLAccount": ledger.key, "AmountFC": 10.0}],
    }


@pytest.mark.skipif("deleted" not in RESOURCES, reason="deleted rows are found weekly")
def test_what_was_deleted_in_exact_is_gone_minutes_later(told: Division) -> None:
    row = card(told)
    removal.remove([row])
    work()
    assert not Relation.objects.filter(division=told, exact_id=row.key).exists()


def test_what_was_told_while_nobody_listened_comes_later(told: Division) -> None:
    secret = told.app.webhook_secret
    told.app.webhook_secret = "forgotten"
    told.app.save(update_fields=["webhook_secret"])
    rename(told, "Another name")
    sandbox.deliver_due()
    assert not Notice.objects.exists()
    assert Delivery.objects.get(done=False).status == 403
    told.app.webhook_secret = secret
    told.app.save(update_fields=["webhook_secret"])
    work()
    assert names(told) == truth(told)


def test_a_webhook_rings_for_the_worker(told: Division) -> None:
    queue.OrmQ.objects.all().delete()
    rename(told, "Another name")
    sandbox.deliver_due()
    assert "apps.exact.hook_tasks.handle_notices" in [bell.func() for bell in queue.OrmQ.objects.all()]
    assert notices.handle() == [told.pk]
