"""What /health/ tells of postings: a number, never what it is about."""

from datetime import timedelta

from apps.core import clock
from apps.posting import refusals
from apps.posting.models import Posting, PostingCall

WEEK = timedelta(days=7)
SAID = (400, 405, 500)  # the statuses that Exact's business words come with (Exact 3.5)


def unknown_refusals() -> int:
    """Return how many different texts, not known to `refusals`, Exact answered writes with in the last 7 days."""
    since = clock.now() - WEEK
    calls = PostingCall.objects.filter(at__gte=since, verb__in=("POST", "PUT"), status__in=SAID).exclude(
        words=""
    )
    texts = {
        words for words in calls.values_list("words", flat=True).distinct() if not refusals.is_fault(words)
    }
    return len({refusals.key_of(words) for words in texts if not refusals.is_known(words)})


def left_behind() -> int:
    """Return how many documents stand in Exact that no entry of ours refers to, and that we may not remove."""
    return Posting.objects.filter(left_behind__isnull=False).count()
