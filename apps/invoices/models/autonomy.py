"""How far each vendor of an administration is booked without a person, and the ceilings of the firm and of clients."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration, Client
from apps.invoices.models.invoice import Invoice
from apps.people.models import User

MOST = MaxValueValidator(Decimal("999999999999.99"))  # SQLite keeps fifteen digits of an amount, not sixteen


class Level(models.TextChoices):
    """How far a vendor came."""

    PROPOSING = "proposing", _("a person accepts each")
    OFFERED = "offered", _("could be automatic")
    AUTOMATIC = "automatic", _("automatic")


class Held(models.TextChoices):
    """Why a vendor is proposed also where everything else runs by itself."""

    NO = "", _("not held")
    FELL = "fell", _("it fell back, until it is earned again")
    OFF = "off", _("a person switched it off, until a person switches it on")


class Autonomies(VisibleQuerySet["Autonomy"]):
    """Vendors and how far they came."""


class Autonomy(models.Model):
    """How far one supplier of an administration runs by itself. Every step is in the history.

    `untouched`: bookings in a row that no person had to change. `up_to`: the amount with VAT, in the division's
    currency, up to which it is automatic; None: the ceilings alone hold. `why`: what brought it to where it is.
    `held` counts in an administration that books everything by itself: there a vendor without it simply runs.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="autonomies", verbose_name=_("administration")
    )
    supplier = models.UUIDField(_("supplier"))
    supplier_name = models.CharField(_("name of the supplier"), max_length=255)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, default=Level.PROPOSING)
    untouched = models.PositiveIntegerField(_("untouched in a row"), default=0)
    up_to = models.DecimalField(
        _("automatic up to"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MOST],
    )
    held = models.CharField(_("held"), max_length=4, choices=Held.choices, blank=True, default=Held.NO)
    scenarios = models.JSONField(default=list, help_text="VAT scenarios of the bookings it was earned with.")
    why = models.CharField(_("why"), max_length=255, blank=True)
    changed_at = models.DateTimeField(_("since"))
    counted = models.ForeignKey(
        Invoice, models.SET_NULL, null=True, related_name="+", help_text="The last one that was counted."
    )

    objects = Autonomies.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("automatic booking of a vendor")
        verbose_name_plural = _("automatic booking of vendors")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["administration", "supplier"], name="autonomy_once")
        ]

    def __str__(self) -> str:
        return f"{self.supplier_name}: {self.get_level_display()}"

    def remember(self, why: str, *, by: User | None) -> None:
        """Write the row; the history says why, and by whom, None for the machine."""
        self._history_user = by
        self._change_reason = why[:100]  # as much as a history row holds
        self.save()


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
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("limits of automatic booking")
        verbose_name_plural = _("limits of automatic booking")
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(client=None), name="firm_has_one_set_of_limits"
            )
        ]

    def __str__(self) -> str:
        return str(self.client or _("the whole firm"))


class Approvals(VisibleQuerySet["Approval"]):
    """Second looks."""

    administration_path = "invoice__administration"


class Approval(models.Model):
    """A second person agreed with a document as it was at `version`. Only ever added."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="approvals", verbose_name=_("invoice"))
    by = models.ForeignKey(User, models.PROTECT, related_name="approvals", verbose_name=_("approved by"))
    at = models.DateTimeField(_("approved at"))
    version = models.PositiveIntegerField()

    objects = Approvals.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return f"{self.by} {self.at:%Y-%m-%d %H:%M}"
