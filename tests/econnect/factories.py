"""One factory per model of apps.econnect."""

from uuid import uuid4

from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.econnect import models
from tests.clients.factories import AdministrationFactory


class AccountFactory(DjangoModelFactory[models.Account]):
    """An account of the firm at an eConnect of its own, which is not there; for tests that call nothing."""

    class Meta:
        model = models.Account

    name = Sequence(lambda n: f"eConnect {n}")
    base_url = Sequence(lambda n: f"https://econnect-{n}.example")
    identity_url = LazyAttribute(lambda o: f"{o.base_url}/identity")
    app_id = "the software"
    client_secret = "a secret of a test"
    hook_secret = "a hook secret of a test"


class PartyFactory(DjangoModelFactory[models.Party]):
    class Meta:
        model = models.Party

    account = SubFactory(AccountFactory)
    party_id = Sequence(lambda n: f"0106:{70_000_000 + n}")
    name = Sequence(lambda n: f"Party {n}")


class InboundFactory(DjangoModelFactory[models.Inbound]):
    """A document that was announced."""

    class Meta:
        model = models.Inbound

    party = SubFactory(PartyFactory)
    document_id = LazyFunction(lambda: str(uuid4()))
    sender = "0106:34567892"
    number = Sequence(lambda n: f"F-{n}")
    announced_at = LazyFunction(clock.now)
    next_attempt_at = LazyFunction(clock.now)


class AnswerFactory(DjangoModelFactory[models.Answer]):
    class Meta:
        model = models.Answer

    inbound = SubFactory(InboundFactory)
    status = "AB"
    who = "somebody"
    asked_at = LazyFunction(clock.now)
    next_attempt_at = LazyFunction(clock.now)


class HookCallFactory(DjangoModelFactory[models.HookCall]):
    """A call that was kept; its body is not looked into."""

    class Meta:
        model = models.HookCall

    account = SubFactory(AccountFactory)
    body = "{}"
    digest = LazyFunction(lambda: uuid4().hex)
    topic = "InvoiceReceived"
    party_id = "0106:70000000"
    sent_on = LazyFunction(clock.now)
    received_at = LazyFunction(clock.now)


class PlatformKeysFactory(DjangoModelFactory[models.PlatformKeys]):
    class Meta:
        model = models.PlatformKeys

    administration = SubFactory(AdministrationFactory)
    company_id = "XCNL12345"
    app_key = "app-key-of-accept"
    app_secret = "app-secret-of-accept"
