"""Counting calls: no interleaving of processes, windows and clocks makes Exact refuse one, and nothing locks up."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from apps.exact import budget
from apps.exact.budget import Purpose, Spent
from apps.exact.client import Exact
from apps.exact.meter import Meter
from apps.exact.models import CallWindow, Division
from apps.exact.windows import Reading, Told
from apps.sandbox import faults, switches, time
from tests.exact.factories import DivisionFactory
from tests.processes import Place

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 10, 5, 12, 0, 10, tzinfo=UTC)
MINUTE, DAY = int(NOON.timestamp()) // 60, int(NOON.timestamp()) // 86_400
PLAIN = "vat/VATCodes"
CountCalls = Callable[..., int]


@pytest.fixture
def here(db: None) -> Division:
    """A division at noon, nothing called yet."""
    time.move_to(NOON)
    division: Division = DivisionFactory()
    return division


@pytest.fixture
def exact(division: Division) -> Exact:
    """A client at the beginning of a minute, for background work."""
    time.move_to(NOON)
    return Exact(division, Purpose.SYNC)


def use(division: Division, purpose: Purpose, most: int = 10_000) -> int:
    """Spend until refused; return how many calls that were."""
    for times in range(most):
        try:
            budget.spend(division, purpose)
        except Spent:
            return times
    return most


def window(division: Division) -> CallWindow:
    return CallWindow.objects.get(division=division)


# who may use how much


def test_background_work_leaves_three_calls_of_a_minute_to_people(here: Division) -> None:
    assert use(here, Purpose.SYNC) == 57
    assert use(here, Purpose.POSTING) == 0
    assert use(here, Purpose.PERSON) == 3


def test_of_a_small_minute_nothing_is_kept(here: Division) -> None:
    CallWindow.objects.create(division=here, minute_limit=10)
    assert use(here, Purpose.POSTING) == 10


def test_of_a_day_syncs_leave_a_part_to_postings_and_both_one_to_people(
    here: Division, settings: Settings
) -> None:
    settings.DAY_PERCENT_FOR_PEOPLE, settings.DAY_PERCENT_FOR_POSTINGS = 5, 20
    CallWindow.objects.create(division=here, minute_limit=100_000, day_limit=200)
    assert use(here, Purpose.SYNC) == 150
    assert use(here, Purpose.POSTING) == 40
    assert use(here, Purpose.PERSON) == 10


def test_without_a_ceiling_for_the_day_only_the_minute_counts(here: Division) -> None:
    CallWindow.objects.create(division=here, day=DAY, day_used=1_000_000, day_limit=None)
    assert use(here, Purpose.SYNC) == 57


def test_each_division_has_windows_of_its_own(here: Division) -> None:
    use(here, Purpose.PERSON)
    assert use(DivisionFactory(), Purpose.PERSON) == 60


def test_a_call_costs_one_update_and_a_refusal_one_query_more(
    here: Division, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    CallWindow.objects.create(division=here, minute_limit=2)
    with django_assert_num_queries(1):
        budget.spend(here, Purpose.SYNC)
    budget.spend(here, Purpose.SYNC)
    with django_assert_num_queries(2), pytest.raises(Spent):
        budget.spend(here, Purpose.SYNC)


# when it goes on


def test_a_full_minute_goes_on_just_after_its_end(here: Division, english: None) -> None:
    use(here, Purpose.SYNC)
    with pytest.raises(Spent) as caught:
        budget.spend(here, Purpose.SYNC)
    assert caught.value.window == "minute"
    assert caught.value.retry_at_ms == (NOON.timestamp() - 10 + 61) * 1000
    assert "14:01" in caught.value.words
    time.move_to(datetime.fromtimestamp((caught.value.retry_at_ms or 0) / 1000, UTC))
    assert use(here, Purpose.SYNC) == 57


def test_a_full_day_goes_on_after_midnight_in_utc(here: Division, english: None) -> None:
    CallWindow.objects.create(division=here, day=DAY, day_used=5000)
    with pytest.raises(Spent) as caught:
        budget.spend(here, Purpose.PERSON)
    assert (caught.value.window, caught.value.retry_at_ms) == ("day", ((DAY + 1) * 86_400 + 1) * 1000)
    assert "02:00" in caught.value.words
    time.move_to(datetime.fromtimestamp((caught.value.retry_at_ms or 0) / 1000, UTC))
    assert use(here, Purpose.SYNC) == 57


def test_a_new_minute_is_not_begun_in_its_first_second(here: Division) -> None:
    time.move_to(NOON.replace(second=59))
    use(here, Purpose.PERSON)
    time.move_to(NOON.replace(minute=1, second=0, microsecond=500_000))
    assert use(here, Purpose.PERSON) == 0
    time.move_to(NOON.replace(minute=1, second=1, microsecond=500_000))
    assert use(here, Purpose.PERSON) == 60


# what Exact tells


def tell(
    division: Division,
    minute: tuple[int, int],
    day: tuple[int, int] | None,
    *,
    later: int = 0,
    whole: bool = True,
) -> None:
    """Let Exact tell how much of the present windows is used, of which limits; `later`: minutes it is ahead."""
    told = Told(Reading(MINUTE + later, *minute), Reading(DAY, *day) if day else None)
    budget.hear(division, told, whole=whole)


def test_what_other_integrations_of_ours_used_counts(here: Division) -> None:
    budget.spend(here, Purpose.SYNC)
    tell(here, (40, 60), (1000, 5000))
    assert use(here, Purpose.SYNC) == 17
    assert budget.weather(here) == budget.Weather(1017, 5000, 3)


def test_limits_are_taken_over_at_once_up_and_down(here: Division) -> None:
    budget.spend(here, Purpose.SYNC)
    tell(here, (1, 10), (1, 5000))
    assert use(here, Purpose.PERSON) == 9
    tell(here, (10, 120), (10, 5000))
    assert use(here, Purpose.PERSON) == 110


def test_a_good_answer_without_the_day_means_no_ceiling_a_refusal_does_not(here: Division) -> None:
    budget.spend(here, Purpose.SYNC)
    tell(here, (60, 60), None, whole=False)
    assert budget.weather(here).limit == 5000
    tell(here, (60, 60), None)
    assert budget.weather(here).left is None


def test_a_late_answer_takes_nothing_of_the_minute_back(here: Division) -> None:
    for _call in range(50):
        budget.spend(here, Purpose.SYNC)
    tell(here, (3, 60), (3, 5000))
    assert window(here).minute_used == 50


def test_calls_that_never_arrived_are_given_back_to_the_day(here: Division) -> None:
    CallWindow.objects.create(division=here, day=DAY, day_used=4000)
    tell(here, (1, 60), (100, 5000))
    assert window(here).day_used == 100 + budget.UNDER_WAY


def test_exacts_clock_may_be_ahead_of_ours(here: Division) -> None:
    time.move_to(NOON.replace(second=59))
    use(here, Purpose.SYNC)
    tell(here, (2, 60), (59, 5000), later=1)
    assert use(here, Purpose.SYNC) == 55
    with pytest.raises(Spent) as caught:
        budget.spend(here, Purpose.SYNC)
    assert caught.value.retry_at_ms == ((MINUTE + 2) * 60 + 1) * 1000


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-RateLimit-Limit": "many", "X-RateLimit-Remaining": "", "X-RateLimit-Reset": "soon"},
        {"X-RateLimit-Limit": "-5", "X-RateLimit-Remaining": "-9", "X-RateLimit-Reset": "-1"},
        {"X-RateLimit-Limit": "9" * 19, "X-RateLimit-Remaining": "9" * 19, "X-RateLimit-Reset": "9" * 18},
        {"X-RateLimit-Minutely-Limit": "9" * 19, "X-RateLimit-Minutely-Reset": "9" * 18},
    ],
)
def test_odd_headers_break_nothing(here: Division, headers: dict[str, str]) -> None:
    budget.spend(here, Purpose.SYNC)
    budget.hear(here, Told.by(headers), whole=True)
    assert use(here, Purpose.PERSON, 10) > 0


def test_a_limit_that_means_none_can_be_shared(here: Division) -> None:
    most = {"X-RateLimit-Limit": str(2**31 - 1), "X-RateLimit-Remaining": str(2**31 - 2)}
    budget.spend(here, Purpose.SYNC)
    budget.hear(here, Told.by({**most, "X-RateLimit-Reset": str((DAY + 1) * 86_400_000)}), whole=True)
    assert all(use(here, purpose, 3) == 3 for purpose in (Purpose.SYNC, Purpose.POSTING, Purpose.PERSON))


# clocks that are wrong


@pytest.mark.parametrize(
    "step", [timedelta(days=-1), timedelta(minutes=-5), timedelta(hours=1), timedelta(days=400)]
)
@pytest.mark.parametrize("full", ["minute", "day"])
def test_a_clock_that_steps_locks_nothing_up(here: Division, step: timedelta, full: str) -> None:
    tight = {"minute_limit": 100_000, "day_limit": 100}
    limits: dict[str, Any] = tight if full == "day" else {"day_limit": None}
    CallWindow.objects.create(division=here, **limits)
    use(here, Purpose.SYNC)
    time.move_to(NOON + step)
    if full == "day" and abs(step) < timedelta(days=1):
        assert use(here, Purpose.SYNC) == 0
        time.move_to(NOON + timedelta(days=1))
    assert use(here, Purpose.SYNC, 50) == 50


def test_a_clock_put_right_again_hears_exact(here: Division) -> None:
    time.move_to(NOON + timedelta(days=1))
    budget.spend(here, Purpose.SYNC)
    time.move_to(NOON)
    tell(here, (20, 60), (900, 5000))
    assert budget.weather(here) == budget.Weather(900, 5000, 40)


# the sandbox refuses


def fill(division: Division, times: int) -> None:
    """Let somebody else's process of ours use calls that we do not know of."""
    other = Exact(division, Purpose.PERSON)
    for _call in range(times):
        other.find(PLAIN, "")
    CallWindow.objects.all().delete()


