"""What bells and schedules call for what comes in. Decides nothing; ids only."""

from apps.core import queue
from apps.intake import mailboxes, peppol, picking_up, quiet
from apps.intake.models import Mailbox


def read_mailboxes() -> None:
    """Each minute: look into every mailbox that is due, one task each, so that none holds up another."""
    for pk in mailboxes.due():
        queue.ring("apps.intake.tasks.read_mailbox", pk)


def read_mailbox(mailbox: int) -> None:
    """Take in what lies in one mailbox, when it is open."""
    for row in Mailbox.objects.filter(pk=mailbox, is_open=True).select_related("administration"):
        mailboxes.read(row)


def look_into_folders() -> None:
    """Each minute: take in what scanners and packages put into folders."""
    picking_up.look_into_all()


def listen() -> None:
    """Look which channels went quiet against their habit."""
    quiet.listen()


def fetch_peppol() -> None:
    """Take in what eConnect has for us."""
    peppol.take_in()


def reconcile_peppol() -> None:
    """Each day: look again at every document that is on its way."""
    peppol.reconcile()
