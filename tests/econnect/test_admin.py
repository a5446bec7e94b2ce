from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.clients.models import AdministrationIdentifier
from apps.core import queue
from apps.econnect.models import Account, Answer, Inbound, Party, PlatformKeys, Stage
from apps.people.models import Role
from apps.sandbox import firm
from tests import office
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory, ClientFactory
from tests.econnect.factories import (
    AnswerFactory,
    HookCallFactory,
    InboundFactory,
    PartyFactory,
    PlatformKeysFactory,
)

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


@pytest.fixture
def boss() -> Browser:
    return office.browser(office.person(Role.ADMINISTRATOR))


def rung() -> list[str]:
    return [bell.func() for bell in queue.OrmQ.objects.all()]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_firms_account_appears_when_the_environment_describes_it(boss: Browser) -> None:
    assert "sandbox/econnect" in text(boss.get(reverse("admin:econnect_account_changelist")))
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("act", "task"),
    [
        ("check", "check_account"),
        ("register", "register_hook"),
        ("secret", "change_secret"),
        ("refresh", "refresh_parties"),
    ],
)
def test_a_button_rings_a_worker_and_calls_nobody(
    boss: Browser, account: Account, count_calls: Any, act: str, task: str
) -> None:
    page = boss.get(reverse("admin:econnect_account_change", args=[account.pk]))
    assert 'form="pk-check"' in text(page)
    boss.post(reverse(f"admin:econnect_account_{act}", args=[account.pk]))
    assert rung() == [f"apps.econnect.tasks.{task}"]
    assert count_calls() == 0


def test_no_secret_is_ever_shown(boss: Browser, account: Account) -> None:
    Account.objects.update(hook_secret="hush-hook", access_token="hush-token", client_secret="hush-app")
    own = Account.objects.create(
        name="own",
        client=ClientFactory(),
        username="u",
        password="hush-password",
        base_url="https://a.example",
    )
    keys = PlatformKeysFactory(app_key="hush-key", app_secret="hush-secret")
    for row in (account, own, keys):
        name = row._meta.label_lower.replace(".", "_")
        for page in ("change", "history"):
            assert "hush" not in text(boss.get(reverse(f"admin:{name}_{page}", args=[row.pk])))
        assert "hush" not in text(boss.get(reverse(f"admin:{name}_changelist")))


def test_a_client_gets_a_user_of_its_own(boss: Browser) -> None:
    sent = {
        "client": ClientFactory(name="Kunsthal").pk,
        "username": firm.parties.USERNAME,
        "new_password": firm.parties.PASSWORD,
    }
    assert boss.post(reverse("admin:econnect_account_add"), {**sent, "new_password": ""}).status_code == 200
    assert boss.post(reverse("admin:econnect_account_add"), sent).status_code == 302
    own = Account.objects.get(client__name="Kunsthal")
    assert (own.name, own.password, own.base_url.endswith("/econnect")) == (
        "Kunsthal",
        firm.parties.PASSWORD,
        True,
    )
    boss.post(reverse("admin:econnect_account_change", args=[own.pk]), {"username": "x", "new_password": ""})
    own.refresh_from_db()
    assert (own.username, own.password) == ("x", firm.parties.PASSWORD)


def test_a_party_is_linked_by_one_click_on_what_is_proposed(boss: Browser) -> None:
    owner = AdministrationIdentifierFactory(kind="kvk", value="34567892").administration
    party = PartyFactory(party_id="0106:34567892")
    assert owner.name in text(boss.get(reverse("admin:econnect_party_changelist")))
    assert f'value="{owner.pk}" class="pk-button pk-main"' in text(
        boss.get(reverse("admin:econnect_party_change", args=[party.pk]))
    )
    boss.post(reverse("admin:econnect_party_link", args=[party.pk]), {"administration": owner.pk})
    party.refresh_from_db()
    assert party.administration == owner
    assert AdministrationIdentifier.objects.filter(kind="peppol", value="0106:34567892").exists()
    boss.post(reverse("admin:econnect_party_link", args=[party.pk]), {"administration": ""})
    party.refresh_from_db()
    assert party.administration is None


def test_many_parties_are_linked_at_once(boss: Browser) -> None:
    AdministrationIdentifierFactory(kind="kvk", value="34567892")
    rows = [PartyFactory(party_id="0106:34567892"), PartyFactory()]
    answer = boss.post(
        reverse("admin:econnect_party_changelist"),
        {"action": "link_proposed", "_selected_action": [row.pk for row in rows]},
        follow=True,
    )
    assert "1 of 2" in text(answer)
    assert Party.objects.exclude(administration=None).count() == 1


