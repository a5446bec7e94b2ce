from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from apps.core import clock, http
from apps.econnect.client import Document, EConnect
from apps.econnect.models import Account, Family, Party
from apps.sandbox import faults, time
from apps.sandbox.econnect import network, tokens
from apps.sandbox.models import FaultKind
from tests.clients.factories import ClientFactory
from tests.econnect.factories import AccountFactory, PlatformKeysFactory

pytestmark = pytest.mark.django_db
CONTENT = b"<Invoice><ID>F-1</ID></Invoice>"


@pytest.fixture
def client(account: Account) -> EConnect:
    return EConnect(account)


@pytest.fixture
def document(party: Party) -> Document:
    return Document(party.party_id, network.send(party.party_id, CONTENT))


def test_who_we_are_and_for_whom_we_act(client: EConnect) -> None:
    assert client.me()
    rows = client.parties()
    assert {"id", "name", "permissions"} <= set(rows[0])


def test_one_token_serves_many_calls_and_is_kept_encrypted(client: EConnect, count_calls: Any) -> None:
    client.me()
    EConnect(client.account).me()
    assert count_calls("econnect/token") == 1
    stored = Account.objects.get(pk=client.account.pk)
    assert stored.access_token
    assert stored.token_until is not None
    assert stored.token_until - clock.now() > timedelta(minutes=55)


def test_a_new_token_is_asked_for_shortly_before_the_end(client: EConnect, count_calls: Any) -> None:
    client.me()
    time.advance(timedelta(minutes=57))
    client.me()
    assert count_calls("econnect/token") == 1
    time.advance(timedelta(minutes=2))
    client.me()
    assert count_calls("econnect/token") == 2


def test_a_token_that_is_refused_is_thrown_away_once(client: EConnect, count_calls: Any) -> None:
    client.me()
    tokens.forget()
    client.me()
    assert count_calls("econnect/token") == 2
    faults.arm(FaultKind.EXPIRED_TOKEN, path="econnect/me", times=2)
    with pytest.raises(http.Unauthorised):
        client.me()
    assert count_calls("econnect/token") == 3
    assert not Account.objects.get(pk=client.account.pk).access_token


def test_a_client_with_a_user_of_its_own_asks_with_its_password(account: Account) -> None:
    from apps.sandbox import firm

    own = AccountFactory(
        client=ClientFactory(),
        username=firm.parties.USERNAME,
        password=firm.parties.PASSWORD,
        base_url=account.base_url,
        identity_url=account.identity_url,
        app_id=account.app_id,
        client_secret=account.client_secret,
    )
    theirs = {row["id"] for row in EConnect(own).parties()}
    assert theirs
    assert not theirs & {row["id"] for row in EConnect(account).parties()}


def test_a_wrong_secret_is_said_in_words(account: Account) -> None:
    Account.objects.update(client_secret="wrong")
    account.refresh_from_db()
    with pytest.raises(http.Unauthorised, match="client id, the secret"):
        EConnect(account).me()


def test_an_identity_service_that_is_down_is_no_refusal(client: EConnect) -> None:
    for kind in (FaultKind.ERROR_BEFORE_COMMIT, FaultKind.DROPPED_BEFORE, FaultKind.GARBLED):
        faults.arm(kind, path="econnect/token")
        with pytest.raises(http.Temporary):
            client.me()


def test_the_subscription_key_is_sent_only_where_it_is_set(client: EConnect, settings: Any) -> None:
    network.change(subscription_key="key")
    with pytest.raises(http.Unauthorised):
        client.me()
    settings.ECONNECT_SUBSCRIPTION_KEY = "key"
    assert EConnect(client.account).me()


@pytest.mark.parametrize(("ours", "theirs"), [("PUT", "POST"), ("POST", "PUT"), ("PUT", "PUT")])
def test_a_hook_is_put_by_either_verb(client: EConnect, settings: Any, ours: str, theirs: str) -> None:
    settings.ECONNECT_HOOK_VERB = ours
    network.change(hook_verb=theirs)
    made = client.put_hook({"name": "x", "action": "https://a.example/#s", "topics": ["InvoiceReceived"]})
    assert [hook["id"] for hook in client.hooks()] == [made["id"]]


def test_a_hook_is_changed_by_its_id_and_removed_twice(client: EConnect) -> None:
    made = client.put_hook({"name": "x", "action": "https://a.example/#s", "topics": []})
    client.put_hook({**made, "action": "https://b.example/#s"})
    assert [hook["action"] for hook in client.hooks()] == ["https://b.example/#s"]
    client.delete_hook(made["id"])
    client.delete_hook(made["id"])
    assert client.hooks() == []