def test_no_minute_provokes_a_refusal_and_all_but_three_calls_are_used(
    exact: Exact, count_calls: CountCalls
) -> None:
    made = 0
    for minute in range(3):
        time.move_to(NOON.replace(minute=minute, second=2))
        with pytest.raises(Spent):
            for _call in range(70):
                exact.find(PLAIN, "")
                made += 1
    assert (made, count_calls(status=429)) == (3 * 57, 0)


def test_what_others_used_is_learned_from_the_first_answer(
    division: Division, exact: Exact, count_calls: CountCalls
) -> None:
    fill(division, 30)
    with pytest.raises(Spent):
        for _call in range(70):
            exact.find(PLAIN, "")
    assert count_calls(status=429) == 0
    assert count_calls(PLAIN) == 57


def test_a_full_day_waits_until_midnight_in_utc(
    division: Division, exact: Exact, count_calls: CountCalls
) -> None:
    faults.arm("day_is_full")
    with pytest.raises(Spent) as caught:
        exact.find(PLAIN, "")
    assert (caught.value.window, caught.value.retry_at_ms) == ("day", ((DAY + 1) * 86_400 + 1) * 1000)
    with pytest.raises(Spent) as caught:
        Exact(division).find(PLAIN, "")
    assert caught.value.window == "day"
    assert count_calls(PLAIN) == 1
    time.move_to(NOON + timedelta(days=1))
    assert exact.find(PLAIN, "")


