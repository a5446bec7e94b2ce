"""How ready an administration is to be booked, as it was found last."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration


class Preflights(VisibleQuerySet["Preflight"]):
    """Preflights of the administrations that somebody may see."""


class Preflight(models.Model):
    """One administration's points, each with its level and what it was judged by; words are made when shown.

    `points`: [{"key", "level": "good" | "fair" | "poor" | "unknown" | "note", "values": {}}]. `score`: the share
    of the points that count and are good, in percent; None while nothing could be judged. A note does not count.
    `others_active` and `others_said`: whether another integration still books there, as a person saw it, and who and
    when; no call tells it.
    """

    administration = models.OneToOneField(
        Administration, models.CASCADE, related_name="preflight", verbose_name=_("administration")
    )
    points = models.JSONField(default=list)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    poor = models.PositiveSmallIntegerField(_("to mend"), default=0)
    checked_at = models.DateTimeField(_("checked at"), null=True)
    asked_at = models.DateTimeField(
        null=True, help_text="A person asked for it then, and it has not come yet."
    )
    others_active = models.BooleanField(_("another integration is active"), null=True)
    others_said = models.CharField(_("said by"), max_length=200, blank=True, default="")

    objects = Preflights.as_manager()

    class Meta:
        verbose_name = _("preflight")
        verbose_name_plural = _("preflights")

    def __str__(self) -> str:
        return str(self.administration)

    @property
    def says_unlinked(self) -> bool:
        """Whether it was judged as linked to no division, and by nothing else."""
        return [point["case"] for point in self.points] == ["unlinked"]
