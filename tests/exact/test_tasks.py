from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.exact import mirror, tasks
from apps.exact.cadence import PAUSE
from apps.exact.models import Division
from apps.sandbox import faults, time
from tests.exact.factories import SyncPlanFactory

pytestmark = pytest.mark.django_db


def test_a_division_is_synced_now_although_its_plan_says_later(division: Division) -> None:
    SyncPlanFactory(division=division, due_at=clock.now() + timedelta(hours=9))
    tasks.sync_division(division.pk)
    assert not mirror.is_empty(division)


def test_only_what_is_unfinished_is_read_on(division: Division, count_calls: Any) -> None:
    faults.arm("error_before_commit", path="hrm/Costunits", status=503)
    mirror.sync(division)
    time.advance(PAUSE)
    before = count_calls(division=division.code)
    assert tasks.resume_division(division.pk) is None
    assert count_calls(division=division.code) - before == 1
    assert not mirror.is_empty(division)
