"""Doors that went quiet against their habit."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.intake.models.words import Channel


class Silences(VisibleQuerySet["Silence"]):
    """Quiet channels; those of the whole firm are seen by reviewers and administrators."""

    unrouted = True


class Silence(models.Model):
    """Nothing came by this channel for this administration (None: for the firm) for longer than is its habit.

    `habit_days` is the longest wait that was usual; a row ends when something comes in again.
    """

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    administration = models.ForeignKey(
        Administration, models.CASCADE, null=True, related_name="silences", verbose_name=_("administration")
    )
    last_on = models.DateField(_("last came in on"))
    habit_days = models.PositiveIntegerField(_("usual wait in working days"))
    noticed_at = models.DateTimeField(_("noticed at"))
    quieted_by = models.CharField(_("is known to"), max_length=150, blank=True, default="")

    objects = Silences.as_manager()

    class Meta:
        verbose_name = _("quiet channel")
        verbose_name_plural = _("quiet channels")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "administration"], name="silence_once"),
            models.UniqueConstraint(
                fields=["channel"], name="silence_of_firm_once", condition=Q(administration=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{Channel(self.channel).label}: {self.last_on}"
