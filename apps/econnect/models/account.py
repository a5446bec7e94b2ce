"""How we speak to eConnect: credentials, the token, the hook."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.models import Client
from apps.core.fields import EncryptedTextField
from apps.core.models import Leased
from apps.people.models import User


class Accounts(models.QuerySet["Account"]):
    """Rows of the firm itself, for administrators only."""

    def visible_to(self, user: Any) -> Self:
        """Return everything for administrators, nothing for others."""
        return self if isinstance(user, User) and user.is_active and user.sees_everything else self.none()


class Account(Leased):
    """Credentials at eConnect's PSB interface: the firm's software, or besides that the user of one client.

    The one of the firm (`client` open) is kept equal to the ECONNECT_* settings, and carries the hook.
    """

    name = models.CharField(_("name"), max_length=100)
    client = models.OneToOneField(
        Client,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="econnect_account",
        verbose_name=_("client"),
        help_text=_("Only for a client that has a user of its own at eConnect."),
    )
    base_url = models.CharField(_("address"), max_length=200, editable=False)
    identity_url = models.CharField(_("address of the identity service"), max_length=200, editable=False)
    app_id = models.CharField(_("client id"), max_length=200, editable=False)
    client_secret = EncryptedTextField(_("client secret"), blank=True, default="")
    username = models.CharField(_("user name"), max_length=200, blank=True, default="")
    password = EncryptedTextField(_("password"), blank=True, default="")
    access_token = EncryptedTextField(blank=True, default="")
    token_until = models.DateTimeField(_("token lives until"), null=True, editable=False)
    hook_id = models.CharField(_("id of the hook"), max_length=100, blank=True, default="", editable=False)
    hook_secret = EncryptedTextField(_("secret of the hook"), blank=True, default="")
    hook_former_secret = EncryptedTextField(
        blank=True, default="", help_text="Still taken, until a call is signed with the new one."
    )
    hook_checked_at = models.DateTimeField(_("hook looked at"), null=True, editable=False)
    hook_trouble = models.TextField(_("trouble with the hook"), blank=True, default="", editable=False)
    checked_at = models.DateTimeField(_("looked at"), null=True, editable=False)
    trouble = models.TextField(_("trouble"), blank=True, default="", editable=False)

    objects = Accounts.as_manager()
    history = HistoricalRecords(
        excluded_fields=[
            *(
                "client_secret",
                "password",
                "access_token",
                "hook_secret",
                "hook_former_secret",
                "token_until",
                "lease",
                "leased_until",
            ),
            *("checked_at", "trouble", "hook_checked_at", "hook_trouble"),
        ]
    )

    class Meta:
        verbose_name = _("eConnect account")
        verbose_name_plural = _("eConnect accounts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["base_url"], name="account_of_firm_once", condition=Q(client=None)
            )
        ]

    def __str__(self) -> str:
        return self.name
