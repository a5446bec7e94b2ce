"""How a line is booked: rules of people, and the VAT table of each administration."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration, Client
from apps.people.models import User
from apps.rules.scenario import Scenario


class BookingRules(VisibleQuerySet["BookingRule"]):
    """Rules of administrations, of clients and of the firm."""

    def visible_to(self, user: Any) -> Self:
        """Return the firm's rules and those of the clients that `user` works for."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.sees_everything:
            return self
        mine = user.assignments.values("client")
        firm = Q(client=None, administration=None)
        return self.filter(firm | Q(client__in=mine) | Q(administration__client__in=mine))

    def for_administration(self, administration: Administration) -> Self:
        """Return the active rules that may speak here, strongest first: administration, client, firm."""
        firm = Q(client=None, administration=None)
        here = Q(administration=administration) | Q(client=administration.client_id) | firm
        strength = models.Case(
            models.When(administration__isnull=False, then=0),
            models.When(client__isnull=False, then=1),
            default=2,
        )
        return self.filter(here, active=True).order_by(strength, "position", "pk")


class BookingRule(models.Model):
    """Condition -> ledger account, VAT code, cost centre, cost unit. Empty conditions fit everything.

    Codes and not Exact's ids: a rule of the firm must mean something in every division.
    """

    name = models.CharField(_("name"), max_length=100)
    administration = models.ForeignKey(
        Administration,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="booking_rules",
        verbose_name=_("administration"),
    )
    client = models.ForeignKey(
        Client, models.CASCADE, null=True, blank=True, related_name="booking_rules", verbose_name=_("client")
    )
    supplier_contains = models.CharField(
        _("supplier's name contains"), max_length=100, blank=True, help_text=_("Capitals do not matter.")
    )
    supplier_code = models.CharField(_("supplier's code in Exact"), max_length=18, blank=True)
    text_contains = models.CharField(_("line text contains"), max_length=100, blank=True)
    gl_code = models.CharField(_("ledger account"), max_length=60, blank=True)
    vat_code = models.CharField(_("VAT code"), max_length=10, blank=True)
    cost_center = models.CharField(_("cost centre"), max_length=20, blank=True)
    cost_unit = models.CharField(_("cost unit"), max_length=20, blank=True)
    position = models.PositiveIntegerField(_("order"), default=100)
    active = models.BooleanField(_("active"), default=True)

    objects = BookingRules.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("booking rule")
        verbose_name_plural = _("booking rules")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="rule_has_one_owner", condition=Q(administration=None) | Q(client=None)
            ),
            models.CheckConstraint(
                name="rule_has_a_condition",
                condition=~Q(supplier_contains="") | ~Q(supplier_code="") | ~Q(text_contains=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VATTables(VisibleQuerySet["VATTable"]):
    """Rows of the VAT tables."""


class VATTable(models.Model):
    """In this administration this scenario is booked with that VAT code. Counts only once confirmed."""

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="vat_table", verbose_name=_("administration")
    )
    scenario = models.CharField(_("VAT scenario"), max_length=20, choices=Scenario.choices)
    vat_code = models.CharField(_("VAT code"), max_length=10)
    why = models.CharField(_("why"), max_length=255, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.CharField(_("confirmed by"), max_length=200, blank=True)

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
