"""Random faults, deaths and people while many documents are booked. `make soak` plays 20,000 postings of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.processes import Place, place_at


def live(place: Place, seed: int, postings: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        place.run("tests/soak/world.py", str(seed), str(postings), seconds=300)
    )
    return found


@pytest.mark.parametrize("seed", [20, 37])
def test_whatever_happens_nothing_is_lost_and_nothing_is_booked_twice(place: Place, seed: int) -> None:
    world = live(place, seed, 30)
    assert world["wrong"] == []
    assert world["states"]["DONE"] == 30
    assert sum(world["happened"].values()) >= 5  # or nothing was tried


def test_a_seed_tells_the_same_story_again(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    stories = []
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        with django_db_blocker.unblock(), place_at(tmp_path / name) as place:
            story = live(place, 20, 12)
        del story["seconds"], story["orphans"]  # these name our references
        stories.append(story)
    assert stories[0] == stories[1]
