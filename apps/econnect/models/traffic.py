"""What eConnect told us, the documents it keeps for us, and what we answer their senders."""

from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.core.models import Leased
from apps.econnect.models.account import Account
from apps.econnect.models.party import Party
from apps.people.models import User


class Hooks(models.QuerySet["HookCall"]):
    """Calls of the hook, for administrators only."""

    def visible_to(self, user: Any) -> Self:
        """Return everything for administrators, nothing for others."""
        return self if isinstance(user, User) and user.is_active and user.sees_everything else self.none()


class HookCall(models.Model):
    """A signed call of the hook as it came in, kept before it was answered. `body` is its text, byte for byte."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="hook_calls")
    body = models.TextField(_("content"))
    digest = models.CharField(max_length=64, help_text="SHA-256 of the body: a replay is the same one.")
    topic = models.CharField(_("topic"), max_length=60)
    party_id = models.CharField(_("party id"), max_length=120)
    document_id = models.CharField(_("document id"), max_length=100, blank=True, default="")
    sent_on = models.DateTimeField(_("sent at"))
    received_at = models.DateTimeField(_("received at"))
    handled_at = models.DateTimeField(_("handled at"), null=True)
    outcome = models.CharField(_("what became of it"), max_length=200, blank=True, default="")

    objects = Hooks.as_manager()

    class Meta:
        verbose_name = _("hook call")
        verbose_name_plural = _("hook calls")
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "digest"], name="hook_call_once")]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="hook_unhandled", condition=Q(handled_at=None)),
            models.Index(fields=["document_id"], name="hook_document"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.document_id}"


class Stage(models.TextChoices):
    """How far a document at eConnect is on its way to us."""

    KNOWN = "known", _("announced")
    KEPT = "kept", _("kept here")
    REMOVED = "removed", _("kept here, removed there")
    FAILED = "failed", _("could not be fetched")


class Family(models.TextChoices):
    """What a document at eConnect is, by the topic that announced it."""

    INVOICE = "invoice", _("invoice")
    ORDER = "order", _("purchase order")


class Inbounds(VisibleQuerySet["Inbound"]):
    """Documents at eConnect."""

    administration_path = "party__administration"
    unrouted = True


class Inbound(Leased):
    """A document that eConnect keeps for one of our parties, known by (party, its id there).

    `sha256` says that the bytes are safe here: only then is anything removed there.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="inbounds", verbose_name=_("Peppol party"))
    document_id = models.CharField(_("document id"), max_length=100)
    family = models.CharField(_("kind"), max_length=10, choices=Family.choices, default=Family.INVOICE)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.KNOWN)
    told_by = models.CharField(_("told by"), max_length=20, default="hook", help_text="hook, mail or person")
    sender = models.CharField(_("from"), max_length=200, blank=True, default="")
    number = models.CharField(_("number"), max_length=100, blank=True, default="")
    announced_at = models.DateTimeField(_("announced at"))
    first_fetched_at = models.DateTimeField(_("first downloaded at"), null=True)
    kept_at = models.DateTimeField(_("kept at"), null=True)
    removed_at = models.DateTimeField(_("removed there at"), null=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="")
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True)
    trouble = models.TextField(_("trouble"), blank=True, default="")
    request_id = models.CharField(_("request id of eConnect"), max_length=100, blank=True, default="")

    objects = Inbounds.as_manager()

    class Meta:
        verbose_name = _("Peppol message")
        verbose_name_plural = _("Peppol messages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "document_id"], name="inbound_once"),
            models.CheckConstraint(
                name="inbound_kept_has_its_bytes",
                condition=Q(stage__in=["known", "failed"]) | ~Q(sha256="") & Q(kept_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"], name="inbound_due", condition=~Q(stage__in=["removed", "failed"])
            ),
            models.Index(fields=["announced_at"], name="inbound_announced"),
            models.Index(fields=["document_id"], name="inbound_document"),
        ]

    def __str__(self) -> str:
        return self.number or self.document_id


class AnswerStatus(models.TextChoices):
    """What a sender is told about an invoice (invoice response codes)."""

    AB = "AB", _("received (AB)")
    UQ = "UQ", _("under query (UQ)")
    RE = "RE", _("rejected (RE)")


class Answers(VisibleQuerySet["Answer"]):
    """Answers to senders."""

    administration_path = "inbound__party__administration"
    unrouted = True


class Answer(Leased):
    """An answer to the sender of a document, on its way or given. RE ends it: nothing follows it."""

    inbound = models.ForeignKey(
        Inbound, models.CASCADE, related_name="answers", verbose_name=_("Peppol message")
    )
    status = models.CharField(_("answer"), max_length=2, choices=AnswerStatus.choices)
    reasons = models.JSONField(
        _("reasons"), default=dict, help_text="Reason code to text; needed for UQ and RE."
    )
    note = models.TextField(_("note"), blank=True, default="")
    who = models.CharField(_("who"), max_length=150)
    asked_at = models.DateTimeField(_("asked at"))
    given_at = models.DateTimeField(_("given at"), null=True)
    mark = models.UUIDField(default=uuid4, unique=True, editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True)
    trouble = models.TextField(_("trouble"), blank=True, default="")

    objects = Answers.as_manager()

    class Meta:
        verbose_name = _("answer to a sender")
        verbose_name_plural = _("answers to senders")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inbound", "status"], name="answer_once", condition=Q(status__in=["AB", "RE"])
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_attempt_at"], name="answer_due", condition=Q(given_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.inbound}: {self.get_status_display()}"
