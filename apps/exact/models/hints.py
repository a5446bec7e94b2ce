"""Webhooks of Exact: what we subscribed to, what was told, and what we wrote ourselves."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.exact.models.connection import ExactApp, FirmWide
from apps.exact.models.division import Division, OfDivision


class Subscription(models.Model):
    """That Exact tells us of changes of one topic in one division. One per app, division and topic (facts 7)."""

    division = models.ForeignKey(
        Division, models.CASCADE, related_name="subscriptions", verbose_name=_("division")
    )
    topic = models.CharField(_("topic"), max_length=60)
    exact_id = models.UUIDField(_("id in Exact"), null=True)
    callback_url = models.CharField(_("address"), max_length=300)
    trouble = models.TextField(_("trouble"), blank=True, default="")
    tried_at = models.DateTimeField(_("last tried"), null=True)

    objects = OfDivision.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "topic"], name="subscription_once")
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.division}"


class Notice(models.Model):
    """A notification as it came in, kept before it was answered. `content` is the signed text, byte for byte."""

    app = models.ForeignKey(ExactApp, models.CASCADE, related_name="+", verbose_name=_("Exact app"))
    content = models.TextField(_("content"))
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of the content: the same notice twice is one."
    )
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    division_code = models.PositiveIntegerField(_("division"), null=True)
    action = models.CharField(_("action"), max_length=20, blank=True)
    key = models.UUIDField(_("entity"), null=True)
    received_at = models.DateTimeField(_("received at"))
    handled_at = models.DateTimeField(_("handled at"), null=True)
    is_echo = models.BooleanField(_("our own write"), default=False)

    objects = FirmWide.as_manager()

    class Meta:
        verbose_name = _("notice of Exact")
        verbose_name_plural = _("notices of Exact")
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"], name="notice_unhandled", condition=models.Q(handled_at=None)
            ),
            models.Index(fields=["app", "digest"], name="notice_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.action} {self.key or ''}".strip()


class OwnWrite(models.Model):
    """An entity that we wrote ourselves, so that its webhook is known for an echo. Kept for some days."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="+")
    key = models.UUIDField()
    written_at = models.DateTimeField(db_index=True)

    objects = OfDivision.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["division", "key"], name="ownwrite_key")]

    def __str__(self) -> str:
        return str(self.key)
