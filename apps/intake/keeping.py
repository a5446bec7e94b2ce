"""Keeping what came in, before anybody reads it."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Required, TypedDict, Unpack

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import IntegrityError, transaction

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.intake.models import Original, Part, Receipt
from apps.people.models import User


class Arrival(TypedDict, total=False):
    """How something came in. `administration`: where the way in already said for whom it is.

    `source_key` names it at its source (a mail in a mailbox, a document at eConnect), "" where that has no name:
    what has the same one is the same arrival, and is kept once.
    """

    channel: Required[str]
    sender: str
    recipient: str
    subject: str
    administration: Administration | None
    user: User | None
    source_key: str


def keep(files: Iterable[tuple[str, bytes]], **arrival: Unpack[Arrival]) -> Receipt:
    """Keep one arrival of (file name, bytes) pairs and return its receipt with unread parts.

    The bytes are on disk before the rows are written, and the rows stand or fall together; then a worker is rung.
    An arrival whose `source_key` is known is the one that is there: that one is returned, and nothing is kept.
    """
    kept = [(filename_of(name), _store(content)) for name, content in files]
    return _once(arrival, kept, None)


def keep_message(content: bytes, **arrival: Unpack[Arrival]) -> Receipt:
    """Keep a mail or a ZIP file whole, to be opened by a worker, and return its receipt; as `keep` otherwise."""
    return _once(arrival, [], _store(content))


def archive(content: bytes) -> Original:
    """Keep bytes that we made ourselves, or found in what is kept. Return their row."""
    original = _store(content)
    if original._state.adding:
        Original.objects.bulk_create([original], ignore_conflicts=True)
    return original


def filename_of(name: str) -> str:
    """Return the bare name for people that somebody else gave a file: never a path, and printable."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return printable(bare) or "unnamed"


def printable(text: str) -> str:
    """Return what can be shown of a text from outside, on one line."""
    return "".join(character for character in text if character.isprintable())[:255]


def _once(arrival: Arrival, kept: list[tuple[str, Original]], message: Original | None) -> Receipt:
    source_key = arrival.get("source_key", "")
    known = _kept_before(source_key)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _write(arrival, kept, message)
    except IntegrityError:  # the same arrival, kept by another process in this very moment
        known = _kept_before(source_key)
        if known is None:
            raise
        return known


def _kept_before(source_key: str) -> Receipt | None:
    return Receipt.objects.filter(source_key=source_key).first() if source_key else None


def _write(arrival: Arrival, kept: list[tuple[str, Original]], message: Original | None) -> Receipt:
    originals = [original for _name, original in kept] + ([message] if message else [])
    Original.objects.bulk_create((one for one in originals if one._state.adding), ignore_conflicts=True)
    now = clock.now()
    receipt = Receipt.objects.create(
        channel=arrival["channel"],
        received_at=now,
        opened_at=None if message else now,
        message_id=message.pk if message else None,
        sender=printable(arrival.get("sender", "")),
        recipient=printable(arrival.get("recipient", "")),
        subject=printable(arrival.get("subject", "")),
        administration=arrival.get("administration"),
        user=arrival.get("user"),
        source_key=arrival.get("source_key", ""),
    )
    Part.objects.bulk_create(_part(receipt, place, *one) for place, one in enumerate(kept, start=1))
    queue.ring("parts_kept", receipt.pk)
    return receipt


def _part(receipt: Receipt, position: int, filename: str, original: Original) -> Part:
    return Part(
        receipt=receipt,
        original_id=original.pk,
        administration_id=receipt.administration_id,
        position=position,
        filename=filename,
    )


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
