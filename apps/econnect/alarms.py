"""Documents that eConnect will remove soon and that are not here yet: somebody must look."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from apps.core import clock
from apps.econnect.models import Inbound, Stage
from apps.econnect.retention import NEAR, Retention

REMEMBERED = timedelta(days=30)  # after its end a document stays in the list, and leaves the alarm


def retention() -> Retention:
    """Return the terms of the settings."""
    return Retention(
        unread=timedelta(days=settings.ECONNECT_KEEPS_DAYS),
        read=timedelta(days=settings.ECONNECT_KEEPS_DAYS_AFTER_DOWNLOAD),
    )


def near_their_end() -> QuerySet[Inbound]:
    """Return the documents that are not kept here and whose term at eConnect is nearly over, or was lately."""
    terms, now = retention(), clock.now()
    newest, oldest = now + NEAR, now - REMEMBERED
    unread = Q(first_fetched_at=None, announced_at__range=(oldest - terms.unread, newest - terms.unread))
    read = Q(first_fetched_at__range=(oldest - terms.read, newest - terms.read))
    return Inbound.objects.filter(unread | read, stage__in=(Stage.KNOWN, Stage.FAILED))


def count() -> int:
    """Return how many documents are near their end, for /health/."""
    return near_their_end().count()
