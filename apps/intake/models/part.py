"""The things inside an arrival, and what became of each."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.intake.detection import Format
from apps.intake.models.original import Original
from apps.intake.models.receipt import Receipt
from apps.intake.models.words import PartKind, PartOutcome


class Parts(VisibleQuerySet["Part"]):
    """Things inside receipts, seen by whoever sees the document that came of them."""

    administration_path = "administration"
    unrouted = True

    def unread(self) -> Self:
        """Return the parts that nobody has read yet, oldest first; not those that wait for their sender.

        Nor those that were handed on as orders.
        """
        return self._waiting().exclude(kind=PartKind.ORDER)

    def orders_to_read(self) -> Self:
        """Return the parts that were handed on as orders and are not settled yet, oldest first; as `unread`."""
        return self._waiting().filter(kind=PartKind.ORDER)

    def _waiting(self) -> Self:
        return self.filter(outcome=PartOutcome.RECEIVED, receipt__hold="").order_by("pk")


class Part(models.Model):
    """One thing inside a receipt: a file. `administration` is where reading routed it.

    `settled_by` says who gave the outcome where that was no reading: a person, or a rule by its name.
    """

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="parts", verbose_name=_("receipt"))
    original = models.ForeignKey(Original, models.PROTECT, related_name="parts", verbose_name=_("original"))
    administration = models.ForeignKey(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("administration"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    filename = models.CharField(_("file name"), max_length=255)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=PartOutcome.choices, default=PartOutcome.RECEIVED
    )
    kind = models.CharField(_("kind"), max_length=15, choices=PartKind.choices, blank=True, default="")
    reason = models.TextField(_("reason"), blank=True, default="")
    settled_by = models.CharField(_("said by"), max_length=150, blank=True, default="")
    format = models.CharField(_("format"), max_length=60, blank=True, default="")
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="duplicates", verbose_name=_("duplicate of")
    )
    attached_to = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="attachments", verbose_name=_("attachment of")
    )

    objects = Parts.as_manager()

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="duplicate_names_its_original",
                condition=Q(outcome=PartOutcome.DUPLICATE, duplicate_of__isnull=False)
                | (~Q(outcome=PartOutcome.DUPLICATE) & Q(duplicate_of__isnull=True)),
            ),
            models.CheckConstraint(
                name="attachment_names_its_document",
                condition=Q(outcome=PartOutcome.ATTACHMENT, attached_to__isnull=False)
                | (~Q(outcome=PartOutcome.ATTACHMENT) & Q(attached_to__isnull=True)),
            ),
            models.CheckConstraint(
                name="rejected_part_has_reason", condition=~Q(outcome=PartOutcome.REJECTED) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="ignored_part_says_who", condition=~Q(outcome=PartOutcome.IGNORED) | ~Q(settled_by="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["outcome"], name="part_outcome"),
            models.Index(fields=["original", "administration"], name="part_original"),
            models.Index(fields=["kind"], name="part_kind", condition=~Q(kind__in=["", "invoice"])),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def format_name(self) -> str:
        """The format by the name that people know it by, "" before it was read."""
        known = {each.value: each.known_as for each in Format}
        return known.get(self.format, self.format)

    def settle(self, outcome: str, **values: Any) -> bool:
        """Give an unread part its outcome, once; False when somebody else already did."""
        return self._change(Q(), outcome=outcome, **values)

    def hand_on(self, kind: str, form: str = "") -> bool:
        """Leave an unread part to whoever reads what is of `kind`, once; False when somebody else was first.

        `form`: its format, "" where it can be read by people alone.
        """
        return self._change(~Q(kind=kind), kind=kind, format=form)

    def _change(self, condition: Q, **values: Any) -> bool:
        unread = Part.objects.filter(condition, pk=self.pk, outcome=PartOutcome.RECEIVED)
        hit = unread.update(**values)
        if hit:
            for name, value in values.items():
                setattr(self, name, value)
        return hit == 1


class Offerings(VisibleQuerySet["Offering"]):
    """What was offered again, seen by whoever sees the part."""

    administration_path = "part__administration"
    unrouted = True


class Offering(models.Model):
    """That a part was offered again: what had become of it before, and who wanted that undone."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="offerings", verbose_name=_("part"))
    at = models.DateTimeField(_("at"))
    who = models.CharField(_("who"), max_length=150)
    was = models.CharField(_("was"), max_length=12, choices=PartOutcome.choices)
    reason = models.TextField(_("reason"), blank=True)

    objects = Offerings.as_manager()

    class Meta:
        verbose_name = _("offered again")
        verbose_name_plural = _("offered again")

    def __str__(self) -> str:
        return f"{self.part}: {self.get_was_display()}"
