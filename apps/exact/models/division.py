"""Division, what may still be called in it, and which package it has."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import M, VisibleQuerySet
from apps.clients.models import Administration
from apps.core.models import Leased
from apps.exact.losses import Loss
from apps.exact.models.connection import Connection, ExactApp
from apps.people.models import User


class Variant(models.TextChoices):
    """The variant of a package in Exact Online; it sets the booking lines of a month (Exact facts 2.1)."""

    ESSENTIALS = "essentials", "Essentials"
    PLUS = "plus", "Plus"
    PROFESSIONAL = "professional", "Professional"
    PREMIUM = "premium", "Premium"


class DivisionStatus(models.TextChoices):
    """Whether an administration is in use in Exact (Exact facts 1.6)."""

    REGULAR = "regular", _("in use")
    INACTIVE = "inactive", _("not active")
    ARCHIVED = "archived", _("archived")


class Divisions(VisibleQuerySet["Division"]):
    """Divisions; those of no administration are for administrators."""


class Division(Leased):
    """One administration as Exact numbers it. Its lease is the right to write into it."""

    app = models.ForeignKey(ExactApp, models.PROTECT, related_name="divisions", verbose_name=_("Exact app"))
    code = models.PositiveIntegerField(_("division"))
    connection = models.ForeignKey(
        Connection, models.SET_NULL, null=True, related_name="divisions", verbose_name=_("connection")
    )
    administration = models.OneToOneField(
        Administration,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="division",
        verbose_name=_("administration"),
    )
    hid = models.BigIntegerField(_("number in Exact"), null=True)
    name = models.CharField(_("name"), max_length=200)
    customer_name = models.CharField(_("owner"), max_length=200, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=40, blank=True)
    chamber_of_commerce = models.CharField(_("chamber of commerce"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2, default="NL")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    status = models.CharField(
        _("status in Exact"), max_length=10, choices=DivisionStatus.choices, default=DivisionStatus.REGULAR
    )
    blocking = models.PositiveSmallIntegerField(
        default=0, help_text="BlockingStatus of Exact; everything but 0 is blocked (1.6)."
    )
    seen_at = models.DateTimeField(_("last seen"))
    moved_at = models.DateTimeField(
        null=True,
        help_text="DivisionMoveDate or DivisionHRLinkUnlinkDate: all row versions are new since (3.6).",
    )
    refused = models.CharField(
        _("refused by Exact"), max_length=30, choices=Loss.choices, blank=True, default="", editable=False
    )
    package_type = models.CharField(_("package"), max_length=60, blank=True)
    package_variant = models.CharField(_("variant"), max_length=20, choices=Variant.choices, blank=True)
    volume_packs = models.PositiveSmallIntegerField(_("volume packs"), default=0)
    features = models.JSONField(_("features"), default=list, blank=True)
    is_test = models.BooleanField(
        _("test division"),
        default=False,
        editable=False,
        help_text=_("Kept for trials: what is booked there reaches no books."),
    )
    wanted = models.BooleanField(
        default=False, help_text="Somebody with a posting waits for the lease; a sync gives way."
    )

    objects = Divisions.as_manager()
    history = HistoricalRecords(
        excluded_fields=["lease", "leased_until", "seen_at", "wanted", "features", "moved_at"]
    )

    # Booking lines a month: 10,000, Premium 25,000, and 25,000 more with each volume pack (Exact facts 2.1).
    LINES: ClassVar[dict[str, int]] = {Variant.PREMIUM: 25_000}
    LINES_PER_PACK: ClassVar[int] = 25_000

    class Meta:
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        constraints: ClassVar = [models.UniqueConstraint(fields=["app", "code"], name="division_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def unused(self) -> str:
        """In a word why nobody works in it in Exact, "" when it is in use."""
        if self.blocking:
            return str(_("blocked"))
        return "" if self.status == DivisionStatus.REGULAR else str(self.get_status_display())

    def mark(self, *, is_test: bool, by: User | None = None) -> None:
        """Say whether this division is kept for trials; the history says who said so."""
        self.is_test = is_test
        self._change_reason = str(_("a test division") if is_test else _("no test division"))
        if by is not None:
            self._history_user = by
        self.save(update_fields=["is_test"])

    @property
    def lines_a_month(self) -> int:
        """How many booking lines the package allows in a month."""
        return self.LINES.get(self.package_variant, 10_000) + self.volume_packs * self.LINES_PER_PACK


class OfDivision(VisibleQuerySet[M]):
    """Rows of the divisions that somebody may see."""

    administration_path = "division__administration"


class CallWindow(models.Model):
    """Calls of our app in one division, in the present clock minute and UTC day (Exact facts 2.2).

    `minute` and `day` are numbers since 1970; the used counts belong to them. No `day_limit`: Exact told of none.
    """

    division = models.OneToOneField(
        Division, models.CASCADE, related_name="window", verbose_name=_("division")
    )
    minute = models.BigIntegerField(default=0)
    minute_used = models.PositiveIntegerField(default=0)
    minute_limit = models.PositiveIntegerField(default=60)
    day = models.BigIntegerField(default=0)
    day_used = models.PositiveIntegerField(default=0)
    day_limit = models.PositiveIntegerField(null=True, default=5000)

    objects = OfDivision.as_manager()

    def __str__(self) -> str:
        return f"{self.division_id}: {self.minute_used}, {self.day_used}"


class Refusals(models.Model):
    """Calls that Exact refused at one endpoint of a division, for one user: ten in an hour block it (2.3).

    `moments` are the refusals of the last hour, as seconds since 1970, oldest first.
    """

    division = models.ForeignKey(Division, models.CASCADE, related_name="refusals")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="+")
    endpoint = models.CharField(_("endpoint"), max_length=80)
    moments = models.JSONField(default=list)
    blocked_until = models.DateTimeField(_("waits until"), null=True)

    objects = OfDivision.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "connection", "endpoint"], name="refusals_once")
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.division_id}"
