"""Keeping what came in, before anybody reads it."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.intake.models import Original, Part, Receipt
from apps.people.models import User


def keep(
    files: Iterable[tuple[str, bytes]],
    *,
    channel: str,
    sender: str = "",
    subject: str = "",
    administration: Administration | None = None,
    user: User | None = None,
) -> Receipt:
    """Keep one arrival of (file name, bytes) pairs and return its receipt with unread parts.

    The bytes are on disk before the rows are written, and the rows stand or fall together; then a worker is rung.
    `administration` is given when the way in already said for whom it is.
    """
    kept = [(_filename(name), _store(content)) for name, content in files]
    with transaction.atomic():
        Original.objects.bulk_create(
            [original for _name, original in kept if original._state.adding], ignore_conflicts=True
        )
        receipt = Receipt.objects.create(
            channel=channel,
            received_at=clock.now(),
            sender=_printable(sender),
            subject=_printable(subject),
            administration=administration,
            user=user,
        )
        Part.objects.bulk_create(
            Part(
                receipt=receipt,
                original_id=original.pk,
                administration=administration,
                position=position,
                filename=name,
            )
            for position, (name, original) in enumerate(kept, start=1)
        )
        queue.ring("parts_kept", receipt.pk)
    return receipt


def archive(content: bytes) -> Original:
    """Keep bytes that we made ourselves: they are sent later, and must be the same then. Return their row."""
    original = _store(content)
    if original._state.adding:
        Original.objects.bulk_create([original], ignore_conflicts=True)
    return original


def _filename(name: str) -> str:
    bare = name.replace("\\", "/").rpartition("/")[2]
    return _printable(bare) or "unnamed"


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())[:255]


def _store(content: bytes) -> Original:
    """Write the bytes unless they are there; return their row, unsaved when it is new."""
    sha256 = hashlib.sha256(content).hexdigest()
    known = Original.objects.filter(pk=sha256).first()
    storage = storages["originals"]
    if known and storage.exists(known.content_name):
        return known
    name = storage.save(f"{sha256[:2]}/{sha256}", ContentFile(content))
    _flush(storage, name)
    if known:  # the archive had lost them
        Original.objects.filter(pk=sha256).update(content_name=name)
        return known
    return Original(sha256=sha256, size=len(content), content_name=name, received_at=clock.now())


def _flush(storage: Storage, name: str) -> None:
    """Wait until the bytes are on the disk itself, where the storage is one of this machine."""
    try:
        path = Path(storage.path(name))
    except NotImplementedError:
        return
    with path.open("rb") as file:
        os.fsync(file.fileno())
