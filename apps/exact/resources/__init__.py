"""What is read of a division: one table of resources, in the order in which they are read.

`sync/` services are read by row version, 1,000 rows a call; those with `Modified` by that, 60 a call; `read/` services
come whole in one call (Exact facts 3.2 and 3.6). Deletions come behind everything that they speak of, so that a row
that was read and then deleted is marked in the same run; balances come last, behind what changes them.
"""

from django.utils.translation import gettext_lazy as _

from apps.exact.resources import books, masters, orders
from apps.exact.resources.feed import Feed, Resource, Strategy

__all__ = ["DELETED", "FEATURES", "MIRRORS", "RESOURCES", "Feed", "Resource", "Strategy"]

DELETED = Feed(
    name="deleted",
    label=_("deletions"),
    path="sync/Deleted",
    strategy=Strategy.BY_TIMESTAMP,
    frame=("Division", "Timestamp"),
    fields=("EntityType", "EntityKey", "DeletedDate"),
)
FEATURES = Feed(
    name="features",
    label=_("features of the package"),
    path="system/AvailableFeatures",
    strategy=Strategy.WHOLE,
    fields=("Description",),
)
_MIRRORED = (*masters.TABLE, *books.TABLE, *orders.TABLE)
RESOURCES: dict[str, Feed] = {feed.name: feed for feed in (FEATURES, *_MIRRORED, DELETED, books.BALANCES)}
MIRRORS: dict[str, Resource] = {feed.name: feed for feed in RESOURCES.values() if isinstance(feed, Resource)}
