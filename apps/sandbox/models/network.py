"""What goes through the simulated eConnect: documents, answers to senders, notices of hooks, mails."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.sandbox.models.econnect import EconnectHook, EconnectParty


class DocumentFamily(models.TextChoices):
    """What arrives over the network."""

    INVOICE = "invoice", _("invoice")
    ORDER = "order", _("order")


class EconnectDocument(models.Model):
    """A document that arrived for a party, byte for byte. Removed or run out ones stay here, out of reach."""

    document_id = models.CharField(_("document id"), max_length=36, unique=True)
    family = models.CharField(_("kind"), max_length=10, choices=DocumentFamily.choices)
    party = models.ForeignKey(
        EconnectParty, models.CASCADE, related_name="documents", verbose_name=_("party")
    )
    sender = models.CharField(_("from"), max_length=200, blank=True, default="")
    number = models.CharField(_("number"), max_length=100, blank=True, default="")
    content = models.BinaryField(_("content"))
    came_at = models.DateTimeField(_("came at"))
    first_downloaded_at = models.DateTimeField(_("first downloaded at"), null=True)
    removed_at = models.DateTimeField(_("removed at"), null=True)

    objects: ClassVar[models.Manager["EconnectDocument"]] = models.Manager()

    class Meta:
        verbose_name = _("document at eConnect")
        verbose_name_plural = _("documents at eConnect")

    def __str__(self) -> str:
        return self.number or self.document_id


class EconnectResponse(models.Model):
    """What the receiver of a document told its sender."""

    document = models.ForeignKey(
        EconnectDocument, models.CASCADE, related_name="responses", verbose_name=_("document")
    )
    response_id = models.CharField(_("id of the answer"), max_length=100, unique=True)
    status = models.CharField(_("status"), max_length=2)
    reasons = models.JSONField(_("reasons"), default=dict)
    actions = models.JSONField(_("asked actions"), default=dict)
    note = models.TextField(_("note"), blank=True, default="")
    at = models.DateTimeField(_("at"))

    objects: ClassVar[models.Manager["EconnectResponse"]] = models.Manager()

    class Meta:
        verbose_name = _("answer at eConnect")
        verbose_name_plural = _("answers at eConnect")

    def __str__(self) -> str:
        return f"{self.document}: {self.status}"


class EconnectNotice(models.Model):
    """Something that a hook is to tell. The body is made and signed anew at each attempt.

    `event`: what the body says apart from the moment it is sent. `mishap`: the kind of fault that spoils the
    first attempt, or `hook_lost` for what is never sent. Status 0: nobody answered.
    """

    hook = models.ForeignKey(EconnectHook, models.CASCADE, related_name="notices", verbose_name=_("hook"))
    topic = models.CharField(_("topic"), max_length=60)
    event = models.JSONField(_("content"))
    due_at = models.DateTimeField(_("due at"))
    mishap = models.CharField(_("fault"), max_length=30, blank=True, default="")
    seconds = models.FloatField(default=0)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    status = models.PositiveIntegerField(_("status"), default=0)
    done = models.BooleanField(_("done"), default=False)

    objects: ClassVar[models.Manager["EconnectNotice"]] = models.Manager()

    class Meta:
        verbose_name = _("notice of eConnect")
        verbose_name_plural = _("notices of eConnect")
        indexes: ClassVar = [models.Index(fields=["done", "due_at"], name="notice_due")]

    def __str__(self) -> str:
        return f"{self.topic} {self.event.get('documentId', '')}"


class EconnectMail(models.Model):
    """A mail of a mail hook, as it goes over the line (RFC 5322)."""

    to = models.CharField(_("to"), max_length=200)
    message = models.BinaryField(_("message"))
    at = models.DateTimeField(_("at"))

    objects: ClassVar[models.Manager["EconnectMail"]] = models.Manager()

    class Meta:
        verbose_name = _("mail of eConnect")
        verbose_name_plural = _("mails of eConnect")

    def __str__(self) -> str:
        return self.to
