"""A link by which somebody without an account here connects one administration."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core import clock
from apps.core.fields import EncryptedTextField
from apps.exact.models.connection import ExactApp
from apps.exact.models.division import Division
from apps.people.models import User


class ShareState(models.TextChoices):
    """How far the person with the link has come. What is past its day is still in one of the first four."""

    MADE = "made", _("made")
    OPENED = "opened", _("opened")
    SIGNED_IN = "signed_in", _("signed in")
    WRONG = "wrong", _("wrong administration")
    DONE = "done", _("done")
    REVOKED = "revoked", _("revoked")


class ShareLinks(VisibleQuerySet["ShareLink"]):
    """Links of the administrations that somebody may see."""


class ShareLink(models.Model):
    """One link: for one administration, once, until it expires. Only the hash of its token is kept.

    With a `division` it reconnects that one and no other. `trouble` says what went wrong last, in the words that
    the person with the link read.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="share_links", verbose_name=_("administration")
    )
    division = models.ForeignKey(
        Division, models.CASCADE, null=True, related_name="share_links", verbose_name=_("division")
    )
    app = models.ForeignKey(ExactApp, models.CASCADE, related_name="+", verbose_name=_("Exact app"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    for_whom = models.CharField(_("for whom"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="share_links", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("valid until"))
    state = models.CharField(_("status"), max_length=10, choices=ShareState.choices, default=ShareState.MADE)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    signed_in_at = models.DateTimeField(_("signed in at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    user_name = models.CharField(_("name of the Exact user"), max_length=200, blank=True)
    trouble = models.TextField(_("what went wrong"), blank=True, default="")
    said = models.JSONField(default=dict, editable=False, help_text="The same words in each language.")
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )
    unsent = EncryptedTextField(blank=True, default="", help_text="The token until the mail with it went.")
    mail_at = models.DateTimeField(_("mail is tried at"), null=True, editable=False)
    mail_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    tell_at = models.DateTimeField(
        null=True, editable=False, help_text="Its maker is told then; empty: as soon as there is news."
    )
    tell_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    told_of = models.CharField(
        max_length=10, blank=True, default="", editable=False, help_text="News that its maker was told of."
    )

    objects = ShareLinks.as_manager()
    history = HistoricalRecords(
        excluded_fields=[
            "token_hash",
            "unsent",
            "mail_at",
            "mail_attempts",
            "said",
            "tell_at",
            "tell_attempts",
            "told_of",
        ]
    )

    ENDED: ClassVar = (ShareState.DONE, ShareState.REVOKED)
    TOLD: ClassVar = (ShareState.DONE, ShareState.WRONG)
    NEWS: ClassVar[dict[str, Any]] = {
        "tell_at": None,
        "tell_attempts": 0,
    }  # to store with what its maker is told of

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ended_share_link_says_when",
                condition=Q(state__in=("done", "revoked"), ended_at__isnull=False)
                | (~Q(state__in=("done", "revoked")) & Q(ended_at=None)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.administration} {self.made_at:%Y-%m-%d}"

    @property
    def is_expired(self) -> bool:
        """Whether its day is past while it was still open."""
        return self.state not in self.ENDED and self.expires_at <= clock.now()

    @property
    def standing(self) -> str:
        """How far it has come, in a word."""
        if self.is_disowned:
            return str(ShareState.REVOKED.label)
        if self.is_expired:
            return str(_("expired"))
        return str(_("could not be sent") if self.is_unmailed else self.get_state_display())

    @property
    def is_open(self) -> bool:
        """Whether somebody may still sign in with it."""
        return self.state not in self.ENDED and not self.is_expired and not self.is_disowned

    @property
    def is_disowned(self) -> bool:
        """Whether whoever made it may not come in here any more, while it was still open."""
        return bool(self.state not in self.ENDED and self.made_by and not self.made_by.is_active)

    @property
    def is_unmailed(self) -> bool:
        """Whether its mail could not be sent, and nobody has opened it either."""
        return self.state == ShareState.MADE and bool(self.trouble)

    def move(self, *, why: str = "", was: ShareState | None = None, **values: Any) -> bool:
        """Change an open link and keep the change in its history; False when it has ended or is past its day.

        `was`: only while it is in this state.
        """
        now = clock.now()
        same = ShareLink.objects.filter(pk=self.pk, expires_at__gt=now).exclude(state__in=self.ENDED)
        same = same.exclude(made_by__is_active=False)
        if was is not None:
            same = same.filter(state=was)
        if same.update(**values) != 1:
            return False
        self._remember(why)
        return True

    def revoke(self, *, by: User | None = None) -> bool:
        """Let the link open nothing any more; False when it had ended already."""
        same = ShareLink.objects.filter(pk=self.pk).exclude(state__in=self.ENDED)
        ended = {"state": ShareState.REVOKED, "ended_at": clock.now(), "unsent": "", "mail_at": None}
        if same.update(**ended) != 1:
            return False
        self._remember(by=by)
        return True

    def _remember(self, why: str = "", by: User | None = None) -> None:
        self.refresh_from_db()
        ShareLink.history.bulk_history_create(
            [self],
            update=True,
            default_user=by,
            default_change_reason=why[:100] or self.get_state_display(),
            default_date=clock.now(),
        )
