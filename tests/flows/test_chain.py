"""A token chain that many processes use for a while, some of which are killed. `make soak` plays an hour of it."""

import json

from tests.processes import Place


def test_a_chain_survives_its_users_and_a_lost_one_is_mended_by_signing_in(place: Place) -> None:
    outcome = json.loads(place.run("tests/soak/driver.py", "4", "25"))
    assert outcome["kills"] >= 10
    assert outcome["calls_ok"] >= 100
    assert outcome["renewals"] >= 2
    assert (outcome["renewals_refused"], outcome["times_seen_unsound"], outcome["calls_refused"]) == (0, 0, 0)
    lost = outcome["killed_in_between"]
    assert lost["sent_and_killed"]
    assert (lost["status"], lost["loss"]) == ("lost", "no_answer")
    assert lost["seconds_until_told"] <= 120
    assert lost["remedy_told"]
    assert (lost["resumed_after_signing_in"], lost["status_then"]) == (True, "alive")
