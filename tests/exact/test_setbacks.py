from datetime import UTC, datetime

import pytest

from apps.core.http import Rejected, RemoteError, Temporary, Unauthorised
from apps.exact.budget import EndpointBlocked, Spent
from apps.exact.cadence import PAUSE
from apps.exact.setbacks import resume_at, stops_all, words

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SILENCE, LATER = Temporary("no answer"), int(NOW.timestamp() * 1000) + 60_000


@pytest.mark.parametrize(
    ("error", "before", "stops"),
    [
        (None, None, False),
        (Spent("spent", window="day", opens=NOW), None, True),
        (Temporary("429", status=429, retry_at_ms=LATER), None, True),
        (EndpointBlocked("blocked", until=NOW), None, False),
        (EndpointBlocked("blocked", until=NOW), SILENCE, False),
        (SILENCE, None, False),
        (SILENCE, SILENCE, True),
        (Rejected("400", status=400), SILENCE, False),
        (Unauthorised("no chain"), None, True),
        (Unauthorised("401", status=401), None, True),
        (Unauthorised("403", status=403), None, False),
        (Unauthorised("403", status=403, reason="DivisionBlocked"), None, True),
    ],
)
def test_what_stops_the_other_resources(
    error: RemoteError | None, before: RemoteError | None, stops: bool
) -> None:
    assert stops_all(error, before) is stops


def test_what_the_clock_solves_goes_on_and_what_a_person_solves_waits() -> None:
    assert resume_at(SILENCE, NOW) == NOW + PAUSE
    assert resume_at(Temporary(retry_at_ms=LATER), NOW) == datetime.fromtimestamp(LATER / 1000, UTC)
    assert resume_at(Rejected("no"), NOW) is None
    assert resume_at(Unauthorised("no"), NOW) is None


def test_a_refused_resource_is_named_and_exacts_words_are_kept() -> None:
    refused = words("item groups", Unauthorised("Forbidden", status=403))
    assert "item groups" in refused
    assert "(Forbidden)" in refused
    assert words("items", Rejected("Unknown field")) == "Unknown field"
    assert words("items", Temporary(status=503)) == "status 503"
