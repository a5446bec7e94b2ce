"""One factory per model of apps.intake."""

import hashlib

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.intake import rule_values
from apps.intake.models import (
    AllowedSender,
    Channel,
    Comparison,
    Evidence,
    Folder,
    Mailbox,
    Original,
    Part,
    PartOutcome,
    Receipt,
    RoutingRule,
    Security,
)
from tests.clients.factories import AdministrationFactory


class OriginalFactory(DjangoModelFactory):
    """Bytes that are really in the storage; other ones by `data`."""

    class Meta:
        model = Original
        django_get_or_create = ("sha256",)

    class Params:
        data = factory.Sequence(lambda n: f"<bytes>{n}</bytes>".encode())

    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.data).hexdigest())
    size = factory.LazyAttribute(lambda o: len(o.data))
    content_name = factory.LazyAttribute(
        lambda o: storages["originals"].save(f"{o.sha256[:2]}/{o.sha256}", ContentFile(o.data))
    )
    received_at = factory.LazyFunction(clock.now)


class ReceiptFactory(DjangoModelFactory):
    class Meta:
        model = Receipt

    channel = Channel.UPLOAD
    received_at = factory.LazyFunction(clock.now)
    opened_at = factory.LazyFunction(clock.now)


class PartFactory(DjangoModelFactory):
    """An unread file."""

    class Meta:
        model = Part

    receipt = factory.SubFactory(ReceiptFactory)
    original = factory.SubFactory(OriginalFactory)
    filename = factory.Sequence(lambda n: f"invoice-{n}.xml")
    outcome = PartOutcome.RECEIVED
    settled_by = factory.LazyAttribute(lambda o: "Ada" if o.outcome == PartOutcome.IGNORED else "")


class FolderFactory(DjangoModelFactory):
    """A folder; on the disk it is made by `folder_place.prepare`."""

    class Meta:
        model = Folder

    administration = factory.SubFactory(AdministrationFactory)
    path = factory.Sequence(lambda n: f"client-{n}/scans")


class RoutingRuleFactory(DjangoModelFactory):
    """A rule about the address that something was sent to; its value is stored in its normal form."""

    class Meta:
        model = RoutingRule

    class Params:
        text = factory.Sequence(lambda n: f"post{n}@kantoor.example")

    evidence = Evidence.RECIPIENT
    comparison = Comparison.EQUALS
    value = factory.LazyAttribute(lambda o: rule_values.normal(o.evidence, o.text))
    administration = factory.SubFactory(AdministrationFactory)


class MailboxFactory(DjangoModelFactory):
    """A mailbox of the firm, on a mail server of this machine."""

    class Meta:
        model = Mailbox

    address = factory.Sequence(lambda n: f"post{n}@kantoor.example")
    host = "127.0.0.1"
    port = 143
    security = Security.NONE
    username = factory.Sequence(lambda n: f"post{n}")
    password = "nothing"


class AllowedSenderFactory(DjangoModelFactory):
    class Meta:
        model = AllowedSender

    administration = factory.SubFactory(AdministrationFactory)
    pattern = factory.Sequence(lambda n: f"supplier{n}@leverancier.example")
