from datetime import timedelta

from apps.core import clock
from apps.exact import mirror, syncing
from apps.exact.models import Division, SyncPlan
from apps.exact.progress import is_read_since, progress
from apps.exact.resources import RESOURCES
from apps.sandbox import switches
from tests.exact.factories import SyncPlanFactory, SyncStateFactory


def test_a_division_that_was_never_read_has_everything_before_it(division: Division) -> None:
    found = progress(division)
    assert (found.pace.done, found.pace.of, found.under_way) == (0, len(RESOURCES), False)
    assert found.pace.ends_at
    assert found.pace.at_least


def test_a_run_that_waits_tells_how_far_it_is_and_when_it_may_end(division: Division) -> None:
    SyncPlanFactory(division=division)
    switches.change(minute_limit=10)
    moment = syncing.sync_due(division)
    found = progress(division)
    assert found.under_way
    assert 0 < found.pace.done < len(RESOURCES)
    assert found.pace.calls == SyncPlan.objects.get(division=division).calls > 0
    assert moment and found.pace.ends_at
    assert moment <= found.pace.ends_at <= moment + timedelta(minutes=2)


def test_a_run_that_ended_tells_what_it_read(division: Division) -> None:
    switches.change(minute_limit=10_000)
    SyncPlanFactory(division=division)
    syncing.sync_due(division)
    found = progress(division)
    assert (found.pace.done, found.pace.ends_at, found.under_way) == (len(RESOURCES), None, False)
    assert found.pace.rows > 1000
    assert found.next_at and found.next_at > clock.now()


def test_what_exact_refuses_is_not_waited_for(division: Division) -> None:
    switches.change(minute_limit=10_000)
    switches.lack_scopes("Logistics items")
    mirror.sync(division)
    assert progress(division).pace.done == len(RESOURCES)


def test_lists_count_as_read_since_a_moment_and_refused_ones_only_where_they_are_needed(
    division: Division,
) -> None:
    moment = clock.now()
    assert not is_read_since(division, moment, needed=["relations"])
    state = SyncStateFactory(division=division, resource="relations", synced_at=moment - timedelta(hours=1))
    assert not is_read_since(division, moment, needed=["relations"])
    state.synced_at, state.trouble = None, "Exact does not let us read it"
    state.save()
    assert not is_read_since(division, moment, needed=["relations"])
    assert is_read_since(division, moment, needed=[], useful=["relations"])
    assert not is_read_since(division, moment, needed=[], useful=["journals"])
    state.synced_at = clock.now()
    state.save()
    assert is_read_since(division, moment, needed=["relations"])
