"""Our participants in the Peppol network."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core.fields import EncryptedTextField
from apps.econnect.models.account import Account
from apps.people.models import User


class Parties(VisibleQuerySet["Party"]):
    """Participants; those of no administration yet are seen by reviewers and administrators."""

    unrouted = True


class Party(models.Model):
    """A party id that an account may act for (`me/party`), in the number form: `0106:12345678`."""

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="parties", verbose_name=_("eConnect account")
    )
    party_id = models.CharField(_("party id"), max_length=120)
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    administration = models.ForeignKey(
        Administration,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="parties",
        verbose_name=_("administration"),
    )
    permissions = models.JSONField(_("permissions"), default=dict, editable=False)
    seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)
    is_gone = models.BooleanField(_("no longer ours"), default=False, editable=False)
    answers_itself = models.BooleanField(
        _("acknowledge by itself"),
        default=False,
        help_text=_("Tell each sender that the document was received (AB), as soon as it is read."),
    )
    subscription_confirmed = models.CharField(
        _("subscription confirmed"), max_length=200, blank=True, default="", editable=False
    )
    credit_confirmed = models.CharField(
        _("credit confirmed"), max_length=200, blank=True, default="", editable=False
    )

    objects = Parties.as_manager()
    history = HistoricalRecords(excluded_fields=["seen_at"])

    class Meta:
        verbose_name = _("Peppol party")
        verbose_name_plural = _("Peppol parties")
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "party_id"], name="party_once")]
        indexes: ClassVar = [models.Index(fields=["party_id"], name="party_by_id")]

    def __str__(self) -> str:
        return f"{self.name} ({self.party_id})" if self.name else self.party_id

    def keep(self, *fields: str, by: User | None, why: str = "") -> None:
        """Store what somebody decided, with who and why in the history."""
        self._history_user = by
        self._change_reason = why[:100]
        self.save(update_fields=fields)


class PlatformKeys(models.Model):
    """App Key and Secret of eConnect's closed SOAP interface: for the set-up of Accept only, never sent by us."""

    administration = models.OneToOneField(
        Administration, models.CASCADE, related_name="platform_keys", verbose_name=_("administration")
    )
    company_id = models.CharField(
        _("company id"), max_length=30, blank=True, default="", help_text=_("XCNL or XCBE and digits.")
    )
    app_key = EncryptedTextField("App Key", blank=True, default="")
    app_secret = EncryptedTextField("App Secret", blank=True, default="")
    set_at = models.DateTimeField(_("set at"), null=True, editable=False)
    set_by = models.CharField(_("set by"), max_length=150, blank=True, default="", editable=False)

    objects = VisibleQuerySet["PlatformKeys"].as_manager()
    history = HistoricalRecords(excluded_fields=["app_key", "app_secret"])

    class Meta:
        verbose_name = _("connection keys")
        verbose_name_plural = _("connection keys")

    def __str__(self) -> str:
        return str(self.administration)
