from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.econnect import alarms
from apps.econnect.models import Stage
from tests.econnect.factories import InboundFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("announced", "fetched", "alarms_us"),
    [
        (0, None, False),
        (84, None, False),
        (86, None, True),
        (91, None, True),
        (130, None, False),
        (3, 3, True),
        (1, 1, False),
    ],
)
def test_documents_that_are_soon_gone_alarm(announced: int, fetched: int | None, alarms_us: bool) -> None:
    now = clock.now()
    InboundFactory(
        announced_at=now - timedelta(days=announced),
        first_fetched_at=None if fetched is None else now - timedelta(days=fetched),
    )
    assert alarms.count() == int(alarms_us)


def test_what_is_kept_alarms_nobody_and_what_failed_does(settings: Any) -> None:
    long_ago = clock.now() - timedelta(days=88)
    InboundFactory(announced_at=long_ago, stage=Stage.KEPT, sha256="a" * 64, kept_at=clock.now())
    failed = InboundFactory(announced_at=long_ago, stage=Stage.FAILED)
    assert list(alarms.near_their_end()) == [failed]
    settings.ECONNECT_KEEPS_DAYS = 365
    assert alarms.count() == 0
