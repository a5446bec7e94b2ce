"""The firm's clients, their administrations, and who works for whom."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.core import clock
from apps.people.models import User


class Clients(VisibleQuerySet["Client"]):
    """Clients of the firm."""

    def visible_to(self, user: Any) -> Self:
        """Return the clients that `user` works for; all of them for administrators."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        return self if user.sees_everything else self.filter(pk__in=user.assignments.values("client"))


class ClientGroups(models.QuerySet["ClientGroup"]):
    """Groups of clients."""

    def visible_to(self, user: Any) -> Self:
        """Return the groups: they are words of the firm, the clients in them are not shown by them."""
        return self if isinstance(user, User) and user.is_active else self.none()


class ClientGroup(models.Model):
    """Clients that are booked alike: restaurants, care, an office of the firm. Rules can be for a group."""

    name = models.CharField(_("name"), max_length=100, unique=True)

    objects = ClientGroups.as_manager()

    class Meta:
        verbose_name = _("group of clients")
        verbose_name_plural = _("groups of clients")

    def __str__(self) -> str:
        return self.name


class Client(models.Model):
    """A customer of the firm."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    group = models.ForeignKey(
        ClientGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="clients",
        verbose_name=_("group of clients"),
    )
    question_email = models.EmailField(
        _("e-mail address for questions"),
        blank=True,
        help_text=_("Where questions about its documents are sent."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = Clients.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")

    def __str__(self) -> str:
        return self.name


class Package(models.TextChoices):
    """The bookkeeping package of an administration."""

    EXACT_ONLINE = "exact_online", "Exact Online"
    EXACT_GLOBE = "exact_globe", "Exact Globe"
    ACCEPT = "accept", "Accept"


class Mode(models.TextChoices):
    """How far an administration runs by itself."""

    PILOT = "pilot", _("pilot (shadow)")
    PROPOSE = "propose", _("propose")
    AUTOMATIC = "automatic", _("automatic")


class ClosedPeriod(models.TextChoices):
    """What happens with a document whose date lies in a closed or filed period."""

    WAIT = "wait", _("it waits for a person")
    NEXT = "next", _("it is booked on the first open day, and says so")


class EntryLines(models.TextChoices):
    """How the lines of a document become lines of an entry."""

    EACH = "each", _("one for each line of the document")
    GROUPED = "grouped", _("one for each ledger account, VAT code and cost centre")


class MatchOrder(models.TextChoices):
    """Which evidence about a vendor is asked first. Evidence that disagrees is a conflict in either order."""

    STRONGEST = "strongest", _("strongest first")
    DOMAIN = "domain", _("e-mail domain first")


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


class Assignments(VisibleQuerySet["Assignment"]):
    """Who works for whom."""

    def visible_to(self, user: Any) -> Self:
        """Return the assignments of the clients that `user` works for."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        return self if user.sees_everything else self.filter(client__in=user.assignments.values("client"))


class Assignment(models.Model):
    """This person works for this client."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments", verbose_name=_("user"))
    client = models.ForeignKey(Client, models.CASCADE, related_name="assignments", verbose_name=_("client"))

    objects = Assignments.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "client"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.user} - {self.client}"
