from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock, leases, queue
from apps.exact import mirror, syncing
from apps.exact.cadence import BUSY, GIVEN_WAY, PAUSE, next_night
from apps.exact.models import Connection, Division, LedgerLine, SyncPlan, SyncState
from apps.exact.resources import RESOURCES
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import ConnectionFactory, DivisionFactory, SyncPlanFactory, SyncStateFactory
from tests.exact.truth import differences

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked(division: Division) -> Division:
    """A linked division whose first sync is due."""
    Division.objects.filter(pk=division.pk).update(administration=AdministrationFactory())
    syncing.make_due(division)
    return division


def plan_of(division: Division) -> SyncPlan:
    return SyncPlan.objects.get(division=division)


def free_division(**values: Any) -> Division:
    division: Division = DivisionFactory(administration=AdministrationFactory(), **values)
    return division


def at_page(monkeypatch: pytest.MonkeyPatch, number: int, act: Any) -> None:
    """Let something happen before page `number` of a run."""
    pages = []
    watch = syncing._Run._watch

    def watched(run: Any, one: Any) -> None:
        pages.append(1)
        if len(pages) == number:
            act()
        watch(run, one)

    monkeypatch.setattr(syncing._Run, "_watch", watched)


def test_a_run_reads_everything_that_is_due_and_plans_the_next_night(linked: Division) -> None:
    switches.change(minute_limit=10_000)
    assert syncing.divisions_due() == [linked.pk]
    assert syncing.sync_due(linked) is None
    assert differences(linked) == {}
    plan = plan_of(linked)
    assert plan.due_at == next_night(linked.pk, plan.began_at or clock.now())
    assert plan.ended_at
    assert (plan.calls, plan.rows > 1000) == (sum(state.calls for state in linked.sync_states.all()), True)
    assert ("apps.rules.tasks.propose", linked.pk) in rung()
    assert syncing.divisions_due() == []
    assert syncing.sync_due(linked) is None


def rung() -> list[tuple[str, int]]:
    return [(bell.func(), bell.task["args"][0]) for bell in queue.OrmQ.objects.all()]


def test_a_night_in_which_nothing_changed_rings_no_bell(linked: Division, count_calls: Any) -> None:
    switches.change(minute_limit=10_000)
    syncing.sync_due(linked)
    queue.OrmQ.objects.all().delete()
    before = count_calls(division=linked.code)
    time.advance(timedelta(days=1))
    assert syncing.divisions_due() == [linked.pk]
    assert syncing.sync_due(linked) is None
    assert rung() == []
    assert count_calls(division=linked.code) - before == len(RESOURCES) - 1


def test_a_spent_minute_ends_the_run_which_goes_on_after_it_and_reads_nothing_twice(
    linked: Division, count_calls: Any
) -> None:
    switches.change(minute_limit=10)
    runs = 0
    while (moment := syncing.sync_due(linked)) is not None:
        assert timedelta(0) < moment - clock.now() <= timedelta(seconds=61)
        assert plan_of(linked).ended_at is None
        time.move_to(moment)
        runs += 1
    assert runs >= 2
    assert count_calls(division=linked.code, status=429) == 0
    calls = count_calls(division=linked.code)
    assert calls == plan_of(linked).calls == sum(state.calls for state in linked.sync_states.all())
    switches.change(minute_limit=10_000)
    time.advance(timedelta(minutes=1))
    assert differences(linked) == {}


def test_a_division_at_work_is_not_due_and_not_entered(linked: Division, count_calls: Any) -> None:
    lease = leases.take(linked, seconds=60)
    assert lease
    assert syncing.divisions_due() == []
    assert syncing.sync_due(linked) is None
    ran = syncing.run(linked)
    assert ran.busy
    assert ran.goes_on_at and ran.goes_on_at - clock.now() <= BUSY
    assert count_calls(division=linked.code) == 0
    leases.free(linked, lease)
    assert syncing.divisions_due() == [linked.pk]


