"""One arrival."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.intake.models.original import Original
from apps.intake.models.words import Channel, Hold
from apps.people.models import User


class Receipts(VisibleQuerySet["Receipt"]):
    """Arrivals, seen by whoever sees one of their parts: a mail to the firm may hold documents of several clients."""

    unrouted = True

    def visible_to(self, user: Any) -> Self:
        """Return the rows that `user` may see; which of their parts is asked of the parts."""
        seen = super().visible_to(user)
        if not isinstance(user, User) or not user.is_active or user.sees_everything:
            return seen
        mine = user.assignments.values("client")
        with_a_part = self.model._base_manager.filter(
            pk=OuterRef("pk"), parts__administration__client__in=mine
        )
        return self.filter(Q(pk__in=seen.values("pk")) | Exists(with_a_part))


class Receipt(models.Model):
    """One arrival: a mail, a Peppol message, an upload.

    `message` is the thing that holds the parts (a mail, a ZIP file): it is opened later, by a worker, and then
    `opened_at` is set. `source_key` names the arrival at its source, so that the same one is kept once.
    """

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    received_at = models.DateTimeField(_("received at"))
    sender = models.CharField(_("from"), max_length=255, blank=True)
    recipient = models.CharField(_("to"), max_length=255, blank=True, default="")
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    administration = models.ForeignKey(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
        verbose_name=_("administration"),
        help_text=_("Filled when the way in already said which administration it is for."),
    )
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="receipts", verbose_name=_("by"))
    source_key = models.CharField(_("mark at its source"), max_length=200, blank=True, default="")
    message = models.ForeignKey(
        Original, models.PROTECT, null=True, related_name="receipts", verbose_name=_("message")
    )
    opened_at = models.DateTimeField(_("opened at"), null=True)
    hold = models.CharField(_("waits because"), max_length=10, choices=Hold.choices, blank=True, default="")
    released_by = models.CharField(_("let in by"), max_length=150, blank=True, default="")

    objects = Receipts.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source_key"], name="receipt_once", condition=~Q(source_key="")),
            models.CheckConstraint(
                name="receipt_without_message_is_open",
                condition=Q(message__isnull=False) | Q(opened_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-received_at"], name="receipt_newest"),
            models.Index(fields=["id"], name="receipt_unopened", condition=Q(opened_at=None)),
            models.Index(fields=["hold"], name="receipt_held", condition=~Q(hold="")),
        ]

    def __str__(self) -> str:
        return self.subject or f"{Channel(self.channel).label} {self.pk}"

    def is_seen_whole_by(self, user: Any) -> bool:
        """Tell whether `user` sees every part: what is decided about all of it is decided by nobody else."""
        return bool(self.parts.visible_to(user).count() == self.parts.count())
