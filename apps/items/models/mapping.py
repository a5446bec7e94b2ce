"""What a person decided about an item of a supplier, and that it was taken back."""

from typing import ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core import clock
from apps.intake.models import Part
from apps.items.models.words import ItemKind
from apps.people.models import User


class ItemMappings(VisibleQuerySet["ItemMapping"]):
    """Remembered decisions about items."""

    def valid(self) -> Self:
        """Return the decisions that nobody took back."""
        return self.filter(forgotten_at=None)


class ItemMapping(models.Model):
    """What this supplier calls so is that item, in this administration. `supplier` and `item`: their ids in Exact.

    `seen`: what else (kind, value) the person had before them: it never contradicts the decision later.
    A row that was taken back stays, with when and by whom: the documents that it touched are found by it.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="item_mappings", verbose_name=_("administration")
    )
    supplier = models.UUIDField(_("supplier"))
    supplier_name = models.CharField(_("name of the supplier"), max_length=255, blank=True, default="")
    kind = models.CharField(_("known by"), max_length=12, choices=ItemKind.choices)
    value = models.CharField(_("value"), max_length=255)
    item = models.UUIDField(_("item"))
    item_code = models.CharField(_("item code"), max_length=60)
    item_name = models.CharField(_("item"), max_length=255, blank=True, default="")
    part = models.ForeignKey(
        Part, models.SET_NULL, null=True, related_name="+", verbose_name=_("learned from document")
    )
    seen = models.JSONField(default=list)
    learned_from = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="item_mappings", verbose_name=_("learned from")
    )
    learned_at = models.DateTimeField(_("learned at"))
    forgotten_at = models.DateTimeField(_("taken back at"), null=True)
    forgotten_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("taken back by")
    )

    objects = ItemMappings.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("item mapping")
        verbose_name_plural = _("item mappings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["administration", "supplier", "kind", "value"],
                condition=Q(forgotten_at=None),
                name="item_mapping_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}: {self.item_code}"

    def keep(self, *, by: User) -> None:
        """Write this new decision; the history says who made it."""
        self._history_user = by
        self.save(force_insert=True)

    def add_seen(self, keys: list[list[str]], *, by: User) -> None:
        """Take in what else (kind, value) was before the person who decided the same once more."""
        more = sorted({tuple(one) for one in [*self.seen, *keys]})
        if len(more) == len(self.seen):
            return
        self.seen, self._history_user = [list(one) for one in more], by
        self.save(update_fields=["seen"])

    def take_back(self, *, by: User) -> bool:
        """Let it decide nothing more, and stay to be seen; False when that was done before."""
        now = clock.now()
        with transaction.atomic():
            if ItemMapping.objects.valid().filter(pk=self.pk).update(forgotten_at=now) != 1:
                return False
            self.forgotten_at, self.forgotten_by, self._history_user = now, by, by
            self.save(update_fields=["forgotten_at", "forgotten_by"])
        return True