@pytest.mark.parametrize("fault", ["bare_too_many", "too_many"])
def test_a_refusal_closes_the_minute_for_everybody(
    division: Division, exact: Exact, count_calls: CountCalls, fault: str
) -> None:
    faults.arm(fault)
    with pytest.raises(Spent) as caught:
        exact.find(PLAIN, "")
    assert caught.value.retry_at_ms == ((MINUTE + 1) * 60 + 1) * 1000
    with pytest.raises(Spent):
        Exact(division).find(PLAIN, "")
    assert count_calls(PLAIN) == 1
    time.move_to(NOON + timedelta(minutes=1))
    assert exact.find(PLAIN, "")


def test_limits_of_the_sandbox_are_followed_when_they_change(exact: Exact, count_calls: CountCalls) -> None:
    exact.find(PLAIN, "")
    switches.change(minute_limit=20)
    with pytest.raises(Spent):
        for _call in range(70):
            exact.find(PLAIN, "")
    assert count_calls(PLAIN) == 19
    assert count_calls(status=429) == 0


def test_metering_costs_one_update_for_each_call(
    exact: Exact, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    exact.find(PLAIN, "")
    with django_assert_num_queries(5):
        for _call in range(5):
            exact.find(PLAIN, "")


# any order of things

ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("calls"), st.integers(1, 60)),
        st.tuples(st.sampled_from(["stall", "land", "lose", "vanish"]), st.just(1)),
        st.tuples(st.just("wait"), st.sampled_from([0.3, 5, 29, 49.2, 50.5, 61])),
    ),
    max_size=15,
)


