"""The ceilings of the firm and of clients: up to where anything goes by itself, above where two people look."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.models.client import Client
from apps.people.models import User

MOST = MaxValueValidator(Decimal("999999999999.99"))  # SQLite keeps fifteen digits of an amount, not sixteen


class AllLimits(models.QuerySet["Limits"]):
    """The firm's ceilings and those of clients."""

    def visible_to(self, user: Any) -> Self:
        """Return the firm's and those of the clients that `user` works for."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        mine = user.assignments.values("client")
        return self if user.sees_everything else self.filter(Q(client=None) | Q(client__in=mine))


class Limits(models.Model):
    """Ceilings of the firm (no client) or of one client; the lower one holds. Amounts with VAT, None: no ceiling."""

    client = models.OneToOneField(
        Client, models.CASCADE, null=True, blank=True, related_name="limits", verbose_name=_("client")
    )
    automatic_up_to = models.DecimalField(
        _("automatic up to"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MOST]
    )
    four_eyes_above = models.DecimalField(
        _("a second person above"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MOST]
    )
    untouched = models.PositiveSmallIntegerField(
        _("untouched bookings before automatic is offered"), null=True, blank=True
    )

    objects = AllLimits.as_manager()
    history = HistoricalRecords(table_name="invoices_historicallimits")

    class Meta:
        db_table = "invoices_limits"  # where it stood before orders asked, too
        verbose_name = _("limits of automatic booking")
        verbose_name_plural = _("limits of automatic booking")
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(client=None), name="firm_has_one_set_of_limits"
            )
        ]

    def __str__(self) -> str:
        return str(self.client or _("the whole firm"))
