"""What the worker does for digital mailboxes: their rows say what is due."""

from apps.core import queue
from apps.exact import mailbox_making
from apps.exact.models import DigitalMailbox


def look_at_mailbox(pk: int) -> None:
    """Find out how one digital mailbox stands, or make it; its row says what came of it."""
    mailbox_making.look(DigitalMailbox.objects.select_related("administration").get(pk=pk))


def watch_mailboxes() -> None:
    """Each minute: the digital mailboxes that are wanted, or were made minutes ago."""
    for pk in mailbox_making.due():
        queue.ring(mailbox_making.LOOK, pk)


def look_at_all_mailboxes() -> None:
    """Each night: find the digital mailboxes that vanished, or that somebody bound to another division."""
    for pk in mailbox_making.of_the_night():
        queue.ring(mailbox_making.LOOK, pk)
