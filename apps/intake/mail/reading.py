"""A mail as it came in, taken apart. Pure."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from apps.intake import filetypes, unpacking
from apps.intake.filetypes import FileType
from apps.intake.mail import texts
from apps.intake.mail.headers import Head, head_of
from apps.intake.mail.leaves import Leaf, leaves_of
from apps.intake.mail.parser import parsed, unreadable
from apps.intake.mail.refusing import why_refused
from apps.intake.mail.sifting import why_junk
from apps.intake.parsing import Unreadable
from apps.intake.pieces import Piece

LONGEST_TEXT = 20_000  # characters of the body that rules look at
MOST_PIECES = 1_000  # files of a mail, those in its ZIP files and the junk among them

_CID = re.compile(r"""cid:([^"'\s<>)]{1,250})""", re.IGNORECASE)
_PACKED_OTHERWISE = (".odt", ".ods", ".odp", ".epub", ".jar", ".asice")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail: what its headers say, every file in it in their order, and the text of its body, cut to LONGEST_TEXT."""

    head: Head
    pieces: tuple[Piece, ...]
    text: str

    @property
    def sender(self) -> str:
        """The address of From; see Head."""
        return self.head.sender

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address that it went to, the most trustworthy first."""
        return self.head.recipients

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.head.subject

    @property
    def message_id(self) -> str:
        """Its Message-ID, "" without one."""
        return self.head.message_id


def read(content: bytes) -> Mail:
    """Take a mail apart: forwarded mails and ZIP files in it are opened, junk is listed with its reason.

    Raises Unreadable and nothing else: for an empty mail, one above MAX_MAIL_BYTES, and one that nests too deep or
    holds more than MOST_PIECES files.
    """
    message = parsed(content)
    leaves = leaves_of(message)
    shown = frozenset(
        cid.lower() for kind, text in leaves.texts if kind == "text/html" for cid in _CID.findall(text)
    )
    pieces: list[Piece] = []
    room = settings.MAX_UNPACKED_BYTES
    for leaf in leaves.files:
        made = _pieces(leaf, shown, room)
        room -= sum(len(piece.content) for piece in made) if _is_packed(leaf) else 0
        pieces += made
        if len(pieces) > MOST_PIECES:
            raise unreadable("too_many")
    return Mail(head_of(message), tuple(pieces), _text(leaves.texts))


def _pieces(leaf: Leaf, shown: frozenset[str], room: int) -> list[Piece]:
    junk = str(why_junk(leaf, shown))
    refused = "" if junk else str(why_refused(leaf))
    if junk or refused or not _is_packed(leaf):
        return [Piece(leaf.filename, leaf.content, junk=junk, refused=refused)]
    if room <= 0:
        too_much = _(
            "The ZIP files of this mail hold more than can be opened. Ask for them in several mails."
        )
        return [Piece(leaf.filename, leaf.content, refused=too_much)]
    try:
        return unpacking.unpack(leaf.content)
    except Unreadable as error:
        return [Piece(leaf.filename, leaf.content, refused=str(error.reason))]


def _is_packed(leaf: Leaf) -> bool:
    """Tell whether it is a ZIP file to open; office files are packed in the same way, and stay whole."""
    name = leaf.filename.lower().strip()
    if name.endswith(_PACKED_OTHERWISE):
        return False
    kind = filetypes.detect(leaf.content)
    return kind is FileType.ZIP or (name.endswith(".zip") and kind is not FileType.OFFICE)


def _text(found: list[tuple[str, str]]) -> str:
    """Return the plain texts; the HTML ones where there is no plain one."""
    plain = [text for kind, text in found if kind == "text/plain" and text.strip()]
    shown = plain or [texts.without_markup(text) for kind, text in found if kind == "text/html"]
    return "\n".join(text.strip() for text in shown)[:LONGEST_TEXT]
