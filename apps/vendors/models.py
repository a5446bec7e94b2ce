"""Who sent this: what we remember of vendors, and the questions still open."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.people.models import User


class Mappings(VisibleQuerySet["Mapping"]):
    """Remembered decisions."""


class Mapping(models.Model):
    """This identity is that supplier, in this administration. `supplier` is the relation's id in Exact."""

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="mappings", verbose_name=_("administration")
    )
    kind = models.CharField(_("kind"), max_length=20)
    value = models.CharField(_("value"), max_length=255)
    supplier = models.UUIDField(_("supplier"))
    supplier_name = models.CharField(_("name of the supplier"), max_length=255)
    learned_from = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="mappings", verbose_name=_("learned from")
    )
    learned_at = models.DateTimeField(_("learned at"))

    objects = Mappings.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["administration", "kind", "value"], name="mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}: {self.supplier_name}"


class QuestionKind(models.TextChoices):
    """What is asked about an identity."""

    UNKNOWN = "unknown", _("vendor unknown")
    CONFLICT = "conflict", _("vendor conflict")
    SEVERAL = "several", _("several suppliers possible")
    BLOCKED = "blocked", _("supplier blocked")


class Questions(VisibleQuerySet["Question"]):
    """Questions about identities."""

    def open(self) -> Self:
        """Return the questions that nobody has answered."""
        return self.filter(answered_at=None)


class Question(models.Model):
    """An open question about one identity in one administration; documents that ask it wait for its answer.

    `identity` is the strongest identity of the vendor as text (`kvk 12345678`, else its name);
    `party` is what the first document said; `candidates` the suppliers found, each with its evidence.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="questions", verbose_name=_("administration")
    )
    identity = models.CharField(_("identity"), max_length=300)
    kind = models.CharField(_("question"), max_length=12, choices=QuestionKind.choices)
    name = models.CharField(_("vendor"), max_length=255)
    party = models.JSONField(default=dict)
    candidates = models.JSONField(default=list)
    asked_at = models.DateTimeField(_("asked at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="answers", verbose_name=_("answered by")
    )
    supplier = models.UUIDField(_("supplier"), null=True)

    objects = Questions.as_manager()

    class Meta:
        verbose_name = _("unmapped vendor")
        verbose_name_plural = _("unmapped vendors")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["administration", "identity"], condition=Q(answered_at=None), name="one_open_question"
            ),
            models.CheckConstraint(
                name="answer_is_whole",
                condition=Q(answered_at=None, supplier=None)
                | Q(answered_at__isnull=False, supplier__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.identity
