from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from apps.exact import mirror, probing
from apps.exact.models import Division, Refusals, RightProbe, SyncState
from apps.exact.rights_words import ASKED_AT, RIGHTS
from apps.sandbox import calls, faults, switches, time
from apps.sandbox.firm import users
from apps.sandbox.models import ExactUser

NAMES = {right.endpoint for right in RIGHTS}


def answers(division: Division) -> dict[str, bool | None]:
    rows = RightProbe.objects.filter(division=division, endpoint__in=NAMES)
    return dict(rows.values_list("endpoint", "allowed"))


def refused(division: Division) -> dict[str, int]:
    """How many calls of each endpoint Exact has refused in this hour."""
    rows = Refusals.objects.filter(division=division)
    return {row.endpoint: len(row.moments) for row in rows}


@pytest.fixture
def read(division: Division) -> Iterator[Division]:
    switches.change(minute_limit=10_000)
    mirror.sync(division, ["relations", "gl_accounts", "periods", "document_types", "vat_codes"])
    division.refresh_from_db()
    yield division
    switches.lack_rights()
    switches.lack_scopes()


def test_a_user_with_every_right_costs_one_question_each_and_a_look_at_the_scope_nothing_else_proved(
    read: Division,
) -> None:
    asked = probing.probe(read)
    assert answers(read) == dict.fromkeys(NAMES, True)
    assert asked == len(RIGHTS) + 1  # the mailboxes: no sync reads under that scope
    assert refused(read) == {}


def test_nothing_is_asked_twice_in_a_night_and_everything_the_next(read: Division) -> None:
    first = probing.probe(read)
    time.advance(timedelta(hours=1))
    assert probing.probe(read) == 0
    time.advance(timedelta(hours=23))
    assert probing.probe(read) == first


def test_check_now_asks_again_but_twice_within_ten_minutes_costs_nothing_more(read: Division) -> None:
    probing.probe(read)
    time.advance(timedelta(minutes=11))
    assert probing.probe(read, by_hand=True) > 0
    time.advance(timedelta(minutes=9))
    assert probing.probe(read, by_hand=True) == 0


def test_a_right_that_is_lacking_is_told_without_one_refused_call(read: Division) -> None:
    switches.lack_rights("crm/BankAccounts")
    probing.probe(read)
    assert [name for name, allowed in answers(read).items() if allowed is False] == ["crm/BankAccounts"]
    assert not RightProbe.objects.get(division=read, endpoint="crm/BankAccounts").is_scope
    assert refused(read) == {}


def test_a_scope_that_the_app_lacks_is_told_from_a_right_and_met_once(read: Division) -> None:
    switches.lack_scopes("Communication mailboxes")
    probing.probe(read)
    lacking = RightProbe.objects.filter(division=read, allowed=False)
    assert {row.endpoint for row in lacking} == {"mailbox/MailMessagesSent", "mailbox/Mailboxes"}
    assert all(row.is_scope for row in lacking)
    assert refused(read) == {"mailbox/MailMessagesSent": 1}


def test_when_the_question_is_refused_one_row_of_each_endpoint_tells(read: Division) -> None:
    switches.lack_scopes("Organization administration")
    switches.lack_rights("crm/BankAccounts")
    probing.probe(read)
    found = answers(read)
    assert found.pop("crm/BankAccounts") is False
    assert found.pop("salesentry/SalesEntries") is None  # not simulated: a 404 says nothing of a right
    assert [name for name, allowed in found.items() if not allowed] == []
    assert refused(read) == {ASKED_AT: 1, "crm/BankAccounts": 1, "salesentry/SalesEntries": 1}


def test_a_user_without_rights_costs_at_most_one_refused_call_of_each_endpoint_a_night(
    read: Division,
) -> None:
    switches.lack_rights(*(right.scope for right in RIGHTS), "Organization administration")
    for _night in range(2):
        probing.probe(read)
        assert max(refused(read).values()) == 1
        assert probing.probe(read) == 0
        time.advance(timedelta(hours=23))
    assert not any(answers(read).values())


def test_a_refusal_of_the_nightly_sync_is_an_answer_without_a_call(read: Division) -> None:
    SyncState.objects.create(division=read, resource="bank_accounts", trouble="Forbidden")
    assert probing.probe(read) == len(RIGHTS) - 1 + 1
    assert answers(read)["crm/BankAccounts"] is False
    time.advance(timedelta(minutes=11))
    probing.probe(read, by_hand=True)  # mended since: the person asks Exact itself
    assert answers(read)["crm/BankAccounts"] is True


def test_an_endpoint_that_is_blocked_is_not_asked(read: Division) -> None:
    assert read.connection
    Refusals.objects.create(
        division=read,
        connection=read.connection,
        endpoint=ASKED_AT,
        blocked_until=read.seen_at + timedelta(minutes=50),
    )
    probing.probe(read)
    assert calls.count(ASKED_AT) == 0


def test_no_answer_leaves_everything_to_be_asked_again(read: Division) -> None:
    faults.arm("dropped_before", times=50)
    probing.probe(read)
    assert not any(answers(read).values())


@pytest.mark.parametrize(
    ("login", "flag"), [(users.PORTAL, "IsMyFirmPortalUser"), (users.TRIAL, "IsStarterUser")]
)
def test_what_kind_of_user_it_is_is_kept_with_the_connection(
    read: Division, login: dict[str, object], flag: str
) -> None:
    assert read.connection
    mine = ExactUser.objects.get(user_id=str(read.connection.exact_user))
    ExactUser.objects.filter(pk=mine.pk).update(data={**login, "UserID": mine.user_id})
    probing.probe(read)
    read.connection.refresh_from_db()
    assert read.connection.me_facts[flag] is True
    assert read.connection.me_facts["IsClientUser"] is False
    assert read.connection.me_asked_at
    ExactUser.objects.filter(pk=mine.pk).update(data=mine.data)


def test_marks_of_a_trial_are_kept_as_the_setting_names_them(read: Division, settings: Any) -> None:
    settings.EXACT_TRIAL_USER_FLAGS = ["IsOEIMigrationMandatory"]
    assert read.connection
    mine = ExactUser.objects.get(user_id=str(read.connection.exact_user))
    ExactUser.objects.filter(pk=mine.pk).update(data={**mine.data, "IsOEIMigrationMandatory": True})
    probing.probe(read)
    read.connection.refresh_from_db()
    assert read.connection.me_facts["IsOEIMigrationMandatory"] is True
    assert "IsStarterUser" not in read.connection.me_facts
    ExactUser.objects.filter(pk=mine.pk).update(data=mine.data)


def test_a_division_without_a_connection_is_not_asked(read: Division) -> None:
    read.connection = None
    assert probing.probe(read) == 0
