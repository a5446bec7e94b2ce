"""The questions about items that are still open."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.intake.models import Part
from apps.people.models import User


class ItemQuestions(VisibleQuerySet["ItemQuestion"]):
    """Questions about items."""

    def open(self) -> Self:
        """Return the questions that nobody has answered."""
        return self.filter(answered_at=None)


class ItemQuestion(models.Model):
    """An open question about one item of a supplier in one administration; documents that ask it wait for its answer.

    `identity` is what it is known by as text (`seller_item 4711`); `candidates`: items that look like it, each with
    `item`, `code`, `name`, `score` (0 to 100) and `why`. `price` is per `unit`, as the first document says.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="item_questions", verbose_name=_("administration")
    )
    supplier = models.UUIDField(_("supplier"))
    supplier_name = models.CharField(_("supplier"), max_length=255, blank=True, default="")
    identity = models.CharField(_("identity"), max_length=300)
    name = models.CharField(_("description"), max_length=500, blank=True, default="")
    seller_item = models.CharField(_("item code of the supplier"), max_length=60, blank=True, default="")
    buyer_item = models.CharField(_("own item code"), max_length=60, blank=True, default="")
    gtin = models.CharField(_("barcode (GTIN)"), max_length=14, blank=True, default="")
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=6, null=True)
    candidates = models.JSONField(default=list)
    part = models.ForeignKey(
        Part, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by document")
    )
    asked_at = models.DateTimeField(_("asked at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("answered by")
    )
    item = models.UUIDField(_("item"), null=True)

    objects = ItemQuestions.as_manager()

    class Meta:
        verbose_name = _("unknown item")
        verbose_name_plural = _("unknown items")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["administration", "supplier", "identity"],
                condition=Q(answered_at=None),
                name="one_open_item_question",
            ),
            models.CheckConstraint(
                name="item_answer_is_whole",
                condition=Q(answered_at=None, item=None) | Q(answered_at__isnull=False, item__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.identity
