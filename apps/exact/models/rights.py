"""What the connected user may do in a division, as Exact said it when it was asked."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.exact.models.connection import Connection
from apps.exact.models.division import Division, OfDivision


class RightProbe(models.Model):
    """One answer about one endpoint: `allowed` None when Exact did not say. Asked at most once a night."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="rights", verbose_name=_("division"))
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+", verbose_name=_("connection"))
    endpoint = models.CharField(_("endpoint"), max_length=80)
    allowed = models.BooleanField(_("allowed"), null=True)
    is_scope = models.BooleanField(
        default=False, help_text="What is missing is a scope of the app, not a right of the user."
    )
    words = models.TextField(_("words of Exact"), blank=True, default="")
    asked_at = models.DateTimeField(_("asked at"))

    objects = OfDivision.as_manager()

    class Meta:
        verbose_name = _("right in Exact")
        verbose_name_plural = _("rights in Exact")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "connection", "endpoint"], name="right_once")
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.division_id}"
