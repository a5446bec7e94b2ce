"""What people corrected: the machine does not say again what a person said no to."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.intake.models import Part
from apps.people.models import User
from apps.rules.models.booking_rule import BookingRule


class Corrections(VisibleQuerySet["Correction"]):
    """Corrections."""


class Correction(models.Model):
    """A person replaced what the machine proposed on lines with this text of this supplier.

    `field` is the coded field (gl_code, vat_code, cost_center, cost_unit), `rejected` and `chosen` are its codes,
    `source` who had proposed it (a ValueSource) and `rule` which rule that was. `text_key`: the line's text as
    `line_text.text_key` makes it. `scenario`: of a VAT code, the VAT scenario of those lines, empty when unknown.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="corrections", verbose_name=_("administration")
    )
    supplier = models.UUIDField(_("supplier"))
    text_key = models.CharField(_("text"), max_length=200, blank=True)
    field = models.CharField(_("field"), max_length=20)
    scenario = models.CharField(_("VAT scenario"), max_length=20, blank=True, default="")
    rejected = models.CharField(_("proposed"), max_length=60, blank=True)
    source = models.CharField(_("proposed by"), max_length=10, blank=True)
    rule = models.ForeignKey(
        BookingRule, models.SET_NULL, null=True, related_name="corrections", verbose_name=_("rule")
    )
    chosen = models.CharField(_("chosen"), max_length=60, blank=True)
    part = models.ForeignKey(
        Part, models.SET_NULL, null=True, related_name="+", verbose_name=_("on the document")
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    objects = Corrections.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes: ClassVar = [
            models.Index(fields=["administration", "supplier", "at"], name="correction_of_supplier")
        ]

    def __str__(self) -> str:
        return f"{self.rejected} - {self.chosen}"
