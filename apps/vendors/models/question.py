"""The questions about vendors that are still open."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.intake.models import Part
from apps.people.models import User
from apps.vendors.evidence import words_for
from apps.vendors.models.words import QuestionKind


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
    part = models.ForeignKey(
        Part, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by document")
    )
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

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The candidates with what speaks for them (`evidence`) and `against` them, in the language of the moment."""
        told = [(one, *words_for(one)) for one in self.candidates]
        return [{**one, "evidence": reasons, "against": against} for one, reasons, against in told]
