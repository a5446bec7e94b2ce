"""Who is who at the simulated eConnect: users, parties, tokens, hooks."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class EconnectUser(models.Model):
    """The end customer of the software: whom a token of grant type `password` is for."""

    username = models.CharField(_("user name"), max_length=100, unique=True)
    password = models.CharField(_("password"), max_length=100)

    objects: ClassVar[models.Manager["EconnectUser"]] = models.Manager()

    class Meta:
        verbose_name = _("user at eConnect")
        verbose_name_plural = _("users at eConnect")

    def __str__(self) -> str:
        return self.username


class EconnectParty(models.Model):
    """A participant in the Peppol network, by its id in the number form, and what its user may do for it."""

    party_id = models.CharField(_("party id"), max_length=100, unique=True, help_text="0106:12345678")
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    user = models.ForeignKey(
        EconnectUser,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="parties",
        verbose_name=_("user"),
        help_text=_("Empty: the firm's own software."),
    )
    can_send_document = models.BooleanField(_("may send"), default=True)
    can_receive_document = models.BooleanField(_("may receive"), default=True)
    can_remove_document = models.BooleanField(_("may remove"), default=True)
    can_manage_hook = models.BooleanField(_("may manage hooks"), default=True)
    can_change_document_status = models.BooleanField(_("may answer senders"), default=True)

    objects: ClassVar[models.Manager["EconnectParty"]] = models.Manager()

    class Meta:
        verbose_name = _("party at eConnect")
        verbose_name_plural = _("parties at eConnect")

    def __str__(self) -> str:
        return f"{self.name} ({self.party_id})"


class EconnectToken(models.Model):
    """An access token of the firm's software (no user) or of a user."""

    access = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(EconnectUser, models.CASCADE, null=True, related_name="tokens")
    issued_at = models.DateTimeField()

    objects: ClassVar[models.Manager["EconnectToken"]] = models.Manager()

    def __str__(self) -> str:
        return f"token {self.pk}"


class EconnectHook(models.Model):
    """Somebody who wants to be told: of one party, or (no party) of all parties of the environment.

    `busy` and `busy_until` (seconds of the machine's clock) let one request at a time go to a hook.
    """

    hook_id = models.CharField(_("id of the hook"), max_length=100)
    party = models.ForeignKey(
        EconnectParty,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="hooks",
        verbose_name=_("party"),
        help_text=_("Empty: all parties."),
    )
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    action = models.CharField(_("address"), max_length=500)
    topics = models.JSONField(_("topics"), default=list)
    more = models.JSONField(default=dict, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    made_at = models.DateTimeField(_("made at"))
    changed_at = models.DateTimeField(_("changed at"))
    busy = models.CharField(max_length=36, blank=True, default="", editable=False)
    busy_until = models.FloatField(default=0, editable=False)

    objects: ClassVar[models.Manager["EconnectHook"]] = models.Manager()

    class Meta:
        verbose_name = _("hook at eConnect")
        verbose_name_plural = _("hooks at eConnect")
        constraints: ClassVar = [
            models.UniqueConstraint("hook_id", "party", name="party_hook_once"),
            models.UniqueConstraint(
                fields=["hook_id"], name="environment_hook_once", condition=models.Q(party=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.hook_id
