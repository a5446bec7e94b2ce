"""What people switch at the simulated eConnect: where its own pages contradict each other, and its bad habits."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class HookVerb(models.TextChoices):
    """How a hook is registered (eConnect facts 2.2: the SDKs say PUT, a page says POST)."""

    BOTH = "both", _("PUT and POST")
    PUT = "PUT", "PUT"
    POST = "POST", "POST"


class FormatParameter(models.TextChoices):
    """By which name a format is asked for (eConnect facts 2.1: names differ)."""

    DOCUMENT_TYPE = "targetDocumentTypeId", "targetDocumentTypeId"
    FORMAT = "targetFormat", "targetFormat"


class EconnectSwitches(models.Model):
    """The one row of settings of the simulated eConnect."""

    seeded = models.BooleanField(default=False, editable=False)
    hook_verb = models.CharField(
        _("a hook is registered by"), max_length=4, choices=HookVerb.choices, default=HookVerb.BOTH
    )
    format_parameter = models.CharField(
        _("parameter that asks for a format"),
        max_length=30,
        choices=FormatParameter.choices,
        default=FormatParameter.DOCUMENT_TYPE,
    )
    subscription_key = models.CharField(
        _("Subscription-Key that is demanded"), max_length=100, blank=True, default=""
    )
    text_party_ids = models.BooleanField(_("party ids are told in text (NL:KVK)"), default=False)
    keeps_days = models.PositiveIntegerField(
        _("days that a document is kept"), default=90, help_text=_("0: without end.")
    )
    keeps_days_after_download = models.PositiveIntegerField(
        _("days that it is kept after the first download"), default=7, help_text=_("0: without end.")
    )
    answers_after_removal = models.BooleanField(
        _("senders can be answered after the document was removed"), default=False
    )
    mail_with_document = models.BooleanField(_("mail hooks attach the document"), default=True)
    hooks_of_own_parties = models.BooleanField(
        _("environment hooks tell of the firm's own parties only"), default=False
    )
    hook_warm_up_seconds = models.FloatField(_("seconds that a new hook misses events"), default=0)
    hook_delay_seconds = models.FloatField(_("seconds until a hook is called"), default=0)
    hook_times = models.PositiveIntegerField(_("times that each hook is called"), default=1)
    hooks_reversed = models.BooleanField(_("hooks come newest first"), default=False)
    hooks_lost = models.BooleanField(_("hooks are lost"), default=False)
    hooks_badly_signed = models.BooleanField(_("hooks have a wrong signature"), default=False)
    hooks_stale_seconds = models.FloatField(_("seconds that sentOn lies back"), default=0)

    objects: ClassVar[models.Manager["EconnectSwitches"]] = models.Manager()

    class Meta:
        verbose_name = _("settings of eConnect")
        verbose_name_plural = _("settings of eConnect")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
