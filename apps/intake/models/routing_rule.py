"""What the firm decided about where things belong."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.intake.models.part import Part
from apps.intake.models.words import Comparison, Evidence
from apps.people.models import User

_SENTENCES = {
    Evidence.RECIPIENT: _("what is sent to an address that %(how)s “%(value)s”"),
    Evidence.SENDER: _("what comes from an address that %(how)s “%(value)s”"),
    Evidence.RECEIVER: _("what names a receiver that %(how)s “%(value)s”"),
    Evidence.BUYER_REFERENCE: _("what has a reference of the buyer that %(how)s “%(value)s”"),
    Evidence.ORDER_NUMBER: _("what has an order number that %(how)s “%(value)s”"),
    Evidence.TEXT: _("what has a text that %(how)s “%(value)s”"),
}
_EQUAL = {
    Evidence.RECIPIENT: _("what is sent to “%(value)s”"),
    Evidence.SENDER: _("what comes from “%(value)s”"),
    Evidence.RECEIVER: _("what names “%(value)s” as its receiver"),
    Evidence.BUYER_REFERENCE: _("what has “%(value)s” as the buyer's reference"),
    Evidence.ORDER_NUMBER: _("what has “%(value)s” as its order number"),
}


def rule_sentence(evidence: str, comparison: str, value: str) -> str:
    """Return what a rule takes, in words: "what is sent to “post+bakker@firm.nl”"."""
    equal = _EQUAL.get(Evidence(evidence)) if comparison == Comparison.EQUALS else None
    words = equal or _SENTENCES[Evidence(evidence)]
    return str(words) % {"how": Comparison(comparison).label, "value": value}


class RoutingRules(VisibleQuerySet["RoutingRule"]):
    """Rules that say for whom something is."""


class RoutingRule(models.Model):
    """What is sent to this address, comes from that one, names this receiver, ... is for that administration."""

    evidence = models.CharField(_("looks at"), max_length=20, choices=Evidence.choices)
    comparison = models.CharField(
        _("which"), max_length=10, choices=Comparison.choices, default=Comparison.EQUALS
    )
    value = models.CharField(_("value"), max_length=250)
    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="routing_rules", verbose_name=_("administration")
    )
    is_active = models.BooleanField(_("active"), default=True)
    made_by = models.CharField(_("made by"), max_length=150, blank=True, default="", editable=False)
    made_at = models.DateTimeField(_("made at"), null=True, editable=False)
    made_from = models.ForeignKey(
        Part, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("made from")
    )

    objects = RoutingRules.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evidence", "comparison", "value", "administration"], name="routing_rule_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["evidence", "value"], name="routing_rule_value")]

    def __str__(self) -> str:
        return rule_sentence(self.evidence, self.comparison, self.value)

    def switch(self, *, on: bool, at: datetime, by: User) -> None:
        """Let it count, or no longer; `at` is when it was decided that it counts."""
        self.is_active, self.made_at = on, at if on else self.made_at
        self._history_user = by
        self.save(update_fields=["is_active", "made_at"])
