from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from apps.core.http import Rejected, Temporary
from apps.exact import mirror, webhooks
from apps.exact.client import Exact
from apps.exact.models import Connection, ConnectionStatus, Division, ExactApp, Subscription
from apps.exact.resources import RESOURCES
from apps.exact.turns import turn
from apps.exact.webhooks import RESOURCE, TOPICS
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, SyncStateFactory

pytestmark = pytest.mark.django_db

TAKEN = "Another subscription of this app exists in this licence."


def in_exact(division: Division) -> dict[str, str]:
    """The subscriptions that Exact has: topic and address."""
    rows = store.rows(RESOURCE, division.code)
    return {row.data["Topic"]: row.data["CallbackURL"] for row in rows}


def troubles(division: Division) -> set[str]:
    return set(division.subscriptions.values_list("trouble", flat=True))


@pytest.fixture
def url(division: Division) -> str:
    return webhooks.callback_url(division.app)


def test_every_topic_is_subscribed_to_with_one_call_and_one_each(
    division: Division, url: str, count_calls: Any
) -> None:
    made = webhooks.subscribe(division)
    assert url == f"http://127.0.0.1:8000/exact/webhook/{division.app.pk}/"
    assert in_exact(division) == dict.fromkeys(TOPICS, url)
    assert [(one.topic, one.trouble) for one in made] == [(topic, "") for topic in TOPICS]
    assert {str(one.exact_id) for one in made} == {row.key for row in store.rows(RESOURCE, division.code)}
    assert count_calls(RESOURCE, method="GET") == 1
    assert count_calls(RESOURCE, method="POST") == len(TOPICS)


def test_a_second_time_costs_one_call_and_adopts_what_is_there(division: Division, count_calls: Any) -> None:
    webhooks.subscribe(division)
    Subscription.objects.all().delete()
    before = count_calls(RESOURCE)
    made = webhooks.subscribe(division)
    assert count_calls(RESOURCE) - before == 1
    assert {str(one.exact_id) for one in made} == {row.key for row in store.rows(RESOURCE, division.code)}


def test_what_points_to_an_old_address_of_ours_is_made_anew(
    division: Division, url: str, count_calls: Any
) -> None:
    webhooks.subscribe(division)
    before = set(Subscription.objects.values_list("exact_id", flat=True))
    for row in store.rows(RESOURCE, division.code):
        store.put(
            RESOURCE, division.code, {**row.data, "CallbackURL": "https://old.example/exact/webhook/1/"}
        )
    made = webhooks.subscribe(division)
    assert in_exact(division) == dict.fromkeys(TOPICS, url)
    assert not before & {one.exact_id for one in made}
    assert troubles(division) == {""}
    assert count_calls(RESOURCE, method="DELETE") == len(TOPICS)


def test_a_subscription_of_another_app_is_left_alone(division: Division) -> None:
    other = {
        "ID": str(uuid4()),
        "Topic": "Accounts",
        "CallbackURL": "https://b.example/",
        "ClientID": str(uuid4()),
    }
    store.put(RESOURCE, division.code, other)
    webhooks.subscribe(division)
    assert store.find(RESOURCE, division.code, other["ID"])
    assert Subscription.objects.filter(division=division, trouble="").count() == len(TOPICS)


