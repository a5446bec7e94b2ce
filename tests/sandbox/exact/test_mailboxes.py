"""Digital mailboxes of the simulated Exact."""

from datetime import timedelta
from typing import Any

import pytest

from apps.sandbox import switches, time
from apps.sandbox.exact.mailboxes import DEFAULT, MAILBOXES
from apps.sandbox.models import ExactUser, Package
from tests.sandbox.driver import Exact, message
from tests.sandbox.small_firm import HERE, THERE

ADDRESS = "34567892@facturen.econnect.eu"


def made(exact: Exact, **more: Any) -> Any:
    return exact.post(MAILBOXES, {"Mailbox": ADDRESS, **more})


def test_a_mailbox_is_bound_to_the_division_that_makes_it(exact: Exact) -> None:
    row = made(exact).json()["d"]
    assert (row["ForDivision"], row["ForDivisionDescription"]) == (HERE, f"Administratie {HERE}")
    assert [one["ID"] for one in exact.rows(MAILBOXES, filter=f"Mailbox eq '{ADDRESS}'")] == [row["ID"]]


def test_the_other_divisions_of_its_owner_see_it(exact: Exact) -> None:
    made(exact)
    exact.division = THERE
    assert [one["ForDivision"] for one in exact.rows(MAILBOXES)] == [HERE]
    assert [one["ForDivision"] for one in exact.rows(DEFAULT)] == [HERE]
    exact.post(MAILBOXES, {"Mailbox": "other@facturen.econnect.eu"})
    assert [one["Mailbox"] for one in exact.rows(DEFAULT)] == ["other@facturen.econnect.eu"]


def test_without_any_mailbox_there_is_no_default_one(exact: Exact) -> None:
    assert exact.rows(DEFAULT) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Bestaat reeds: Digitale brievenbus\r\nOngeldig: Divisie"),
        ("en", "Already exists: Digital mailbox\r\nInvalid: Division"),
    ],
)
def test_an_address_of_another_division_is_refused(exact: Exact, language: str, words: str) -> None:
    ExactUser.objects.update(language=language)
    made(exact)
    exact.division = THERE
    refused = exact.post(MAILBOXES, {"Mailbox": ADDRESS.upper()})
    assert (refused.status_code, message(refused)) == (500, words)


def test_an_address_of_ones_own_exists_already(exact: Exact) -> None:
    made(exact)
    assert message(made(exact)) == "Bestaat reeds: Digitale brievenbus"
    assert message(exact.post(MAILBOXES, {"Mailbox": "a@b.example", "ForDivision": 1})) == "Ongeldig: Divisie"


def test_a_mailbox_is_changed_and_removed(exact: Exact) -> None:
    made(exact)
    other = exact.post(MAILBOXES, {"Mailbox": "other@facturen.econnect.eu"}).json()["d"]["ID"]
    assert exact.put(f"{MAILBOXES}(guid'{other}')", {"Mailbox": ADDRESS}).status_code == 500
    assert exact.put(f"{MAILBOXES}(guid'{other}')", {"ForDivision": THERE}).status_code == 204
    assert {one["Mailbox"]: one["ForDivision"] for one in exact.rows(MAILBOXES)}[
        "other@facturen.econnect.eu"
    ] == THERE
    assert exact.delete(f"{MAILBOXES}(guid'{other}')").status_code == 204
    assert len(exact.rows(MAILBOXES)) == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Niet toegestaan: Digitale brievenbus (limiet van een proefaccount)"),
        ("en", "Not allowed: Digital mailbox (trial account limit)"),
    ],
)
def test_a_trial_licence_makes_none(exact: Exact, language: str, words: str) -> None:
    ExactUser.objects.update(language=language)
    Package.objects.create(
        division=HERE, kind="Trade", variant="plus", features=[[21, "Digital mailbox"]], is_trial=True
    )
    refused = made(exact)
    assert (refused.status_code, message(refused)) == (500, words)
    assert exact.rows(MAILBOXES) == []


def test_without_the_feature_set_nothing_is_allowed(exact: Exact) -> None:
    Package.objects.create(division=HERE, kind="Trade", variant="plus", features=[[1, "Accounting"]])
    for answer in (made(exact), exact.get(MAILBOXES), exact.get(DEFAULT)):
        assert (answer.status_code, message(answer)) == (403, "Forbidden")


def test_without_the_right_nothing_is_allowed(exact: Exact) -> None:
    ExactUser.objects.update(missing_scopes=["Communication mailboxes"])
    assert (made(exact).status_code, exact.get(DEFAULT).status_code) == (403, 403)


def test_a_new_one_is_seen_after_some_minutes(exact: Exact) -> None:
    switches.change(mailbox_minutes=5)
    made(exact)
    assert exact.rows(MAILBOXES) == exact.rows(DEFAULT) == []
    assert message(made(exact)) == "Bestaat reeds: Digitale brievenbus"
    time.advance(timedelta(minutes=6))
    assert len(exact.rows(MAILBOXES)) == 1