def test_a_document_is_downloaded_and_removed_and_removed_again(client: EConnect, document: Document) -> None:
    assert client.download(document) == CONTENT
    assert client.status(document)
    client.remove(document)
    assert not network.is_there(document.document_id)
    client.remove(document)
    with pytest.raises(http.Rejected) as refused:
        client.download(document)
    assert refused.value.status == 404
    assert refused.value.reason  # eConnect's request id, for its support


def test_an_order_lies_elsewhere(client: EConnect, party: Party) -> None:
    order = network.send(party.party_id, b"<Order/>", family="order")
    assert client.download(Document(party.party_id, order, Family.ORDER)) == b"<Order/>"


def test_what_cannot_be_had_in_the_wanted_format_is_had_as_it_was_sent(
    client: EConnect, document: Document, settings: Any, count_calls: Any
) -> None:
    settings.ECONNECT_INVOICE_FORMAT = "no document type"
    assert client.download(document) == CONTENT
    assert count_calls("econnect/download") == 2
    settings.ECONNECT_INVOICE_FORMAT = ""
    client.download(document)
    assert count_calls("econnect/download") == 3


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (FaultKind.ERROR_BEFORE_COMMIT, http.Temporary),
        (FaultKind.DROPPED_ANSWER, http.Temporary),
        (FaultKind.GATEWAY, http.Temporary),
        (FaultKind.TOO_MANY, http.Temporary),
        (FaultKind.FORBIDDEN, http.Unauthorised),
    ],
)
def test_faults_on_a_download(
    client: EConnect, document: Document, fault: str, kind: type[http.RemoteError]
) -> None:
    faults.arm(fault, path="econnect/download")
    with pytest.raises(kind) as met:
        client.download(document)
    assert type(met.value) is kind
    assert met.value.words


def test_an_answer_is_given_once_however_often_it_is_sent(client: EConnect, document: Document) -> None:
    mark = uuid4()
    faults.arm(FaultKind.DROPPED_ANSWER, path="econnect/response")
    with pytest.raises(http.OutcomeUnknown):
        client.respond(document, mark=mark, status="AB", reasons={})
    client.respond(document, mark=mark, status="AB", reasons={})
    assert [one.status for one in network.answers(document.document_id)] == ["AB"]


def test_an_answer_that_breaks_a_rule_is_refused_with_their_words(
    client: EConnect, document: Document
) -> None:
    with pytest.raises(http.Rejected, match="must be sent first"):
        client.respond(document, mark=uuid4(), status="UQ", reasons={"REF": "which order?"})


@pytest.mark.django_db(transaction=True)
def test_no_call_is_made_inside_a_transaction(client: EConnect) -> None:
    with pytest.raises(http.RemoteCallInTransaction), transaction.atomic():
        client.me()


class _Sent(list[str]):
    """Everything that left: addresses, headers and bodies."""


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Sent]:
    """Listen in at the door to eConnect."""
    from apps.sandbox.adapter import SandboxAdapter

    heard, answer = _Sent(), SandboxAdapter.send

    def send(self: SandboxAdapter, request: Any, *args: Any, **kwargs: Any) -> Any:
        heard.append(f"{request.url} {dict(request.headers)} {request.body!r}")
        return answer(self, request, *args, **kwargs)

    monkeypatch.setattr(SandboxAdapter, "send", send)
    yield heard


def test_the_keys_of_the_closed_interface_are_never_sent(
    client: EConnect, party: Party, document: Document, sent: _Sent, settings: Any
) -> None:
    from tests.clients.factories import AdministrationFactory

    party.administration = AdministrationFactory()
    party.save(update_fields=["administration"])
    keys = PlatformKeysFactory(administration=party.administration)
    Account.objects.update(access_token="", token_until=None)
    client.me()
    client.parties()
    made = client.put_hook(
        {"name": "x", "action": f"{settings.PUBLIC_URL}/nothing/#s", "topics": ["InvoiceReceived"]}
    )
    client.hooks()
    client.ping(party.party_id)
    client.delete_hook(made["id"])
    client.download(document)
    client.status(document)
    client.respond(document, mark=uuid4(), status="AB", reasons={})
    client.remove(document)
    assert len(sent) >= 11
    said = "\n".join(sent)
    assert "client_credentials" in said
    for secret in (keys.app_key, keys.app_secret, keys.company_id):
        assert secret not in said
