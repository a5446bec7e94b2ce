"""Opening a ZIP file that a stranger packed: never more bytes than allowed, whatever it declares. Pure."""

import stat
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.intake import filetypes, zip_directory
from apps.intake.filetypes import FileType
from apps.intake.parsing import Unreadable
from apps.intake.pieces import Piece

FREE_OF_RATIO = 1024 * 1024  # bytes: what is no larger is never a bomb, however well it packs
_ENCRYPTED = 0x1
_LOCAL_HEADER = 30  # bytes, without name and extra field
_METHODS = (ZIP_STORED, ZIP_DEFLATED)  # the library bounds what it unpacks for these two alone
_SYSTEM_FILES = frozenset((".ds_store", "thumbs.db", "desktop.ini"))
# All that the library says of bytes that are no sound ZIP file.
_DAMAGE = (
    BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
)
_SENTENCES: dict[str, Promise] = {
    "empty": gettext_lazy("The file is empty."),
    "damaged": gettext_lazy("The ZIP file is damaged and cannot be opened. Ask for it again."),
    "too_many": gettext_lazy("The ZIP file holds more than 500 files. Send them in smaller ones."),
    "bomb": gettext_lazy(
        "The ZIP file says it holds far more than a ZIP file of invoices does. For safety it is not opened."
    ),
    "overlap": gettext_lazy(
        "The files in this ZIP file overlap. No program makes that by itself; it is not opened."
    ),
}


def unpack(content: bytes) -> list[Piece]:
    """Return what is in a ZIP file, in its order: a piece for each file; folders are none.

    What the computer of the sender added is junk; what cannot be read is refused with its reason and no bytes.
    Sums and ratio are checked before anything is read (settings.MAX_UNPACKED_BYTES, MAX_UNPACKED_RATIO), and bytes
    are counted while reading. Raises Unreadable for what is no ZIP file, or one that is not safe to open.
    """
    try:
        zip_directory.names(content)
        with ZipFile(BytesIO(content)) as packed:
            files = [info for info in packed.infolist() if not info.filename.endswith(("/", "\\"))]
            _check_place(content, packed)
            _check_sums(files)
            return list(_pieces(packed, files))
    except zip_directory.TooMany as error:
        raise _unreadable("too_many") from error
    except (zip_directory.Damaged, *_DAMAGE) as error:
        raise _unreadable("damaged" if content else "empty") from error


def _unreadable(code: str) -> Unreadable:
    return Unreadable(_SENTENCES[code], code)


def _check_place(content: bytes, packed: ZipFile) -> None:
    """Refuse files that share bytes: one small piece could be unpacked many times (the zip bomb of D. Fifield)."""
    entries = sorted(packed.infolist(), key=lambda info: info.header_offset)
    ends = [info.header_offset for info in entries[1:]] + [packed.start_dir]
    for info, end in zip(entries, ends, strict=False):
        at = info.header_offset
        lengths = content[at + 26 : at + _LOCAL_HEADER]
        name, extra = int.from_bytes(lengths[:2], "little"), int.from_bytes(lengths[2:], "little")
        if at < 0 or at + _LOCAL_HEADER + name + extra + info.compress_size > end:
            raise _unreadable("overlap")


def _check_sums(files: list[ZipInfo]) -> None:
    unpacked, packed = (sum(getattr(info, size) for info in files) for size in ("file_size", "compress_size"))
    if unpacked > settings.MAX_UNPACKED_BYTES or _is_bomb(unpacked, packed):
        raise _unreadable("bomb")


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > max(FREE_OF_RATIO, settings.MAX_UNPACKED_RATIO * packed)


def _pieces(packed: ZipFile, files: list[ZipInfo]) -> Iterator[Piece]:
    left = settings.MAX_UNPACKED_BYTES
    for info in files:
        name = name_of(info.filename)
        if junk := _junk(info.filename):
            yield Piece(name, b"", junk=junk)
        elif refused := _refused(info):
            yield Piece(name, b"", refused=refused)
        else:
            piece = _read(packed, info, name, left)
            left -= len(piece.content)
            yield piece


def _read(packed: ZipFile, info: ZipInfo, name: str, left: int) -> Piece:
    """Read one file, and stop where it has more than it said or than is left of what may be unpacked in all."""
    most = min(info.file_size, left)
    try:
        with packed.open(info) as file:
            content = file.read(most + 1)
    except _DAMAGE:
        return Piece(name, b"", refused=_("The file is damaged inside the ZIP file. Ask for it again."))
    if len(content) != info.file_size:
        return Piece(name, b"", refused=_("The file does not have the size that the ZIP file says it has."))
    if filetypes.detect(content) is FileType.ZIP:
        words = _("This is a ZIP file inside a ZIP file, which is not opened. Send it by itself.")
        return Piece(name, content, refused=words)
    return Piece(name, content)


def name_of(path: str) -> str:
    """Return the bare name of a path in a ZIP file, whichever system wrote it."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _junk(path: str) -> str:
    parts = path.replace("\\", "/").casefold().split("/")
    if "__macosx" in parts or parts[-1].startswith("._") or parts[-1] in _SYSTEM_FILES:
        return _("A file that the sender's computer adds by itself.")
    return ""


def _refused(info: ZipInfo) -> str:
    """Say why a file is not even read, by what the directory tells of it; "" when it is."""
    limit = settings.MAX_UPLOAD_BYTES
    if info.flag_bits & _ENCRYPTED:
        return _("The file is locked with a password. Send it without one.")
    if stat.S_ISLNK(info.external_attr >> 16):
        return _("This is a link to another file, not a file.")
    if info.compress_type not in _METHODS:
        return _("The file is packed in a way that is not read. Pack it as an ordinary ZIP file.")
    if info.file_size > limit:
        return _("The file is larger than %(limit)d MB.") % {"limit": limit // 1024**2}
    if _is_bomb(info.file_size, info.compress_size):
        return _("The file unpacks to far more than an invoice holds. For safety it is not opened.")
    return ""
