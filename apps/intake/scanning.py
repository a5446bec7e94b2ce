"""Looking for viruses before anything is read, where CLAMAV_ADDRESS is set. Without it everything passes.

What is clean today may be known as a virus tomorrow, so an outcome counts for a day: bytes that come in again are
looked at again. While the scanner is away nothing is read and nothing is lost: parts stay unread and are tried again.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.http import RemoteError
from apps.intake import clamd, filetypes, ubl
from apps.intake.filetypes import FileType
from apps.intake.models import Original, Part, PartOutcome
from apps.intake.parsing import Unreadable

log = logging.getLogger(__name__)
COUNTS_FOR = timedelta(days=1)
WAITS_TOO_LONG = timedelta(minutes=5)
_TROUBLE = "intake.scanning.trouble"
_TROUBLE_SECONDS = 900  # while parts wait it is said anew each minute


def is_clean(part: Part) -> bool | None:
    """Tell whether `part` may be read, and ask the scanner where its bytes were not looked at within a day.

    True: read it; also when no scanner is configured. False: it holds a virus, and has been rejected with the reason.
    None: the scanner gave no answer; leave it unread, the sweeper comes back to it. Not to be called in a transaction.
    Raises FileNotFoundError when the archive lost the bytes.
    """
    if not settings.CLAMAV_ADDRESS:
        return True
    try:
        virus = scan(part.original)
    except RemoteError as error:
        log.warning("Part %s was not scanned: %s", part.pk, error.words)
        cache.set(_TROUBLE, error.words, _TROUBLE_SECONDS)
        return None
    if virus:
        part.settle(PartOutcome.REJECTED, reason=reason(virus))
    return not virus


def is_passed(part: Part) -> bool:
    """Tell whether `part` needs no scanner (any more): it was found clean within a day, or none is configured."""
    if not settings.CLAMAV_ADDRESS:
        return True
    original, recent = part.original, clock.now() - COUNTS_FOR
    return not original.virus and original.scanned_at is not None and original.scanned_at > recent


def scan(original: Original) -> str:
    """Return the name of the virus in `original` or a file inside it, "" for none, and keep it on its row.

    Raises what clamd.scan raises, and FileNotFoundError.
    """
    now = clock.now()
    if original.scanned_at and original.scanned_at > now - COUNTS_FOR:
        return original.virus
    found = (clamd.scan(content, settings.CLAMAV_ADDRESS) for content in _all_of(original.content()))
    original.virus = next(filter(None, found), "")[:100]
    original.scanned_at = now
    original.save(update_fields=["virus", "scanned_at"])
    cache.delete(_TROUBLE)
    return original.virus


def _all_of(content: bytes) -> Iterator[bytes]:
    """Yield the bytes, and those of the files inside an e-invoice: as base64 no scanner knows them."""
    yield content
    if filetypes.detect(content) is not FileType.XML:
        return
    try:
        attachments = ubl.read(content).attachments
    except Unreadable:
        return
    yield from filter(None, (attachment.content() for attachment in attachments))


def reason(virus: str) -> str:
    """Return the sentence about a file that holds a virus."""
    return _("The virus scanner found %(virus)s in this file. It is kept, but not read and not shown.") % {
        "virus": virus
    }


def trouble() -> str:
    """Return what is wrong with the scanner, as a sentence; "" when nothing is, or no scanner is configured."""
    return str(cache.get(_TROUBLE, "")) if settings.CLAMAV_ADDRESS else ""


def unscanned() -> int:
    """Return how many parts have waited for the scanner for more than five minutes: a figure of /health/."""
    if not settings.CLAMAV_ADDRESS:
        return 0
    now = clock.now()
    waiting = Part.objects.unread().filter(receipt__received_at__lt=now - WAITS_TOO_LONG)
    return waiting.exclude(original__scanned_at__gt=now - COUNTS_FOR).count()
