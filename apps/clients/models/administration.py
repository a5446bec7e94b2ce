"""The administrations of clients, and the numbers by which they are addressed."""

from datetime import datetime
from typing import ClassVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models.client import Client
from apps.clients.models.words import ClosedPeriod, EntryLines, MatchOrder, Mode, Package
from apps.core import clock
from apps.people.models import User


class Administrations(VisibleQuerySet["Administration"]):
    """Administrations of the firm's clients."""

    administration_path = ""


class Administration(models.Model):
    """One set of books of a client, in one package."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="administrations", verbose_name=_("client")
    )
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), unique=True)
    package = models.CharField(
        _("package"), max_length=20, choices=Package.choices, default=Package.EXACT_ONLINE
    )
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, default=Mode.PROPOSE)
    purchase_journal = models.CharField(
        _("purchase journal"),
        max_length=18,
        blank=True,
        help_text=_("Code of the journal in Exact that purchase entries go to."),
    )
    paused_at = models.DateTimeField(
        _("paused since"),
        null=True,
        blank=True,
        editable=False,
        help_text="Nothing is booked until it is resumed.",
    )
    closed_period = models.CharField(
        _("date in a closed period"), max_length=6, choices=ClosedPeriod.choices, default=ClosedPeriod.WAIT
    )
    match_order = models.CharField(
        _("evidence about vendors"),
        max_length=10,
        choices=MatchOrder.choices,
        default=MatchOrder.STRONGEST,
        help_text=_(
            "Domains that several companies share are the known cause of bookings on the wrong supplier."
        ),
    )
    entry_lines = models.CharField(
        _("lines of an entry"), max_length=8, choices=EntryLines.choices, default=EntryLines.EACH
    )
    suspense_account = models.CharField(
        _("suspense account"),
        max_length=60,
        blank=True,
        help_text=_("Code of the ledger account for what the client is asked about."),
    )
    globe_version = models.CharField(
        _("version of Exact Globe"),
        max_length=20,
        blank=True,
        help_text=_("As Exact Globe shows it in Help > About, such as 413 or 420SP5."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = Administrations.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("administration")
        verbose_name_plural = _("administrations")

    def __str__(self) -> str:
        return self.name

    def pause(self, *, by: User) -> bool:
        """Send nothing more to Exact until it is resumed; False when it was paused already."""
        return self._set_paused(clock.now(), by)

    def resume(self, *, by: User) -> bool:
        """Let it go on; False when it was not paused."""
        return self._set_paused(None, by)

    def remark(self, words: str, *, by: User) -> None:
        """Write into the history what somebody decided here that changes no field of it."""
        with (
            transaction.atomic()
        ):  # the row as it is now: somebody may have paused it since this one was read
            row = Administration.objects.select_for_update().get(pk=self.pk)
            row._remember(words[:100], by)  # as much as a history row holds

    def _remember(self, words: str, by: User) -> None:
        self._history_user = by
        self._change_reason = words
        self.save(update_fields=["paused_at"])

    def _set_paused(self, at: datetime | None, by: User) -> bool:
        with transaction.atomic():
            other_way = Administration.objects.filter(pk=self.pk, paused_at__isnull=at is not None)
            if other_way.update(paused_at=at) != 1:
                return False
            self.paused_at = at
            self._history_user = by  # who did it stands in the history
            self.save(update_fields=["paused_at"])
        return True


class AdministrationIdentifiers(VisibleQuerySet["AdministrationIdentifier"]):
    """Numbers by which the outside world addresses our administrations."""


class AdministrationIdentifier(models.Model):
    """One number or address of an administration, normalised by `core.identifiers`."""

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="identifiers", verbose_name=_("administration")
    )
    kind = models.CharField(_("kind"), max_length=20)
    value = models.CharField(_("value"), max_length=120)

    objects = AdministrationIdentifiers.as_manager()

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["administration", "kind", "value"], name="identifier_once")
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "value"], name="identifier_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
