"""One factory per model of apps.intake."""

import hashlib

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from factory.django import DjangoModelFactory

from apps.core import clock
from apps.intake.models import Channel, Original, Part, Receipt


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


class PartFactory(DjangoModelFactory):
    """An unread file."""

    class Meta:
        model = Part

    receipt = factory.SubFactory(ReceiptFactory)
    original = factory.SubFactory(OriginalFactory)
    filename = factory.Sequence(lambda n: f"invoice-{n}.xml")
