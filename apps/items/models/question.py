"""The questions about items that are still open."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.intake.models import Part
from apps.items.found import reasons_of
from apps.items.models.words import QuestionKind
from apps.items.wanted import Key, Wanted
from apps.people.models import User


class ItemQuestions(VisibleQuerySet["ItemQuestion"]):
    """Questions about items."""

    def open(self) -> Self:
        """Return the questions that nobody has answered."""
        return self.filter(answered_at=None)


class ItemQuestion(models.Model):
    """An open question about one item of a supplier in one administration; documents that ask it wait for its answer.

    `identity` is what it is known by as text (`seller_item 4711`); `candidates`: items that it may be, as
    `items.found.stored` gives them. `price` is per `unit`, as the first document says.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="item_questions", verbose_name=_("administration")
    )
    supplier = models.UUIDField(_("supplier"))
    supplier_name = models.CharField(_("supplier"), max_length=255, blank=True, default="")
    identity = models.CharField(_("identity"), max_length=300)
    kind = models.CharField(
        _("question"), max_length=12, choices=QuestionKind.choices, default=QuestionKind.UNKNOWN
    )
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

    @property
    def keys(self) -> list[Key]:
        """What the item is known by, under which the answer may be remembered: the proposed one first."""
        kind, _blank, value = self.identity.partition(" ")
        wanted = Wanted(self.seller_item, self.buyer_item, self.gtin, self.name)
        return list(dict.fromkeys([Key(kind, value), *wanted.keys]))

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The candidates with what speaks for them (`reasons`), in the language of the moment."""
        return [{**one, "reasons": reasons_of(one)} for one in self.candidates]
