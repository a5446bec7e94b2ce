"""How far each vendor of an administration is booked without a person, and who had the second look."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.clients.models.limits import MOST
from apps.invoices.models.invoice import Invoice
from apps.people.models import User


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
