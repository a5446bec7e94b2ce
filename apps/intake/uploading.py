"""Files that somebody uploads: what is taken and what is refused, and the arrivals that they make, once.

The loose files of one upload are one arrival; a ZIP file or a mail is one of its own, and is opened later. The mark of
the page makes a second press of the button the same upload; with the files themselves in it, because a page that is
gone back to has the same mark for other files.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.intake import filetypes, keeping
from apps.intake.filetypes import FileType
from apps.intake.models import Channel, Receipt
from apps.people.models import User

OPENED_LATER = (FileType.ZIP, FileType.EML)
File = UploadedFile[Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not taken in, with the reason as a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Upload:
    """Whose files these are, for whom, and the mark of the page that they were sent from, "" without one."""

    user: User
    administration: Administration | None
    mark: str

    def key_of(self, files: Sequence[File]) -> str:
        """Return the name of an arrival at its source, "" without a mark."""
        if not self.mark:
            return ""
        digest = hashlib.sha256(f"{self.administration and self.administration.pk}".encode())
        for file in files:
            digest.update(f"\0{file.name}\0".encode(errors="replace") + _digest(file))
        return f"upload {self.user.pk} {self.mark} {digest.hexdigest()[:32]}"


def sorted_out(files: Iterable[File]) -> tuple[list[File], list[Refusal]]:
    """Return the files to take in and those that are refused, in their order."""
    taken: list[File] = []
    refused: list[Refusal] = []
    for file in files:
        reason = _refusal(file)
        if reason:
            refused.append(Refusal(keeping.filename_of(str(file.name)), reason))
        else:
            taken.append(file)
    return taken, refused


def take_in(upload: Upload, files: Sequence[File]) -> list[Receipt]:
    """Keep the files and return their receipts: one of all loose files, and one for each ZIP file or mail."""
    whole = [file for file in files if _is_opened_later(file)]
    loose = [file for file in files if file not in whole]
    receipts = [_keep_loose(upload, loose)] if loose else []
    return receipts + [_keep_whole(upload, file) for file in whole]


def _keep_loose(upload: Upload, files: list[File]) -> Receipt:
    subject = str(files[0].name) if len(files) == 1 else _("%(count)d files") % {"count": len(files)}
    arrival = _arrival(upload, files, subject)
    return keeping.keep(((str(file.name), _bytes(file)) for file in files), **arrival)


def _keep_whole(upload: Upload, file: File) -> Receipt:
    return keeping.keep_message(_bytes(file), **_arrival(upload, [file], keeping.filename_of(str(file.name))))


def _arrival(upload: Upload, files: Sequence[File], subject: str) -> keeping.Arrival:
    return {
        "channel": Channel.UPLOAD,
        "sender": str(upload.user),
        "subject": subject,
        "administration": upload.administration,
        "user": upload.user,
        "source_key": upload.key_of(files),
    }


def _is_opened_later(file: File) -> bool:
    return filetypes.detect(_bytes(file)) in OPENED_LATER


def _refusal(file: File) -> str:
    size = file.size or 0
    if not size:
        return _("it is empty")
    if size > settings.MAX_MAIL_BYTES:
        limit = settings.MAX_MAIL_BYTES
    elif size > settings.MAX_UPLOAD_BYTES and not _is_opened_later(file):
        limit = settings.MAX_UPLOAD_BYTES
    else:
        return ""
    return _("it is larger than %(limit)d MB") % {"limit": limit // 1024**2}


def _bytes(file: File) -> bytes:
    file.seek(0)
    content: bytes = file.read()
    return content


def _digest(file: File) -> bytes:
    return hashlib.sha256(_bytes(file)).digest()
