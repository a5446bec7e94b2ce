"""`manage.py receive_mail`: take in one mail on standard input, as a mail server's pipe hands it over.

The exit code is for the mail server (sysexits.h): 0 only after the mail is kept for good, 75 to try again later, 65
for a mail that is refused, which the server then sends back.
"""

import hashlib
import logging
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.commands import HouseCommand
from apps.intake import addressed, keeping, mail
from apps.intake.models import Channel

log = logging.getLogger(__name__)


class Command(HouseCommand):
    help = "Takes in one mail on standard input, for the pipe of a mail server. Nothing is read before it is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--recipient", default="", metavar="ADDRESS", help="the address that it was delivered to"
        )

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run the command; whatever fails is no reason for the mail server to send the mail back."""
        try:
            return super().execute(*args, **options)
        except Exception as error:
            log.exception("A mail on standard input could not be kept")
            self._leave(os.EX_TEMPFAIL, _("The mail could not be kept now; try again: %s") % error)

    def handle(self, *args: Any, **options: Any) -> None:
        content = sys.stdin.buffer.read(settings.MAX_MAIL_BYTES + 1)
        if not content.strip():
            self._leave(os.EX_DATAERR, _("The mail is empty."))
        if len(content) > settings.MAX_MAIL_BYTES:
            limit = settings.MAX_MAIL_BYTES // 1024**2
            text = _("The mail is larger than %(limit)d MB. Send its files in several mails.")
            self._leave(os.EX_DATAERR, text % {"limit": limit})
        keep(content, options["recipient"].strip().lower())

    def _leave(self, code: int, words: str) -> None:
        self.stderr.write(words)
        sys.exit(code)


def keep(content: bytes, recipient: str) -> None:
    """Keep one mail; the same bytes for the same recipient are kept once."""
    head = mail.head(content)
    recipient = recipient.encode(errors="replace").decode() or next(iter(head.recipients), "")
    digest = hashlib.sha256(content + b"\0" + recipient.encode()).hexdigest()
    keeping.keep_message(
        content,
        channel=Channel.MAIL,
        sender=head.sender,
        recipient=recipient,
        subject=head.subject,
        administration=addressed.administration_at(recipient),
        source_key=f"pipe {digest}",
    )
