"""Picking up what scanners and packages put into folders: each file is one arrival, however often we are killed.

What is taken carries a mark in its name, and the receipt carries the same mark: so a pass that finds files under way
goes on where the last one was cut off. A file leaves for `done` or `failed` only when its parts have their outcome.
"""

import logging
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError
from django.db.models import F
from django.utils.translation import gettext as _

from apps.core import clock, leases
from apps.intake import filetypes, folder_files, folder_pairs, folder_place, keeping, putting_away
from apps.intake.filetypes import FileType
from apps.intake.folder_files import Changing, TooLarge
from apps.intake.folder_pass import LEASE_SECONDS, Pass, too_large
from apps.intake.folder_place import Misplaced, Place
from apps.intake.models import Channel, Folder

log = logging.getLogger(__name__)
PASS_SECONDS = 60  # a folder with more to do goes on in the next minute
MOST_TROUBLES = 5
OPENED_LATER = (FileType.ZIP, FileType.EML)


def look_into_all() -> None:
    """Look into every open folder, the longest unseen first. One that goes wrong does not hold up the others."""
    for folder in Folder.objects.filter(is_open=True).order_by(F("checked_at").asc(nulls_first=True), "pk"):
        try:
            look_into(folder)
        except DatabaseError:
            raise
        except Exception:
            log.exception("The folder %s could not be looked into", folder.pk)


def look_into(folder: Folder) -> None:
    """Take in what is ready in `folder`, put away what was read, and note on its row what is wrong.

    Does nothing while another process holds the folder. Safe to be killed at any line, and to run twice.
    """
    lease = leases.take(folder, seconds=LEASE_SECONDS)
    if lease is None:
        return
    told: dict[str, object] = {
        "trouble": _("Something went wrong in Postkamer itself. It is tried again each minute.")
    }
    try:
        told = _look(folder, lease)
    finally:
        Folder.objects.filter(pk=folder.pk, lease=lease).update(checked_at=clock.now(), **told)
        leases.free(folder, lease)


def _look(folder: Folder, lease: UUID) -> dict[str, object]:
    try:
        with folder_place.opened(settings.FOLDERS_ROOT, folder.path) as place:
            this = Pass(folder, lease, place, clock.stopwatch() + PASS_SECONDS)
            _take(this)
            _keep_taken(this)
            putting_away.put_away(this)
            putting_away.tell_too_large(this)
            return {"trouble": "\n".join(this.troubles[:MOST_TROUBLES]), "waiting": _waiting(place)}
    except Misplaced as error:
        return {"trouble": error.reason}
    except OSError as error:
        return {"trouble": folder_place.unreachable(error).reason}


def _waiting(place: Place) -> int:
    under_way = sum(len(names) for names in folder_files.taken(place).values())
    return under_way + len(folder_files.found(place, 0))


def _take(this: Pass) -> None:
    """Take what is ready. The other half of a pair, whose first half was taken when we were killed, joins it."""
    files = folder_files.found(this.place, settings.FOLDER_SETTLE_SECONDS)
    taken = folder_files.taken(this.place)
    kept = this.receipts(list(taken))
    alone = {
        folder_pairs.other_half(names[0]): mark
        for mark, names in taken.items()
        if mark not in kept and len(names) == 1
    }
    for group in folder_pairs.groups(files, largest=settings.MAX_UPLOAD_BYTES):
        if not this.goes_on():
            return
        joins = alone.get(group[0].name.casefold()) if len(group) == 1 else None
        try:
            folder_files.take(this.place, group, joins or uuid4().hex)
        except (Changing, FileNotFoundError):
            continue
        except OSError as error:
            this.tell(group[0].name, error)


def _keep_taken(this: Pass) -> None:
    taken = folder_files.taken(this.place)
    kept = this.receipts(list(taken))
    for mark, names in taken.items():
        if mark in kept:
            continue
        if not this.goes_on():
            return
        try:
            _keep(this, mark, names)
        except OSError as error:
            this.tell(names[0], error)


def _keep(this: Pass, mark: str, names: list[str]) -> None:
    limit = settings.MAX_MAIL_BYTES
    try:
        files = [(name, folder_files.read(this.place, mark, name, limit=limit)) for name in names]
    except Changing:
        for name in names:
            folder_files.put_back(this.place, mark, name)
        return
    except TooLarge:
        for name in names:
            folder_files.finish(this.place, mark, name, failed=too_large())
        return
    arrival: keeping.Arrival = {
        "channel": Channel.FOLDER,
        "sender": this.folder.path,
        "subject": names[-1],
        "administration": this.folder.administration,
        "source_key": this.key_of(mark),
    }
    if len(files) == 1 and _is_opened_later(files[0][1]):
        keeping.keep_message(files[0][1], **arrival)
    else:
        keeping.keep(files, **arrival)


def _is_opened_later(content: bytes) -> bool:
    """Tell whether it holds parts itself, or is refused as too large when a worker opens it."""
    return len(content) > settings.MAX_UPLOAD_BYTES or filetypes.detect(content) in OPENED_LATER
