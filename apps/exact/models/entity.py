"""What every mirrored row has: its division, its key, and whether Exact still has it.

Nothing here refers to another mirror by foreign key: each mirror is one pass over one resource.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.clients.access import M
from apps.exact.models.division import Division, OfDivision


class Present(models.Manager[M]):
    """Rows that Exact still has. What is gone in Exact is never offered again, but stays explainable."""

    def get_queryset(self) -> OfDivision[M]:
        """Leave out what is gone."""
        return OfDivision(self.model, using=self._db).filter(gone_at=None)

    def visible_to(self, user: object) -> OfDivision[M]:
        """Return the present rows that `user` may see."""
        return self.get_queryset().visible_to(user)


class Entity(models.Model):
    """A row of one resource of one division. `KEY` names the column that is unique in the division.

    `generation` is the number of the full pass that saw the row last; a full pass that ends marks what it did
    not see as gone. `gone_at` is when we learned that Exact does not have it any more.
    """

    KEY: ClassVar[str] = "exact_id"

    division = models.ForeignKey(Division, models.CASCADE, related_name="+", verbose_name=_("division"))
    generation = models.PositiveIntegerField(default=0, editable=False)
    gone_at = models.DateTimeField(_("gone in Exact since"), null=True, editable=False)

    objects = Present()
    everything = OfDivision.as_manager()

    class Meta:
        abstract = True


class Guided(Entity):
    """An entity that Exact knows by a Guid."""

    exact_id = models.UUIDField(_("id in Exact"))

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "exact_id"], name="%(class)s_once_per_division")
        ]


class Keyed(Entity):
    """An entity that Exact knows by something else: a number, or several values joined by `|`."""

    KEY: ClassVar[str] = "key"

    key = models.CharField(_("key in Exact"), max_length=80)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "key"], name="%(class)s_once_per_division")
        ]


class Mirrored(Guided):
    """Master data. `raw` is Exact's own JSON, strings trimmed; what is filtered, shown or joined has a column."""

    raw = models.JSONField(default=dict)

    class Meta(Guided.Meta):
        abstract = True


class Coded(Mirrored):
    """Master data with a code and a description."""

    code = models.CharField(_("code"), max_length=60)
    description = models.CharField(_("description"), max_length=255, blank=True)

    class Meta(Mirrored.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.description}".strip()
