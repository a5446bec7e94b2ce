"""Exact app, connection, and the way of a sign-in."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.core.fields import EncryptedTextField
from apps.core.http import is_allowed
from apps.core.models import Leased
from apps.exact.losses import Loss, Remedy, remedy_of
from apps.people.models import User


def validate_base_url(url: str) -> None:
    """Raise ValidationError unless `url` is https, or plain http on loopback."""
    if not is_allowed(url):
        raise ValidationError(_("Only https addresses may be called; plain http only on this machine."))


class FirmWide(models.QuerySet[Any]):
    """Rows of the whole firm: administrators only."""

    def visible_to(self, user: Any) -> Self:
        """Return every row to administrators, nothing to others."""
        return self if isinstance(user, User) and user.is_active and user.sees_everything else self.none()


class ExactApp(models.Model):
    """Our registration at one Exact country: host, client id and secret. The default one mirrors EXACT_*."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    country = models.CharField(_("country"), max_length=2, default="NL")
    base_url = models.CharField(_("address"), max_length=200, validators=[validate_base_url])
    client_id = models.CharField(_("client id"), max_length=100)
    client_secret = EncryptedTextField(_("client secret"))
    webhook_secret = EncryptedTextField(_("webhook secret"), blank=True, default="")
    redirect_uri = models.CharField(_("redirect address"), max_length=200)
    is_default = models.BooleanField(_("default"), default=False)

    objects = FirmWide.as_manager()
    history = HistoricalRecords(excluded_fields=["client_secret", "webhook_secret"])

    class Meta:
        verbose_name = _("Exact app")
        verbose_name_plural = _("Exact apps")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_app"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ConnectionStatus(models.TextChoices):
    """Whether the token chain of a connection can still be used."""

    ALIVE = "alive", _("working")
    UNSURE = "unsure", _("unsure: a renewal got no answer")
    BLOCKED = "blocked", _("blocked by Exact")
    LOST = "lost", _("lost: sign in again")


class Connection(Leased):
    """The token chain of one Exact user at one Exact app. It serves every division that user may reach."""

    app = models.ForeignKey(ExactApp, models.PROTECT, related_name="connections", verbose_name=_("Exact app"))
    exact_user = models.UUIDField(_("Exact user"))
    user_name = models.CharField(_("name of the Exact user"), max_length=200)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="connections", verbose_name=_("connected by")
    )
    access_token = EncryptedTextField()
    refresh_token = EncryptedTextField()
    issued_at = models.DateTimeField(_("token issued at"))
    expires_at = models.DateTimeField(_("token expires at"))
    version = models.PositiveIntegerField(default=1, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=ConnectionStatus.choices, default=ConnectionStatus.ALIVE
    )
    loss = models.CharField(
        _("what is wrong"), max_length=30, choices=Loss.choices, blank=True, default="", editable=False
    )
    trouble = models.TextField(_("words of Exact"), blank=True, default="")
    troubled_at = models.DateTimeField(_("in trouble since"), null=True, editable=False)
    try_at = models.DateTimeField(
        _("tried again at"), null=True, editable=False, help_text="Before this nobody asks for a new pair."
    )
    asked_at = models.DateTimeField(
        null=True, editable=False, help_text="A renewal was sent then, and what came of it is not stored yet."
    )
    warned_at = models.DateTimeField(null=True, editable=False)
    told_at = models.DateTimeField(_("owner told at"), null=True, editable=False)
    connected_at = models.DateTimeField(_("connected at"))
    me_facts = models.JSONField(
        default=dict,
        editable=False,
        help_text="Flags of current/Me that say what kind of user this is (1.5).",
    )
    me_asked_at = models.DateTimeField(null=True, editable=False)
    list_is_partial = models.BooleanField(
        default=False,
        editable=False,
        help_text="The divisions came from hrm/Divisions: one licence, no chamber numbers (Exact facts 1.6).",
    )
    is_shared = models.BooleanField(
        _("by a share link"),
        default=False,
        editable=False,
        help_text="Of somebody outside the firm: it serves the divisions it was asked for, and takes no others.",
    )

    objects = FirmWide.as_manager()
    history = HistoricalRecords(
        excluded_fields=[
            "access_token",
            "refresh_token",
            "lease",
            "leased_until",
            "version",
            "asked_at",
            "me_facts",
            "me_asked_at",
            "list_is_partial",
        ]
    )

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["app", "exact_user"], name="one_chain_per_user")
        ]

    def __str__(self) -> str:
        return f"{self.user_name} ({self.app})"

    @property
    def remedy(self) -> Remedy | None:
        """What is wrong and what to do about it; None while nothing is."""
        return remedy_of(self.loss, ended=self.status == ConnectionStatus.LOST)

    @property
    def sentences(self) -> str:
        """What is wrong and what to do about it as text for people, "" while nothing is."""
        remedy = self.remedy
        return f"{remedy.sentence} {remedy.remedy}" if remedy else ""

    @property
    def ends_at(self) -> datetime:
        """When Exact ends the chain if nobody renews it: 30 days after the last pair (Exact facts 1.3)."""
        return self.issued_at + timedelta(days=30)


class SignIn(models.Model):
    """Somebody was sent to Exact's consent page and may come back once, with this state.

    The pair that Exact gave is kept here at once, before anything is asked with it: whoever is cut off between
    the exchange and the stored connection goes on from here.
    """

    app = models.ForeignKey(ExactApp, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    division = models.ForeignKey(
        "exact.Division", models.CASCADE, null=True, related_name="+", help_text="Reconnects this one only."
    )
    share = models.ForeignKey(
        "exact.ShareLink",
        models.CASCADE,
        null=True,
        related_name="sign_ins",
        help_text="Who has no account here.",
    )
    connection = models.ForeignKey(
        Connection, models.CASCADE, null=True, related_name="+", help_text="Reconnects its divisions only."
    )
    state = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True)
    access_token = EncryptedTextField(blank=True, default="")
    refresh_token = EncryptedTextField(blank=True, default="")
    issued_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    rescued_at = models.DateTimeField(
        null=True, help_text="The chain of whoever signed in has the pair since then, if it lives."
    )
    is_over = models.BooleanField(
        default=False, help_text="Nobody completes it; its pair may still be the only good one of a chain."
    )
    found = models.JSONField(
        null=True, help_text="Who signed in by a share link and what that login opens, while they choose."
    )

    objects = FirmWide.as_manager()

    def __str__(self) -> str:
        return f"{self.user or ''} {self.begun_at:%Y-%m-%d %H:%M}".strip()