def test_a_person_confirms_a_point_of_the_checklist(boss: Browser) -> None:
    party = PartyFactory()
    url = reverse("admin:econnect_party_confirm", args=[party.pk])
    boss.post(url, {"field": "credit_confirmed"})
    party.refresh_from_db()
    assert party.credit_confirmed
    assert boss.post(url, {"field": "party_id"}).status_code == 404


def test_whether_a_party_acknowledges_by_itself_is_chosen_by_hand(boss: Browser) -> None:
    party = PartyFactory()
    boss.post(reverse("admin:econnect_party_change", args=[party.pk]), {"answers_itself": "on"})
    party.refresh_from_db()
    assert party.answers_itself


def test_a_bookkeeper_sees_the_messages_of_its_clients_and_tries_again() -> None:
    administration = AdministrationFactory()
    browser = office.browser(office.person(Role.BOOKKEEPER, administration.client))
    failed = InboundFactory(
        party=PartyFactory(administration=administration),
        stage=Stage.FAILED,
        next_attempt_at=None,
        trouble="not found there",
    )
    page = text(browser.get(reverse("admin:econnect_inbound_change", args=[failed.pk])))
    assert "not found there" in page
    assert "Try again" in page
    browser.post(reverse("admin:econnect_inbound_try", args=[failed.pk]))
    failed.refresh_from_db()
    assert failed.stage == Stage.KNOWN
    assert "apps.intake.tasks.fetch_peppol" in rung()
    Inbound.objects.update(stage=Stage.FAILED)
    browser.post(
        reverse("admin:econnect_inbound_changelist"),
        {"action": "try_again", "_selected_action": [failed.pk]},
    )
    failed.refresh_from_db()
    assert failed.stage == Stage.KNOWN


def test_bookkeepers_set_nothing_up(account: Account) -> None:
    administration = AdministrationFactory()
    browser = office.browser(office.person(Role.BOOKKEEPER, administration.client))
    party = PartyFactory(administration=administration)
    for url in (
        reverse("admin:econnect_party_link", args=[party.pk]),
        reverse("admin:econnect_account_register", args=[account.pk]),
        reverse("admin:econnect_account_changelist"),
        reverse("admin:econnect_hookcall_changelist"),
        reverse("admin:econnect_platformkeys_changelist"),
    ):
        assert browser.post(url, {"administration": administration.pk}).status_code == 403, url


def test_a_refused_answer_is_sent_again() -> None:
    administration = AdministrationFactory()
    browser = office.browser(office.person(Role.BOOKKEEPER, administration.client))
    answer = AnswerFactory(
        inbound__party__administration=administration, next_attempt_at=None, trouble="refused"
    )
    browser.post(
        reverse("admin:econnect_answer_changelist"),
        {"action": "send_again", "_selected_action": [answer.pk]},
    )
    assert Answer.objects.get().next_attempt_at is not None


def test_keys_are_written_and_replaced_as_a_pair(boss: Browser) -> None:
    administration = AdministrationFactory()
    sent = {
        "administration": administration.pk,
        "company_id": "XCNL0012345",
        "new_app_key": "one",
        "new_app_secret": "two",
    }
    url = reverse("admin:econnect_platformkeys_add")
    for wrong in ({"company_id": "xcnl1"}, {"company_id": "XCDE1"}, {"new_app_secret": ""}):
        assert boss.post(url, {**sent, **wrong}).status_code == 200
    assert boss.post(url, sent).status_code == 302
    keys = PlatformKeys.objects.get()
    assert (keys.app_key, keys.app_secret, keys.set_at is not None, bool(keys.set_by)) == (
        "one",
        "two",
        True,
        True,
    )
    change = reverse("admin:econnect_platformkeys_change", args=[keys.pk])
    boss.post(change, {**sent, "new_app_key": "", "new_app_secret": "", "company_id": "XCBE9"})
    keys.refresh_from_db()
    assert (keys.app_key, keys.company_id) == ("one", "XCBE9")
    assert "never sends them" in text(boss.get(change))


def test_lists_cost_the_same_at_any_size(boss: Browser) -> None:
    def cost(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert boss.get(reverse(f"admin:econnect_{name}_changelist")).status_code == 200
        return len(queries)

    def grow(count: int) -> None:
        for number in range(count):
            kvk = f"3456{Party.objects.count():04d}"
            AdministrationIdentifierFactory(kind="kvk", value=kvk)
            party = PartyFactory(party_id=f"0106:{kvk}")
            AnswerFactory(inbound=InboundFactory(party=party, trouble="x"))
            HookCallFactory(account=party.account)
            if number % 2:
                PlatformKeysFactory()

    names = ("account", "party", "inbound", "answer", "hookcall", "platformkeys")
    grow(2)
    for name in names:
        cost(name)
    small = [cost(name) for name in names]
    grow(10)
    assert [cost(name) for name in names] == small
    assert max(small) <= 20, small