def test_a_sync_gives_way_to_a_posting_and_goes_on_later(
    linked: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_page(monkeypatch, 4, lambda: Division.objects.filter(pk=linked.pk).update(wanted=True))
    moment = syncing.sync_due(linked)
    assert moment and timedelta(0) < moment - clock.now() <= GIVEN_WAY
    assert plan_of(linked).calls == 3
    assert not Division.objects.filter(pk=linked.pk, leased_until__gt=clock.now()).exists()
    time.advance(GIVEN_WAY)
    switches.change(minute_limit=10_000)
    assert syncing.sync_due(linked) is None
    assert differences(linked) == {}


def test_a_cancelled_run_keeps_what_it_read_and_the_next_night_goes_on_from_there(
    linked: Division, monkeypatch: pytest.MonkeyPatch, count_calls: Any
) -> None:
    switches.change(minute_limit=10_000)
    assert not syncing.cancel(linked)
    at_page(monkeypatch, 5, lambda: syncing.cancel(linked))
    assert syncing.sync_due(linked) is None
    plan = plan_of(linked)
    assert (plan.calls, plan.stop_asked, plan.due_at) == (4, False, next_night(linked.pk, clock.now()))
    assert plan.ended_at
    assert syncing.divisions_due() == []
    assert SyncState.objects.get(division=linked, resource="bank_accounts").next_page
    time.move_to(plan.due_at or clock.now())
    assert syncing.sync_due(linked) is None
    assert differences(linked) == {}
    bank_pages = count_calls("crm/BankAccounts")
    assert bank_pages <= 4 + 4  # the second four are those of the comparison


def test_a_run_that_waits_for_its_budget_can_be_cancelled(linked: Division, count_calls: Any) -> None:
    switches.change(minute_limit=5)
    assert syncing.sync_due(linked)
    assert syncing.cancel(linked)
    assert SyncPlan.objects.get(division=linked).ended_at, "nobody reads, so it has ended at once"
    time.advance(timedelta(minutes=1))
    before = count_calls(division=linked.code)
    assert syncing.sync_due(linked) is None
    assert count_calls(division=linked.code) == before
    assert syncing.divisions_due() == []


def test_a_run_that_lost_its_turn_touches_nothing_more(
    linked: Division, monkeypatch: pytest.MonkeyPatch, count_calls: Any
) -> None:
    at_page(
        monkeypatch,
        3,
        lambda: Division.objects.filter(pk=linked.pk).update(lease=None, leased_until=None),
    )
    syncing.sync_due(linked)
    assert count_calls(division=linked.code) == 2
    assert syncing.divisions_due() == [linked.pk]


def test_a_resource_that_failed_goes_on_alone(linked: Division, count_calls: Any) -> None:
    switches.change(minute_limit=10_000)
    faults.arm("error_before_commit", path="hrm/Costunits", status=503)
    moment = syncing.sync_due(linked)
    assert moment
    before = count_calls(division=linked.code)
    time.move_to(moment)
    assert moment - (plan_of(linked).began_at or moment) <= PAUSE + timedelta(minutes=1)
    assert syncing.sync_due(linked) is None
    assert count_calls(division=linked.code) - before == 1
    assert plan_of(linked).ended_at


def test_what_exact_refuses_is_asked_again_the_next_night_only(linked: Division, count_calls: Any) -> None:
    switches.change(minute_limit=10_000)
    switches.lack_scopes("Logistics items")
    assert syncing.sync_due(linked) is None
    time.advance(timedelta(hours=1))
    assert syncing.sync_due(linked) is None
    assert count_calls("logistics/ItemGroups") == 1
    time.move_to(plan_of(linked).due_at or clock.now())
    switches.lack_scopes()
    syncing.sync_due(linked)
    assert differences(linked) == {}
    assert not SyncState.objects.filter(division=linked).exclude(trouble="").exists()


def test_who_may_not_read_deletions_compares_everything_in_a_night_of_each_week(linked: Division) -> None:
    switches.change(minute_limit=10_000)
    switches.lack_scopes("Organization administration")
    syncing.run(linked)
    switches.delete("crm/Accounts", linked.code, store.rows("crm/Accounts", linked.code)[0].key)
    for _night in range(8):
        due_at = plan_of(linked).due_at
        assert due_at
        time.move_to(due_at + timedelta(seconds=2))
        syncing.run(linked)
    assert differences(linked, "relations") == {}


def test_what_a_clock_that_ran_ahead_put_off_is_due_when_it_is_put_right(linked: Division) -> None:
    time.advance(timedelta(days=20))
    syncing.run(linked)
    SyncState.objects.filter(resource="items").update(resume_at=clock.now())
    time.reset()
    assert syncing.divisions_due() == [linked.pk]
    due_at, resume_at = plan_of(linked).due_at, SyncState.objects.get(resource="items").resume_at
    assert due_at and due_at <= clock.now()
    assert resume_at and resume_at <= clock.now()


def test_those_never_read_come_first_then_those_that_wait_longest() -> None:
    now = clock.now()
    late, later, first, resumed = (free_division() for _ in range(4))
    for division, hours in ((late, 5), (later, 1), (first, 0), (resumed, -9)):
        SyncPlanFactory(division=division, due_at=now - timedelta(hours=hours))
    for division in (late, later, resumed):
        SyncStateFactory(division=division, synced_at=now, resume_at=now if division is resumed else None)
    assert syncing.divisions_due() == [first.pk, late.pk, later.pk, resumed.pk]


def test_only_linked_divisions_with_a_living_connection_are_due() -> None:
    unsure, lost = ConnectionFactory(status="unsure"), ConnectionFactory(status="lost")
    blocked: Connection = ConnectionFactory(status="blocked")
    due = free_division(connection=unsure)
    for division in (free_division(connection=lost), free_division(connection=blocked)):
        SyncPlanFactory(division=division)
    SyncPlanFactory()
    free_division(connection=None)
    assert syncing.divisions_due() == [due.pk]
    assert SyncPlan.objects.filter(division=due).exists()  # linked before there were plans


def test_the_ledger_that_a_drain_left_is_due() -> None:
    division = free_division()
    SyncPlanFactory(division=division, due_at=clock.now() + timedelta(hours=5))
    SyncStateFactory(division=division, resource="ledger", resume_at=clock.now())
    SyncStateFactory(division=division, resource="of an earlier version", resume_at=clock.now())
    assert syncing.divisions_due() == [division.pk]


def test_a_hint_reads_its_mirror_alone(linked: Division, count_calls: Any) -> None:
    switches.change(minute_limit=10_000)
    syncing.sync_due(linked)
    before = count_calls(division=linked.code)
    SyncState.objects.filter(division=linked, resource="ledger").update(resume_at=clock.now())
    assert syncing.sync_due(linked) is None
    assert count_calls(division=linked.code) - before == 1
    assert LedgerLine.objects.filter(division=linked).exists()
    assert not mirror.is_empty(linked)


def test_what_was_begun_goes_on_before_what_was_never_read() -> None:
    began = clock.now() - timedelta(minutes=1)
    new, begun, ended = (free_division() for _ in range(3))
    for division, values in (
        (new, {"due_at": began}),
        (begun, {"began_at": began}),
        (ended, {"began_at": began, "ended_at": began, "due_at": began}),
    ):
        SyncPlanFactory(division=division, **{"due_at": clock.now() + timedelta(hours=9), **values})
    SyncStateFactory(division=begun, resource="items", resume_at=began, synced_at=None)
    SyncStateFactory(division=ended, resource="items", synced_at=began)
    assert syncing.divisions_due() == [begun.pk, new.pk, ended.pk]


def test_a_run_that_was_cut_off_at_its_very_end_is_ended_by_the_next(
    linked: Division, count_calls: Any
) -> None:
    syncing.sync_due(linked)
    SyncState.objects.update(resume_at=None)
    SyncPlan.objects.filter(division=linked).update(ended_at=None)  # its worker died before it wrote this
    queue.OrmQ.objects.all().delete()
    before = count_calls(division=linked.code)
    assert syncing.divisions_due() == [linked.pk]
    assert syncing.sync_due(linked) is None
    assert plan_of(linked).ended_at
    assert ("apps.rules.tasks.propose", linked.pk) in rung()
    assert (count_calls(division=linked.code), syncing.divisions_due()) == (before, [])


def test_mirrors_that_are_behind_a_moment_are_read_at_once_and_the_others_left_alone() -> None:
    now = clock.now()
    division = DivisionFactory()
    since = {"division": division, "synced_at": now, "seconds": 10}
    early = now - timedelta(hours=1)
    SyncStateFactory(resource="relations", **since)
    SyncStateFactory(resource="items", **{**since, "synced_at": early})
    waits = SyncStateFactory(
        resource="ledger", resume_at=now + timedelta(hours=1), **{**since, "synced_at": early}
    )
    SyncStateFactory(resource="journals", trouble="refused", **{**since, "synced_at": early})
    SyncStateFactory(division=division, resource="bank_accounts")
    names = ("relations", "items", "ledger", "journals", "bank_accounts")
    found = syncing.behind(division, names, now - timedelta(minutes=1))
    assert found == {"items": True, "ledger": True, "journals": False}
    due = SyncState.objects.filter(division=division, resume_at__isnull=False)
    assert set(due.values_list("resource", flat=True)) == {"items", "ledger"}
    waits.refresh_from_db()
    assert waits.resume_at > clock.now()
    assert syncing.behind(division, ["relations"], now - timedelta(seconds=5)) == {"relations": True}
