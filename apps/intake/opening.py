"""Opening what came in as one message, a mail or a ZIP file: each thing inside becomes a part, once."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import clock
from apps.intake import announcements, filetypes, keeping, mail, unpacking
from apps.intake.filetypes import FileType
from apps.intake.models import Channel, Original, Part, PartKind, PartOutcome, Receipt
from apps.intake.parsing import Unreadable
from apps.intake.pieces import Piece

MAIL, ZIP = "mail.eml", "files.zip"
RULES = "Postkamer"  # who says that something is junk: a rule of the product


def unopened() -> list[int]:
    """Return the receipts that nobody has opened yet, oldest first."""
    return list(Receipt.objects.filter(opened_at=None).order_by("pk").values_list("pk", flat=True))


def open_message(receipt: Receipt) -> int:
    """Make a part of each thing inside `receipt`; return how many there are, 0 when it was opened before.

    What cannot be opened at all becomes one part, rejected with the reason. The parts stand or fall together.
    """
    if receipt.opened_at or receipt.message is None:
        return 0
    pieces = _pieces(receipt, receipt.message)
    return _write(receipt, [(piece, keeping.archive(piece.content)) for piece in pieces])


def give_up(receipt: Receipt, reason: str) -> None:
    """Reject the whole message of `receipt`, unopened, for `reason`: it can be offered again."""
    if receipt.message is not None:
        _write(receipt, [(Piece(_name_of(receipt), b"", refused=reason), receipt.message)])


def _write(receipt: Receipt, found: list[tuple[Piece, Original]]) -> int:
    with transaction.atomic():
        if not Receipt.objects.filter(pk=receipt.pk, opened_at=None).update(opened_at=clock.now()):
            return 0
        Part.objects.bulk_create(
            _part(receipt, position, piece, original)
            for position, (piece, original) in enumerate(found, start=1)
        )
    return len(found)


def _name_of(receipt: Receipt) -> str:
    return MAIL if receipt.channel == Channel.MAIL else receipt.subject or ZIP


def _pieces(receipt: Receipt, message: Original) -> list[Piece]:
    whole = _name_of(receipt)
    try:
        content = message.content()
    except FileNotFoundError:
        return [Piece(whole, b"", refused=_("The bytes are no longer in the archive."))]
    kind = filetypes.detect(content)
    is_mail = receipt.channel == Channel.MAIL or kind is FileType.EML
    if not is_mail and kind is not FileType.ZIP:  # one file by itself, kept whole because it is too large
        return [_within_limits(Piece(whole, content), 1)]
    try:
        pieces = _of_mail(content) if is_mail else unpacking.unpack(content)
    except Unreadable as error:
        return [Piece(whole, content, refused=str(error.reason))]
    if not pieces:
        nothing = _("There is no file in this mail.") if is_mail else _("There is no file in this ZIP file.")
        return [Piece(whole, content, refused=nothing)]
    wanted = 0
    return [_within_limits(piece, wanted := wanted + (not piece.junk)) for piece in pieces]


def _of_mail(content: bytes) -> list[Piece]:
    """Return what is in a mail. One that only tells of documents at eConnect is junk itself, once they are known."""
    read = mail.read(content)
    told = announcements.told_by_mail(read.sender, read.text)
    if told and all(piece.junk for piece in read.pieces):
        words = ngettext(
            "eConnect tells of %(count)d document by this mail; it is fetched from there.",
            "eConnect tells of %(count)d documents by this mail; they are fetched from there.",
            told,
        ) % {"count": told}
        return [Piece(MAIL, content, junk=words), *read.pieces]
    return list(read.pieces)


def _within_limits(piece: Piece, number: int) -> Piece:
    """Refuse a file that is too large, or comes after as many as are read of one message; junk is neither."""
    if piece.junk or piece.refused:
        return piece
    if len(piece.content) > settings.MAX_UPLOAD_BYTES:
        words = _("The file is larger than %(limit)d MB.") % {"limit": settings.MAX_UPLOAD_BYTES // 1024**2}
    elif number > settings.MAX_PARTS:
        words = _("Only the first %(limit)d files of one message are read.") % {"limit": settings.MAX_PARTS}
    else:
        return piece
    return Piece(piece.filename, piece.content, refused=words)


def _part(receipt: Receipt, position: int, piece: Piece, original: Original) -> Part:
    part = Part(
        receipt=receipt,
        original_id=original.pk,
        administration_id=receipt.administration_id,
        position=position,
        filename=keeping.filename_of(piece.filename),
    )
    if piece.junk:
        part.outcome, part.kind, part.reason = PartOutcome.IGNORED, PartKind.JUNK, piece.junk
        part.settled_by = RULES
    elif piece.refused:
        part.outcome, part.reason = PartOutcome.REJECTED, piece.refused
    return part
