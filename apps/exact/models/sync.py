"""How far each mirror of each division has read, what the last run cost, and when the next one is due."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.exact.models.division import Division, OfDivision


class SyncState(models.Model):
    """Cursor of one resource of one division. `timestamp` for sync/ services, `modified` for the others."""

    division = models.ForeignKey(
        Division, models.CASCADE, related_name="sync_states", verbose_name=_("division")
    )
    resource = models.CharField(_("resource"), max_length=60)
    timestamp = models.BigIntegerField(default=0, help_text="Highest Timestamp seen (a row version).")
    modified = models.DateTimeField(
        null=True,
        help_text="All that Exact changed up to here is read; Dutch wall-clock time stored like UTC (Exact 3.3).",
    )
    next_page = models.TextField(
        blank=True, default="", help_text="Where a run that was cut off goes on: Exact's own link."
    )
    pending = models.JSONField(
        default=dict, help_text="Of the balances: the periods whose ledger lines changed since."
    )
    generation = models.PositiveIntegerField(default=1, help_text="Number of the present or last full pass.")
    full = models.BooleanField(
        default=True,
        help_text="The run under way (or the next one) is a full pass: what it does not see is gone.",
    )
    full_at = models.DateTimeField(null=True, help_text="When the last full pass came to its end.")
    calls = models.PositiveIntegerField(_("calls"), default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    total = models.PositiveIntegerField(_("rows in Exact"), null=True)
    seconds = models.FloatField(_("seconds"), default=0)
    synced_at = models.DateTimeField(_("last synced"), null=True)
    resume_at = models.DateTimeField(
        _("goes on at"), null=True, help_text="When a run that did not come to its end goes on by itself."
    )
    trouble = models.TextField(_("trouble"), blank=True, default="")

    objects = OfDivision.as_manager()

    class Meta:
        verbose_name = _("sync state")
        verbose_name_plural = _("sync states")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "resource"], name="sync_state_once")
        ]

    def __str__(self) -> str:
        return f"{self.division}: {self.resource}"


class SyncPlan(models.Model):
    """When a division is synced next, and how the run under way stands. `calls` and `rows` are of that run."""

    division = models.OneToOneField(
        Division, models.CASCADE, related_name="sync_plan", verbose_name=_("division")
    )
    due_at = models.DateTimeField(_("next sync"), null=True, db_index=True)
    began_at = models.DateTimeField(_("begun"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    stop_asked = models.BooleanField(default=False)
    calls = models.PositiveIntegerField(_("calls"), default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)

    objects = OfDivision.as_manager()

    class Meta:
        verbose_name = _("sync")
        verbose_name_plural = _("syncs")

    def __str__(self) -> str:
        return str(self.division)
