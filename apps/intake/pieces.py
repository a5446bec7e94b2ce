"""What comes out of a mail or a ZIP file when it is opened. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing inside a message, as it becomes a part: `filename` is for people, never a path.

    `junk` says why a rule drops it (it is listed, and not read), `refused` why it cannot be read at all; else both
    are "".
    """

    filename: str
    content: bytes
    junk: str = ""
    refused: str = ""
