"""Who may reach what: apps, people, grants, tokens."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegisteredApp(models.Model):
    """An app in the App Center: who may ask people for access, and to where they are sent back."""

    client_id = models.CharField(_("client id"), max_length=36, unique=True)
    secret = models.CharField(_("client secret"), max_length=100)
    webhook_secret = models.CharField(_("webhook secret"), max_length=100, blank=True, default="")
    redirect_uri = models.CharField(_("redirect address"), max_length=300)
    missing_scopes = models.JSONField(_("scopes it lacks"), default=list, blank=True)

    objects: ClassVar[models.Manager["RegisteredApp"]] = models.Manager()

    class Meta:
        verbose_name = _("registered app")
        verbose_name_plural = _("registered apps")

    def __str__(self) -> str:
        return self.client_id


class ExactUser(models.Model):
    """Somebody with a login at Exact Online. `blocked` holds Exact's reason word, such as BlockedUser."""

    user_id = models.CharField(_("user id"), max_length=36, unique=True)
    data = models.JSONField(_("fields of Me"))
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )
    blocked = models.CharField(_("blocked, with this reason"), max_length=30, blank=True, default="")
    divisions = models.JSONField(
        _("divisions that the user may open"), null=True, blank=True, help_text=_("Empty: all of them.")
    )
    missing_scopes = models.JSONField(_("rights that the user lacks"), default=list, blank=True)

    objects: ClassVar[models.Manager["ExactUser"]] = models.Manager()

    class Meta:
        verbose_name = _("Exact user")
        verbose_name_plural = _("Exact users")

    def __str__(self) -> str:
        return str(self.data.get("FullName") or self.user_id)

    def may_open(self, division: int) -> bool:
        """Tell whether the user reaches a division at all."""
        return self.divisions is None or division in self.divisions


class Grant(models.Model):
    """That a user lets an app reach these divisions."""

    app = models.ForeignKey(RegisteredApp, models.CASCADE, related_name="grants", verbose_name=_("app"))
    user = models.ForeignKey(ExactUser, models.CASCADE, related_name="grants", verbose_name=_("user"))
    divisions = models.JSONField(_("divisions"), default=list)

    objects: ClassVar[models.Manager["Grant"]] = models.Manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints: ClassVar = [models.UniqueConstraint("app", "user", name="grant_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.app}"

    @property
    def reach(self) -> list[int]:
        """The divisions that were ticked and that the user may open still."""
        return [code for code in self.divisions if self.user.may_open(code)]


class Code(models.Model):
    """An authorisation code: for one exchange within three minutes."""

    code = models.CharField(max_length=120, unique=True)
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="codes")
    redirect_uri = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    used = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["Code"]] = models.Manager()

    def __str__(self) -> str:
        return f"code {self.pk}"


class Token(models.Model):
    """A pair of tokens. `rotated` once its refresh token was used or the chain was replaced."""

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="tokens")
    access = models.CharField(max_length=200, unique=True)
    refresh = models.CharField(max_length=200, unique=True)
    issued_at = models.DateTimeField()
    rotated = models.BooleanField(default=False)
    ended = models.CharField(
        max_length=20, blank=True, default="", help_text="Why the whole chain ended: password or consent."
    )

    objects: ClassVar[models.Manager["Token"]] = models.Manager()

    def __str__(self) -> str:
        return f"token {self.pk}"
