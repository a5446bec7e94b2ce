import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from apps.core import clock, leases
from apps.exact.models import Division, ExactApp
from apps.sandbox import time as sandbox_time


def _division() -> Division:
    app = ExactApp.objects.create(
        name="app", base_url="https://x.example", client_id="1", redirect_uri="https://y.example"
    )
    return Division.objects.create(app=app, code=1, name="Division", seen_at=clock.now())


@pytest.fixture
def division(db: None) -> Division:
    return _division()


def test_a_free_row_is_taken_for_the_time_asked(division: Division) -> None:
    lease = leases.take(division, seconds=60)
    division.refresh_from_db()
    assert division.lease == lease
    assert division.leased_until is not None
    assert timedelta(seconds=55) < division.leased_until - clock.now() <= timedelta(seconds=60)


def test_a_held_row_is_refused(division: Division) -> None:
    assert leases.take(division, seconds=60)
    assert leases.take(division, seconds=60) is None


def test_a_lease_that_ran_out_goes_to_the_next(division: Division) -> None:
    first = leases.take(division, seconds=60)
    sandbox_time.advance(61)
    second = leases.take(division, seconds=60)
    assert second
    assert second != first


def test_only_the_holder_renews(division: Division) -> None:
    lease = leases.take(division, seconds=60)
    assert lease
    assert leases.renew(division, lease, seconds=120)
    assert not leases.renew(division, uuid4(), seconds=120)


def test_a_late_holder_learns_that_it_lost(division: Division) -> None:
    late = leases.take(division, seconds=60)
    sandbox_time.advance(61)
    assert leases.take(division, seconds=60)
    assert late
    assert not leases.renew(division, late, seconds=60)


def test_only_the_holder_frees(division: Division) -> None:
    lease = leases.take(division, seconds=60)
    assert lease
    leases.free(division, uuid4())
    assert leases.take(division, seconds=60) is None
    leases.free(division, lease)
    assert leases.take(division, seconds=60)


@pytest.mark.django_db(transaction=True)
def test_of_many_threads_one_wins() -> None:
    division, start, won = _division(), threading.Barrier(8), []

    def run() -> None:
        start.wait(10)
        try:
            won.append(leases.take(division, seconds=60))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 8
    assert len([lease for lease in won if lease]) == 1
