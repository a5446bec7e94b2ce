"""What a person decided about a vendor, and that it was taken back."""

from typing import ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core import clock
from apps.intake.models import Part
from apps.people.models import User
from apps.vendors.models.words import Origin, Scope


class Mappings(VisibleQuerySet["Mapping"]):
    """Remembered decisions."""

    def valid(self) -> Self:
        """Return the decisions that nobody took back."""
        return self.filter(forgotten_at=None)


class Mapping(models.Model):
    """This identity is that supplier, in this administration. `supplier` is the relation's id in Exact.

    `seen`: the other identifiers (kind, value) that the person had before them: what contradicts the decision
    later is only what was not among them. A row that was taken back stays, with when and by whom: the documents
    that it touched are found by it.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="mappings", verbose_name=_("administration")
    )
    kind = models.CharField(_("kind"), max_length=20)
    value = models.CharField(_("value"), max_length=255)
    supplier = models.UUIDField(_("supplier"))
    supplier_name = models.CharField(_("name of the supplier"), max_length=255)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, default=Scope.SENDER)
    origin = models.CharField(_("decided in"), max_length=10, choices=Origin.choices, default=Origin.QUEUE)
    part = models.ForeignKey(
        Part, models.SET_NULL, null=True, related_name="+", verbose_name=_("learned from document")
    )
    seen = models.JSONField(default=list)
    learned_from = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="mappings", verbose_name=_("learned from")
    )
    learned_at = models.DateTimeField(_("learned at"))
    forgotten_at = models.DateTimeField(_("taken back at"), null=True)
    forgotten_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("taken back by")
    )

    superseded = models.BooleanField(
        default=False, help_text="A later decision took its place; what it decided before stays right."
    )

    objects = Mappings.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["administration", "kind", "value"],
                condition=Q(forgotten_at=None),
                name="mapping_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "value"], condition=Q(forgotten_at=None), name="mapping_elsewhere"),
            models.Index(fields=["administration", "supplier"], name="mapping_supplier"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}: {self.supplier_name}"

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

    def take_back(self, *, by: User, superseded: bool = False) -> bool:
        """Let it decide nothing more, and stay to be seen; False when that was done before.

        `superseded`: it was not wrong, but a later decision takes its place.
        """
        now = clock.now()
        with transaction.atomic():
            if Mapping.objects.valid().filter(pk=self.pk).update(forgotten_at=now) != 1:
                return False
            self.forgotten_at, self.forgotten_by, self._history_user = now, by, by
            self.superseded = superseded
            self.save(update_fields=["forgotten_at", "forgotten_by", "superseded"])
        return True
