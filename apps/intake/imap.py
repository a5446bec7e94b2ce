"""The line to a mail server: the only module that speaks IMAP. Every trouble comes out in words.

Raises core.http's errors: `Temporary` for what the clock solves, `Unauthorised` for a refused sign-in, `Rejected` for
what a person must put right.
"""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4

from django.utils.translation import gettext as _
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.utils import encode_folder

from apps.core.http import LOOPBACK, Rejected, Temporary, Unauthorised, refuse_inside_transaction
from apps.intake.models import Mailbox, Security

SECONDS = 30  # without a byte from the server
MOST_HEADER_BYTES = 64 * 1024
LONGEST_WORDS = 200

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_AWAY = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "try again later")


class Line:
    """A line with one folder open. The numbers of its mails are good within one `uid_validity` (RFC 3501, 2.3.1.1)."""

    def __init__(self, box: BaseMailBox, folder: str) -> None:
        self._box = box
        with _in_words():
            _typ, told = box.client.capability()  # what it can do may show only after the sign-in
            self._can = set(b" ".join(one for one in told if isinstance(one, bytes)).upper().split())
        try:
            with _in_words():
                box.folder.set(folder)
                self.uid_validity = box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"]
        except Rejected as error:
            text = _("The mail server does not open the folder %(folder)s: %(words)s. Correct its name.")
            raise Rejected(text % {"folder": folder, "words": error.words}) from error

    def uids(self) -> list[int]:
        """Return the numbers of the mails in the folder, oldest first; not those that are marked as deleted."""
        with _in_words():
            return sorted(int(uid) for uid in self._box.uids("UNDELETED", charset=None))

    def size(self, uid: int) -> int | None:
        """Return how many bytes a mail has, None when it is no longer there."""
        for item in self._fetch(uid, "(RFC822.SIZE)"):
            found = _SIZE.search(item if isinstance(item, bytes) else item[0])
            if found:
                return int(found[1])
        return None

    def content(self, uid: int) -> bytes | None:
        """Return a whole mail, which stays unread; None when it is no longer there."""
        return self._literal(uid, "(BODY.PEEK[])")

    def header(self, uid: int) -> bytes | None:
        """Return the headers of a mail, the first MOST_HEADER_BYTES of them; None when it is no longer there."""
        return self._literal(uid, f"(BODY.PEEK[HEADER]<0.{MOST_HEADER_BYTES}>)")

    def move(self, uid: int, folder: str) -> None:
        """Move a mail to `folder`, which is made when it is missing. Nothing happens when the mail is gone."""
        try:
            self._move(uid, folder)
        except Rejected:
            with _in_words():
                if self._box.folder.exists(folder):
                    raise
                self._box.folder.create(folder)
                self._box.folder.subscribe(folder, True)
            self._move(uid, folder)

    def _move(self, uid: int, folder: str) -> None:
        place = encode_folder(folder).decode("ascii")
        if b"MOVE" in self._can:
            self._ask("MOVE", str(uid), place)
            return
        self._ask("COPY", str(uid), place)
        self._ask("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
        if b"UIDPLUS" in self._can:  # without it only all that is marked could be removed, also by others
            self._ask("EXPUNGE", str(uid))

    def _fetch(self, uid: int, what: str) -> list[bytes | tuple[bytes, bytes]]:
        return [item for item in self._ask("FETCH", str(uid), what) if item]

    def _literal(self, uid: int, what: str) -> bytes | None:
        return next((bytes(item[1]) for item in self._fetch(uid, what) if isinstance(item, tuple)), None)

    def _ask(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes]]:
        with _in_words():
            status, answer = self._box.client.uid(command, *arguments)
            if status != "OK":
                raise IMAP4.error(answer[0] if answer else status)
            return list(answer)


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Line]:
    """Sign in to a mailbox and open the folder to read; the line is closed behind. Raises core.http's errors."""
    with _in_words():
        box = _connect(mailbox)
    try:
        _sign_in(box, mailbox)
        yield Line(box, mailbox.inbox)
    finally:
        _hang_up(box)


def _connect(mailbox: Mailbox) -> BaseMailBox:
    host, port = mailbox.host, mailbox.port
    if mailbox.security == Security.NONE:
        if host not in LOOPBACK:
            raise Rejected(
                _("Without encryption only a mail server on this machine is read. Choose TLS or STARTTLS.")
            )
        return MailBoxUnencrypted(host, port, timeout=SECONDS)
    context = ssl.create_default_context()
    if mailbox.security == Security.STARTTLS:
        return MailBoxStartTls(host, port, timeout=SECONDS, ssl_context=context)
    return MailBox(host, port, timeout=SECONDS, ssl_context=context)


def _sign_in(box: BaseMailBox, mailbox: Mailbox) -> None:
    name, password = mailbox.username, mailbox.password
    try:
        with _in_words():
            sign_in = box.login if f"{name}{password}".isascii() else box.login_utf8
            sign_in(name, password, initial_folder=None)
    except Rejected as error:
        if any(sign in error.words for sign in _AWAY):
            raise Temporary(error.words) from error
        text = _("The mail server refused to sign in: %(words)s. Correct the user name or the password.")
        raise Unauthorised(text % {"words": error.words}) from error


def _hang_up(box: BaseMailBox) -> None:
    try:
        box.client.logout()
    except (IMAP4.error, OSError):
        box.client.shutdown()


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn what the library and the line raise into our errors; nothing is asked inside a transaction."""
    refuse_inside_transaction()
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        text = _("The certificate of the mail server cannot be trusted: %(words)s. Check the server's name.")
        raise Rejected(text % {"words": error.verify_message}) from error
    except (IMAP4.abort, OSError, EOFError) as error:
        text = _("The mail server cannot be reached, or broke off: %(words)s. It is tried again by itself.")
        raise Temporary(text % {"words": _words(error)}) from error
    except (IMAP4.error, ImapToolsError, ValueError, KeyError) as error:
        raise Rejected(_words(error)) from error


def _words(error: Exception) -> str:
    """Return what the server said, on one line."""
    told = getattr(error, "command_result", None)
    said = told[1][0] if told and told[1] else error.args[0] if error.args else error
    if isinstance(error, OSError):
        said = error.strerror or str(error) or type(error).__name__
    text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else str(said)
    return "".join(letter for letter in text if letter.isprintable())[:LONGEST_WORDS].strip(" .")