def test_a_subscription_that_a_colleague_made_is_told_in_plain_words(
    division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhooks.subscribe(division)
    monkeypatch.setattr(Exact, "find", lambda *_args, **_more: [])  # a colleague's: it is not shown to us
    webhooks.subscribe(division)
    assert all(words.startswith(TAKEN) for words in troubles(division))


def test_an_address_that_exact_cannot_reach_is_told_with_its_remedy(
    division: Division, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://postkamer.example"
    made = webhooks.subscribe(division)
    assert in_exact(division) == {}
    assert [one.exact_id for one in made] == [None] * len(TOPICS)
    (words,) = troubles(division)
    assert words.startswith("Exact Online could not reach https://postkamer.example/exact/webhook/")
    assert "PUBLIC_URL" in words


def test_a_lost_answer_is_found_again_the_next_time(division: Division) -> None:
    faults.arm("dropped_answer", method="POST", path=RESOURCE)
    webhooks.subscribe(division)
    assert len(in_exact(division)) == len(TOPICS)
    assert Subscription.objects.filter(division=division, exact_id=None).count() == 1
    webhooks.subscribe(division)
    assert not Subscription.objects.filter(division=division, exact_id=None).exists()
    assert troubles(division) == {""}


def test_a_missing_scope_is_told_on_every_topic_after_one_call(division: Division, count_calls: Any) -> None:
    switches.lack_scopes("Organization administration")
    webhooks.subscribe(division)
    assert count_calls(RESOURCE) == 1
    assert Subscription.objects.filter(division=division).exclude(trouble="").count() == len(TOPICS)


def test_what_the_clock_solves_does_not_touch_what_is_done(division: Division, url: str) -> None:
    faults.arm("dropped_before", method="GET", path=RESOURCE)
    webhooks.subscribe(division)
    assert Subscription.objects.filter(tried_at=None).count() == len(TOPICS)
    webhooks.subscribe(division)
    assert troubles(division) == {""}


@pytest.mark.parametrize(
    ("address", "secret"), [("", "x"), ("http://postkamer.example", "x"), ("https://a.b", "")]
)
def test_without_address_or_secret_nothing_is_asked(
    division: Division, settings: Settings, count_calls: Any, address: str, secret: str
) -> None:
    settings.PUBLIC_URL = address
    division.app.webhook_secret = secret
    assert webhooks.subscribe(division) == []
    assert count_calls(RESOURCE) == 0


def test_nothing_is_asked_while_somebody_is_at_work_in_the_division(
    division: Division, count_calls: Any
) -> None:
    with turn(division):
        other = Division.objects.select_related("app", "connection__app").get(pk=division.pk)
        assert webhooks.subscribe(other) == []
        with pytest.raises(Temporary):
            webhooks.unsubscribe(other)
    assert count_calls(RESOURCE) == 0


def test_all_is_ended_even_what_is_gone_already(division: Division) -> None:
    webhooks.subscribe(division)
    store.rows(RESOURCE, division.code).filter(data__Topic="Items").delete()
    webhooks.unsubscribe(division)
    assert in_exact(division) == {}
    assert not Subscription.objects.exists()


def test_ending_says_what_exact_refuses(division: Division) -> None:
    webhooks.subscribe(division)
    faults.arm("error_before_commit", method="DELETE", path=RESOURCE, status=400)
    with pytest.raises(Rejected):
        webhooks.unsubscribe(division)
    assert Subscription.objects.count() == len(TOPICS)


def test_a_division_is_due_when_it_is_linked_and_read_once_and_then_weekly(connected: Connection) -> None:
    switches.change(minute_limit=10_000)
    division = Division.objects.select_related("app", "connection__app").get(code=3100101)
    assert webhooks.due() == []
    division.administration = AdministrationFactory()
    division.save(update_fields=["administration"])
    assert webhooks.due() == []
    mirror.sync(division)
    assert webhooks.due() == [division.pk]
    webhooks.subscribe(division)
    assert webhooks.due() == []
    time.advance(timedelta(days=7, minutes=1))
    assert webhooks.due() == [division.pk]


def test_what_exact_refuses_to_show_does_not_keep_a_division_waiting(settings: Settings) -> None:
    division = DivisionFactory(administration=AdministrationFactory())
    ExactApp.objects.update(webhook_secret="secret")
    for name in RESOURCES:
        SyncStateFactory(division=division, resource=name, synced_at=division.seen_at)
    waiting = division.sync_states.filter(resource="items")
    waiting.update(synced_at=None, trouble="No answer", resume_at=division.seen_at)
    assert webhooks.due() == []
    waiting.update(trouble="Forbidden", resume_at=None)
    assert webhooks.due() == [division.pk]


def test_a_division_without_a_working_connection_or_address_is_not_due(settings: Settings) -> None:
    division = DivisionFactory(administration=AdministrationFactory())
    for name in RESOURCES:
        SyncStateFactory(division=division, resource=name, synced_at=division.seen_at)
    ExactApp.objects.update(webhook_secret="secret")
    assert webhooks.due() == [division.pk]
    settings.PUBLIC_URL = ""
    assert webhooks.due() == []
    settings.PUBLIC_URL = "https://postkamer.example"
    Connection.objects.update(status=ConnectionStatus.LOST)
    assert webhooks.due() == []


def test_what_the_package_lacks_is_not_asked_for_and_told(division: Division, count_calls: Any) -> None:
    Division.objects.filter(pk=division.pk).update(features=["Accounting"])
    made = {one.topic: one for one in webhooks.subscribe(division)}
    assert in_exact(division).keys() == {*TOPICS} - {"PurchaseOrders"}
    assert "package" in made["PurchaseOrders"].trouble
    assert made["PurchaseOrders"].tried_at
    assert webhooks.due() == []
