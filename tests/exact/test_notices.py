import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from apps.core import clock
from apps.exact import notices
from apps.exact.hook_signature import Forged, Malformed, signature
from apps.exact.models import Division, ExactApp, Notice, OwnWrite, SyncState
from apps.exact.resources import RESOURCES
from apps.sandbox import time
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import (
    DivisionFactory,
    ExactAppFactory,
    NoticeFactory,
    OwnWriteFactory,
    SyncStateFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> ExactApp:
    made: ExactApp = ExactAppFactory(webhook_secret="the secret")
    return made


@pytest.fixture
def place() -> Division:
    """A linked division whose mirrors were read an hour ago."""
    made: Division = DivisionFactory(administration=AdministrationFactory())
    for resource in RESOURCES:
        SyncStateFactory(division=made, resource=resource)
    read(made)
    time.advance(timedelta(hours=1))
    return made


def read(division: Division, *names: str, seconds: float = 0) -> None:
    """Let the mirrors of `division` have been read now, beginning `seconds` ago."""
    states = division.sync_states.filter(resource__in=names or RESOURCES)
    states.update(synced_at=clock.now(), seconds=seconds, resume_at=None, trouble="")


def tell(division: Division, topic: str = "Accounts", **more: Any) -> Notice:
    made: Notice = NoticeFactory(app=division.app, division_code=division.code, topic=topic, **more)
    return made


def hinted(division: Division) -> set[str]:
    """The mirrors that are to be read early."""
    return set(division.sync_states.filter(resume_at__isnull=False).values_list("resource", flat=True))


def is_handled(notice: Notice) -> bool:
    notice.refresh_from_db()
    return notice.handled_at is not None


def body_of(app: ExactApp, **changes: Any) -> bytes:
    told = {
        "Topic": "Items",
        "ClientId": app.client_id,
        "Division": 7,
        "Action": "Update",
        "Key": str(UUID(int=5)),
    }
    content = json.dumps({**told, "EventCreatedOn": "2026-10-05T12:00:00", **changes}, separators=(",", ":"))
    return f'{{"Content":{content},"HashCode":"{signature("the secret", content.encode())}"}}'.encode()


def test_a_notification_is_kept_as_it_came(app: ExactApp) -> None:
    body = body_of(app)
    assert notices.receive(app, body)
    kept = Notice.objects.get()
    assert kept.content.encode() in body
    assert (kept.app, kept.topic, kept.division_code, kept.action) == (app, "Items", 7, "Update")
    assert (kept.key, kept.handled_at, kept.is_echo) == (UUID(int=5), None, False)


def test_what_is_not_signed_by_exact_is_not_kept(app: ExactApp) -> None:
    with pytest.raises(Forged):
        notices.receive(app, body_of(app).replace(b"Items", b"Iteme"))
    with pytest.raises(Malformed):
        notices.receive(app, b"{}")
    assert not Notice.objects.exists()


def test_a_double_within_two_days_is_kept_once_even_when_it_is_handled(app: ExactApp) -> None:
    assert notices.receive(app, body_of(app))
    Notice.objects.update(handled_at=clock.now())
    time.advance(timedelta(days=1, hours=23))
    assert not notices.receive(app, body_of(app))
    time.advance(timedelta(hours=2))
    assert notices.receive(app, body_of(app))
    assert Notice.objects.count() == 2


def test_without_a_date_in_it_a_second_change_is_not_taken_for_a_double(app: ExactApp) -> None:
    body = body_of(app, EventCreatedOn=None)
    assert notices.receive(app, body)
    assert not notices.receive(app, body)
    Notice.objects.update(handled_at=clock.now())
    assert notices.receive(app, body)


@pytest.mark.parametrize(
    ("topic", "mirror"),
    [
        ("Accounts", "relations"),
        ("BankAccounts", "bank_accounts"),
        ("Items", "items"),
        ("GLAccounts", "gl_accounts"),
        ("PurchaseEntries", "ledger"),
        ("GeneralJournalEntries", "ledger"),
    ],
)
def test_a_notice_lets_its_mirror_be_read_early_and_no_other(
    place: Division, topic: str, mirror: str
) -> None:
    notice = tell(place, topic)
    assert notices.handle() == [place.pk]
    assert hinted(place) == {mirror}
    assert not is_handled(notice)
    read(place, mirror)
    assert notices.handle() == []
    assert is_handled(notice)
    assert hinted(place) == set()


def test_what_is_deleted_is_read_from_the_list_of_deleted_too(place: Division) -> None:
    tell(place, action="Delete")
    notices.handle()
    assert hinted(place) == {"relations"} | ({"deleted"} & RESOURCES.keys())


@pytest.mark.parametrize("topic", ["Documents", "", "Suppliers"])
def test_what_is_not_mirrored_is_done_at_once(place: Division, topic: str) -> None:
    notice = tell(place, topic)
    assert notices.handle() == []
    assert is_handled(notice)
    assert hinted(place) == set()


def test_a_division_that_we_do_not_know_is_done_at_once(place: Division) -> None:
    notice = NoticeFactory(app=place.app, division_code=1)
    other = NoticeFactory(division_code=place.code)  # the same number at another app is another division
    assert notices.handle() == []
    assert is_handled(notice)
    assert is_handled(other)


def test_many_notices_of_a_topic_cost_one_sync(place: Division) -> None:
    told = [tell(place) for _ in range(20)]
    assert notices.handle() == [place.pk]
    assert notices.handle() == []
    read(place, "relations")
    notices.handle()
    assert all(is_handled(notice) for notice in told)
    assert hinted(place) == set()


def test_a_mirror_is_not_read_more_often_than_every_two_minutes(place: Division) -> None:
    read(place, "relations")
    time.advance(30)
    tell(place)
    assert notices.handle() == []
    state = SyncState.objects.get(division=place, resource="relations")
    assert state.synced_at and state.resume_at == state.synced_at + timedelta(seconds=120)


def test_what_comes_in_during_a_sync_costs_one_more(place: Division) -> None:
    time.advance(10)
    before = tell(place)
    time.advance(10)
    SyncState.objects.filter(division=place).update(resume_at=clock.now() + timedelta(minutes=5))  # it runs
    time.advance(10)
    during = tell(place)
    assert notices.handle() == []
    time.advance(10)
    read(place, seconds=20)
    notices.handle()
    assert (is_handled(before), is_handled(during)) == (True, False)
    assert hinted(place) == {"relations"}
    read(place)
    notices.handle()
    assert is_handled(during)


def test_a_first_sync_is_not_begun_by_a_hint_but_its_end_handles_it(place: Division) -> None:
    SyncState.objects.filter(division=place).update(synced_at=None)
    notice = tell(place)
    assert notices.handle() == []
    assert (is_handled(notice), hinted(place)) == (False, set())
    read(place)
    notices.handle()
    assert is_handled(notice)


def test_what_was_never_mirrored_needs_no_hint(place: Division) -> None:
    SyncState.objects.filter(division=place).delete()
    notice = tell(place)
    notices.handle()
    assert is_handled(notice)


def test_after_a_refusal_that_a_person_must_end_nothing_is_tried_again(place: Division) -> None:
    SyncState.objects.filter(division=place).update(trouble="Forbidden")
    tell(place)
    assert notices.handle() == []
    assert hinted(place) == set()


def test_our_own_write_is_an_echo_and_costs_no_sync(place: Division, settings: Settings) -> None:
    notice = tell(place, "PurchaseEntries", action="Create")
    assert notices.handle() == []  # our answer may still be under way
    OwnWriteFactory(division=place, key=notice.key)
    time.advance(settings.SETTLE_SECONDS + 1)
    assert notices.handle() == []
    assert is_handled(notice)
    assert notice.is_echo
    assert hinted(place) == set()


LINE = '{"ExactOnlineEndpoint":"https://exact.example/purchaseentry/PurchaseEntryLines(guid\'1\')"}'


def test_the_lines_of_our_own_entry_are_echoes_too(place: Division, settings: Settings) -> None:
    OwnWriteFactory(division=place)
    time.advance(5)
    notice = tell(place, "PurchaseEntries", action="Create", content=LINE)
    time.advance(settings.SETTLE_SECONDS + 1)
    assert notices.handle() == []
    assert is_handled(notice)
    assert notice.is_echo


def test_lines_that_come_without_an_entry_of_ours_are_no_echo(place: Division, settings: Settings) -> None:
    OwnWriteFactory(division=place)
    OwnWriteFactory()
    time.advance(notices.ECHOES_WITHIN)
    tell(place, "PurchaseEntries", action="Create", content=LINE)
    time.advance(settings.SETTLE_SECONDS + 1)
    assert notices.handle() == [place.pk]


def test_the_header_of_somebody_elses_entry_is_no_echo_of_ours(place: Division, settings: Settings) -> None:
    OwnWriteFactory(division=place)
    tell(place, "PurchaseEntries", action="Create", content=LINE.replace("EntryLines", "Entries"))
    time.advance(settings.SETTLE_SECONDS + 1)
    assert notices.handle() == [place.pk]


def test_a_write_whose_answer_was_lost_is_no_echo(place: Division, settings: Settings) -> None:
    notice = tell(place, "PurchaseEntries", action="Create")
    OwnWriteFactory(division=place)
    OwnWriteFactory(key=notice.key)  # the same id in another division
    time.advance(settings.SETTLE_SECONDS + 1)
    assert notices.handle() == [place.pk]
    assert hinted(place) == {"ledger"}


@pytest.mark.parametrize("action", ["Update", "Delete"])
def test_that_somebody_changes_what_we_wrote_is_no_echo(place: Division, action: str) -> None:
    notice = tell(place, "PurchaseEntries", action=action)
    OwnWriteFactory(division=place, key=notice.key)
    assert notices.handle() == [place.pk]
    assert not notice.is_echo


@given(
    order=st.permutations(range(6)),
    doubles=st.lists(st.integers(0, 5), max_size=4),
    lost=st.sets(st.integers(0, 4)),
    handled_after=st.sets(st.integers(0, 9)),
)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_doubled_reordered_and_lost_notices_end_the_same(
    place: Division, order: list[int], doubles: list[int], lost: set[int], handled_after: set[int]
) -> None:
    Notice.objects.all().delete()
    read(place)
    time.advance(timedelta(minutes=5))
    keys = [uuid4() for _ in order]
    for number, each in enumerate([*(one for one in order if one not in lost), *doubles]):
        tell(place, key=keys[each])
        if number in handled_after:
            notices.handle()
    notices.handle()
    assert hinted(place) == {"relations"}
    read(place, "relations")
    notices.handle()
    assert hinted(place) == set()
    assert not Notice.objects.filter(handled_at=None).exists()


def test_old_notices_and_writes_are_forgotten() -> None:
    NoticeFactory()
    OwnWriteFactory()
    time.advance(timedelta(days=8))
    notices.prune()
    assert (Notice.objects.count(), OwnWrite.objects.count()) == (1, 0)
    time.advance(timedelta(days=23))
    notices.prune()
    assert Notice.objects.count() == 0
