"""The first step of the audit trail of a document: how its file came in."""

from django.utils.translation import gettext as _

from apps.core.states import SYSTEM
from apps.core.trail import Step
from apps.intake.models import Part


def came_in(part: Part) -> Step:
    """Return when and from whom `part` came, with the sum by which its original is known."""
    words = _("%(file)s, %(size)d bytes, by %(channel)s; SHA-256 %(sum)s") % {
        "file": part.filename,
        "size": part.original.size,
        "channel": part.receipt.get_channel_display(),
        "sum": part.original_id,
    }
    return Step(part.receipt.received_at, _("Received"), part.receipt.sender or SYSTEM, words)
