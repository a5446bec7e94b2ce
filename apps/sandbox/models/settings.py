"""The settings, faults and packages that people switch."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Switches(models.Model):
    """The one row of settings: clock, limits and habits that the facts call uncertain."""

    seeded = models.BooleanField(default=False, editable=False)
    offset_seconds = models.FloatField(_("clock offset in seconds"), default=0.0)
    minute_limit = models.PositiveIntegerField(_("calls per minute and division"), default=60)
    day_limit = models.PositiveIntegerField(_("calls per day and division"), default=5000)
    error_limit = models.PositiveIntegerField(_("refused calls per hour and endpoint"), default=10)
    ledger_needs_filter = models.BooleanField(_("TransactionLines demand a filter"), default=True)
    early_refresh_is_401 = models.BooleanField(_("an early refresh gets the older answer 401"), default=False)
    documents_with_entries = models.BooleanField(_("an entry makes its own document"), default=True)
    whole_quantities = models.BooleanField(
        _("items that allow no fractions are ordered in whole units"), default=True
    )
    order_lines_alone = models.BooleanField(
        _("lines can be added to a purchase order by POST"), default=False
    )
    invoices_once = models.BooleanField(
        _("the same purchase invoice is refused the second time"), default=True
    )
    latency_ms = models.PositiveIntegerField(_("milliseconds that each call takes longer"), default=0)
    old_tokens_live = models.BooleanField(
        _("an old refresh token works until the new pair is used"), default=False
    )
    expires_in_is_number = models.BooleanField(_("expires_in is a number"), default=False)
    blocked_status = models.PositiveIntegerField(_("status while an endpoint is blocked"), default=429)
    trimmed_texts = models.BooleanField(_("texts come without padding"), default=False)
    webhook_delay_seconds = models.FloatField(_("seconds until a webhook is sent"), default=0)
    webhook_times = models.PositiveIntegerField(_("times that each webhook is sent"), default=1)
    webhooks_reversed = models.BooleanField(_("webhooks arrive newest first"), default=False)

    mailbox_minutes = models.PositiveSmallIntegerField(
        _("minutes until a new digital mailbox is seen"), default=0
    )
    mailbox_senders = models.JSONField(
        _("allowed senders of digital mailboxes"),
        default=list,
        blank=True,
        help_text=_("E-mail addresses; what others mail is blocked."),
    )

    blocked_divisions = models.JSONField(
        _("blocked divisions"),
        default=dict,
        blank=True,
        help_text=_('Division and Reason header, such as {"3100101": "DivisionBlocked"}.'),
    )

    made_up_histories = models.JSONField(
        default=dict,
        editable=False,
        help_text="By division: what its history was made with (seed.add_history).",
    )

    objects: ClassVar[models.Manager["Switches"]] = models.Manager()

    class Meta:
        verbose_name = _("settings of the sandbox")
        verbose_name_plural = _("settings of the sandbox")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class FaultKind(models.TextChoices):
    """What can go wrong on purpose."""

    ERROR_BEFORE_COMMIT = "error_before_commit", _("error, nothing done")
    ERROR_AFTER_COMMIT = "error_after_commit", _("error, although done")
    DROPPED_BEFORE = "dropped_before", _("connection breaks, nothing done")
    DROPPED_ANSWER = "dropped_answer", _("done, but the answer is lost")
    TOO_MANY = "too_many", _("too many calls (429)")
    EXPIRED_TOKEN = "expired_token", _("token expired (401)")
    STALL = "stall", _("waits, then does it")
    STALL_ANSWER = "stall_answer", _("does it, then waits")
    LOST_REFRESH = "lost_refresh", _("new tokens made, but the answer is lost")
    FORBIDDEN = "forbidden", _("forbidden (403), with a Reason")
    GATEWAY = "gateway", _("a gateway gives up: HTML, nothing done")
    GARBLED = "garbled", _("done, but the answer is unreadable")
    DAY_IS_FULL = "day_is_full", _("too many calls today (429)")
    BARE_TOO_MANY = "bare_too_many", _("too many calls, without any header (429)")
    HOOK_TWICE = "hook_twice", _("eConnect calls a hook twice")
    HOOK_LOST = "hook_lost", _("eConnect never calls the hook")
    HOOK_LATE = "hook_late", _("eConnect calls a hook late")
    HOOK_BAD_SIGNATURE = "hook_bad_signature", _("eConnect signs a hook wrongly once")
    HOOK_STALE = "hook_stale", _("eConnect calls a hook once with an old sentOn")


# Faults of what eConnect sends, not of how it answers: no call from outside ever meets them.
HOOK_FAULTS = frozenset(
    {
        FaultKind.HOOK_TWICE,
        FaultKind.HOOK_LOST,
        FaultKind.HOOK_LATE,
        FaultKind.HOOK_BAD_SIGNATURE,
        FaultKind.HOOK_STALE,
    }
)


class Fault(models.Model):
    """A fault armed for the next `times` calls that fit. Empty method or path: any."""

    kind = models.CharField(_("kind"), max_length=30, choices=FaultKind.choices)
    method = models.CharField(_("method"), max_length=6, blank=True, default="")
    path = models.CharField(_("path or pattern"), max_length=80, blank=True, default="")
    division = models.PositiveIntegerField(_("division"), null=True, blank=True)
    times = models.PositiveIntegerField(_("times left"), default=1)
    seconds = models.FloatField(_("seconds to wait"), default=0)
    status = models.PositiveIntegerField(_("status of the error"), default=500)
    reason = models.CharField(_("Reason header"), max_length=60, blank=True, default="")

    objects: ClassVar[models.Manager["Fault"]] = models.Manager()

    class Meta:
        verbose_name = _("fault")
        verbose_name_plural = _("faults")

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Package(models.Model):
    """The package of one division and the calls it allows. Empty day limit: no ceiling for one app (facts 2.1)."""

    division = models.PositiveIntegerField(_("division"), unique=True)
    kind = models.CharField(_("package"), max_length=60)
    variant = models.CharField(_("variant"), max_length=20)
    minute_limit = models.PositiveIntegerField(_("calls per minute"), null=True, blank=True)
    day_limit = models.PositiveIntegerField(_("calls per day"), null=True, blank=True)
    unlimited_days = models.BooleanField(_("no ceiling per day"), default=False)
    features = models.JSONField(_("features"), default=list, blank=True)
    is_trial = models.BooleanField(_("trial licence"), default=False)

    objects: ClassVar[models.Manager["Package"]] = models.Manager()

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")

    def __str__(self) -> str:
        return f"{self.division}: {self.kind} {self.variant}"
