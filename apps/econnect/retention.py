"""How long eConnect keeps a document for us. Pure.

Source: eConnect facts 1 and 2.1: 90 days when it was not downloaded, 7 days after the first download.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

NEAR = timedelta(days=5)  # before this much is left somebody should look: a weekend, and some working days


@dataclass(frozen=True, slots=True)
class Retention:
    """The two terms."""

    unread: timedelta
    read: timedelta

    def ends_at(self, announced_at: datetime, first_fetched_at: datetime | None) -> datetime:
        """Return when the document is removed there, whether we have it or not."""
        end = announced_at + self.unread
        return min(end, first_fetched_at + self.read) if first_fetched_at else end


def is_near(ends_at: datetime, now: datetime) -> bool:
    """Tell whether the end is so near, or past, that what is not kept yet needs a person."""
    return ends_at - now <= NEAR
