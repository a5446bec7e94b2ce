"""The VAT table of each administration, and the firm's word on what the scenarios mean in a VAT return."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.people.models import User
from apps.rules.scenario import Scenario


class VATTables(VisibleQuerySet["VATTable"]):
    """Rows of the VAT tables."""


class VATTable(models.Model):
    """In this administration this scenario is booked with that VAT code. Counts once confirmed, and while undoubted.

    `facts`: what Exact said of the code when it was confirmed (type, charged, percentage as text, description);
    `doubt`: what changed there since, "" while nothing did.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="vat_table", verbose_name=_("administration")
    )
    scenario = models.CharField(_("VAT scenario"), max_length=20, choices=Scenario.choices)
    vat_code = models.CharField(_("VAT code"), max_length=10)
    why = models.CharField(_("why"), max_length=255, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.CharField(_("confirmed by"), max_length=200, blank=True)
    facts = models.JSONField(default=dict, editable=False)
    doubt = models.CharField(_("to be confirmed again"), max_length=255, blank=True, editable=False)

    objects = VATTables.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("row of a VAT table")
        verbose_name_plural = _("VAT tables")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["administration", "scenario"], name="scenario_once"),
            models.CheckConstraint(
                name="confirmed_by_somebody",
                condition=Q(confirmed_at=None, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scenario_display()}: {self.vat_code}"


class ScenarioSignOffs(models.QuerySet["ScenarioSignOff"]):
    """Sign-offs of the table of scenarios."""

    def visible_to(self, user: Any) -> Self:
        """Return the sign-offs: the table is the firm's, everybody may see who stands for it."""
        return self if isinstance(user, User) and user.is_active else self.none()


class ScenarioSignOff(models.Model):
    """Somebody of the firm stands for the table of scenarios and boxes; `digest` says which table that was."""

    digest = models.CharField(max_length=64)
    signed_by = models.ForeignKey(
        User, models.PROTECT, related_name="scenario_sign_offs", verbose_name=_("signed off by")
    )
    signed_at = models.DateTimeField(_("signed off at"))
    remark = models.TextField(_("remark"), blank=True)

    objects = ScenarioSignOffs.as_manager()

    class Meta:
        verbose_name = _("sign-off of the VAT scenarios")
        verbose_name_plural = _("sign-offs of the VAT scenarios")

    def __str__(self) -> str:
        return f"{self.signed_by} {self.signed_at:%Y-%m-%d}"
