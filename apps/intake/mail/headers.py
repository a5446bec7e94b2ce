"""The headers of a mail: who sent it, to whom, and what it is about. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from itertools import islice

from apps.intake.mail import addresses, texts

MOST_HEADER_BYTES = 256 * 1024
MOST_OF_A_NAME = 20  # headers
ENVELOPE = ("delivered-to", "x-original-to", "envelope-to")  # written by the servers that delivered it
ADDRESSED = ("to", "cc")


@dataclass(frozen=True, slots=True)
class Head:
    """What the headers say. Addresses are in small letters.

    `sender` is the address of From: "" when it cannot be read, several as one text when there are several.
    `delivered_to` is what the delivering servers noted, `addressed_to` what the sender wrote.
    """

    sender: str
    envelope_sender: str
    delivered_to: tuple[str, ...]
    addressed_to: tuple[str, ...]
    subject: str
    message_id: str

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address that it went to, the most trustworthy first."""
        return tuple(dict.fromkeys([*self.delivered_to, *self.addressed_to]))


def head(content: bytes) -> Head:
    """Read the headers of a mail quickly, without its body. Raises nothing, whatever the bytes."""
    return head_of(BytesHeaderParser(policy=compat32).parsebytes(_header_block(content)))


def head_of(message: Message) -> Head:
    """Return what the headers of a parsed mail say."""
    return Head(
        sender=addresses.sender(values(message, "from")),
        envelope_sender=addresses.sender(values(message, "return-path")),
        delivered_to=_addresses(message, ENVELOPE),
        addressed_to=_addresses(message, ADDRESSED),
        subject=text(message, "subject"),
        message_id=text(message, "message-id"),
    )


def text(message: Message, name: str) -> str:
    """Return the first header of this name as text, "" without one."""
    return next((texts.plain(value) for value in values(message, name)), "")


def values(message: Message, name: str) -> Iterator[str]:
    """Yield the headers of this name as they stand there, encoded words unread."""
    same = (value for key, value in message.raw_items() if key.lower() == name)
    for value in islice(same, MOST_OF_A_NAME):
        yield texts.raw_text(str(value))


def _addresses(message: Message, names: tuple[str, ...]) -> tuple[str, ...]:
    found = [one for name in names for value in values(message, name) for one in addresses.within(value)]
    return tuple(dict.fromkeys(found))


def _header_block(content: bytes) -> bytes:
    start = content[:MOST_HEADER_BYTES].lstrip(b"\r\n")
    ends = [place for place in (start.find(b"\r\n\r\n"), start.find(b"\n\n")) if place >= 0]
    return start[: min(ends)] if ends else start
