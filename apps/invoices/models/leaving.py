"""Administrations on their way from a test division to their real one."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Division


class Leavings(VisibleQuerySet["Leaving"]):
    """Leavings of the administrations that somebody may see."""

    def under_way(self) -> Self:
        """Return those that are not finished."""
        return self.filter(ended_at=None)


class Leaving(models.Model):
    """A trial in `test` has ended; until `ended_at` its documents are being matched and coded anew.

    `after`: the last document that was moved, so that whoever is cut off goes on behind it.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="leavings", verbose_name=_("administration")
    )
    test = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("test division"))
    who = models.CharField(_("who"), max_length=200)
    began_at = models.DateTimeField(_("began at"))
    after = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = Leavings.as_manager()

    class Meta:
        verbose_name = _("end of a trial")
        verbose_name_plural = _("ends of trials")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["administration"], condition=Q(ended_at=None), name="one_leaving_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.administration}: {self.test}"

    def end(self) -> None:
        """Say that nothing is left to do."""
        Leaving.objects.filter(pk=self.pk, ended_at=None).update(ended_at=clock.now())