class Remote:
    """Exact's own count, by a clock of its own, and at most two calls of ours that are slow to arrive.

    Our clock is put right before each call: on a busy machine sixty of them take seconds, which only `wait` may.
    """

    def __init__(self, division: Division, ahead: float, limit: int) -> None:
        assert division.connection
        self.division, self.connection = division, division.connection
        self.ahead, self.limit = ahead, limit
        self.now, self.refused = NOON.timestamp(), 0
        self.under_way: list[Meter] = []
        self.free: list[Meter] = []
        self.used: dict[int, int] = {}
        CallWindow.objects.all().delete()
        CallWindow.objects.create(division=division, minute_limit=limit)

    def wait(self, seconds: float) -> None:
        """Let time pass on both sides."""
        self.now += seconds

    def calls(self, times: int) -> None:
        """Begin calls one after the other, until we are refused by ourselves."""
        for _call in range(times):
            if meter := self._begin():
                self._land(meter)

    def stall(self, _once: int) -> None:
        """Begin a call and let it hang."""
        meter = self._begin() if len(self.under_way) < 2 else None
        self.under_way += [meter] if meter else []

    def land(self, _once: int) -> None:
        """Let a call that hung arrive, and hear the answer."""
        if self.under_way:
            self._land(self.under_way.pop())

    def lose(self, _once: int) -> None:
        """Let a call vanish on its way."""
        self.under_way[:1] = []

    def vanish(self, _once: int) -> None:
        """Let a call arrive whose answer never comes."""
        if self.under_way:
            self.under_way.pop()
            self._count()

    def _begin(self) -> Meter | None:
        meter = self.free.pop() if self.free else Meter(self.division, self.connection, Purpose.POSTING)
        time.move_to(datetime.fromtimestamp(self.now, UTC))
        try:
            meter.before(PLAIN)
        except Spent:
            self.free.append(meter)
            return None
        return meter

    def _land(self, meter: Meter) -> None:
        minute = self._count()
        left = max(self.limit - self.used[minute], 0)
        reset = (minute + 1) * 60_000
        told = {"Limit": str(self.limit), "Remaining": str(left), "Reset": str(reset)}
        headers = {f"X-RateLimit-Minutely-{name}": value for name, value in told.items()}
        meter.after(PLAIN, 200, headers, "")
        self.free.append(meter)

    def _count(self) -> int:
        minute = int(self.now + self.ahead) // 60
        self.refused += self.used.get(minute, 0) >= self.limit
        self.used[minute] = self.used.get(minute, 0) + 1
        return minute


@examples(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, ahead=st.sampled_from([-0.9, 0.0, 0.4, 30.0]), limit=st.sampled_from([40, 60]))
@example(
    acts=[("calls", 9), ("wait", 49.2), ("stall", 1), ("wait", 1.4), ("land", 1), ("calls", 60)],
    ahead=0,
    limit=60,
)
@example(acts=[("wait", 49.2), ("calls", 60), ("wait", 0.9), ("calls", 60)], ahead=-0.9, limit=60)
def test_no_order_of_calls_and_answers_makes_exact_refuse(
    here: Division, acts: list[tuple[str, Any]], ahead: float, limit: int
) -> None:
    remote = Remote(here, ahead, limit)
    for act, value in acts:
        getattr(remote, act)(value)
    assert remote.refused == 0


SPENDERS = """
import json, multiprocessing, sys
import django
django.setup()
from django.db import connections
from apps.exact import budget
from apps.exact.models import Division
from apps.exact.budget import Purpose, Spent
from apps.sandbox import time
from datetime import UTC, datetime
from tests.exact.factories import DivisionFactory

def spend(pk, barrier, results):
    division, made = Division.objects.get(pk=pk), 0
    barrier.wait()
    for purpose in [Purpose.SYNC, Purpose.POSTING, Purpose.PERSON] * 10:
        try:
            budget.spend(division, purpose)
            made += 1
        except Spent:
            pass
    results.put(made)

time.move_to(datetime(2026, 10, 5, 12, 0, 2, tzinfo=UTC))
division = DivisionFactory()
connections.close_all()
context = multiprocessing.get_context("fork")
barrier, results = context.Barrier(8), context.SimpleQueue()
spenders = [context.Process(target=spend, args=(division.pk, barrier, results)) for _ in range(8)]
for spender in spenders:
    spender.start()
made = sum(results.get() for _ in spenders)
for spender in spenders:
    spender.join()
window = budget.CallWindow.objects.get()
print(json.dumps({"made": made, "counted": window.minute_used, "minute": window.minute}))
"""


def test_eight_processes_together_never_exceed_a_minute(place: Place) -> None:
    outcome = json.loads(place.run("-c", SPENDERS))
    assert outcome == {"made": 60, "counted": 60, "minute": MINUTE}
