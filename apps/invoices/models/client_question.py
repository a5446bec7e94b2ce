"""A question to the client about a document that is booked on the suspense account meanwhile."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.invoices.models.invoice import Invoice
from apps.people.models import User


class ClientQuestions(VisibleQuerySet["ClientQuestion"]):
    """Questions to clients."""

    administration_path = "invoice__administration"


class ClientQuestion(models.Model):
    """What the client was asked, and what came back. One document has at most one open question.

    `account`: the code of the suspense account on which the document was put.
    `digest`: SHA-256 of the secret in the link of the last mail; the link answers once and ends at `expires_at`.
    `old_digests`: of links that a newer mail replaced, with spaces between them.
    """

    invoice = models.ForeignKey(
        Invoice, models.CASCADE, related_name="client_questions", verbose_name=_("invoice")
    )
    text = models.TextField(_("question"))
    to = models.EmailField(_("sent to"), blank=True)
    account = models.CharField(_("suspense account"), max_length=60, blank=True, default="")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    digest = models.CharField(max_length=64, blank=True, editable=False)
    old_digests = models.TextField(blank=True, editable=False)
    expires_at = models.DateTimeField(_("the link ends at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    trouble = models.CharField(_("why it was not sent"), max_length=255, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    reopened_at = models.DateTimeField(null=True, help_text="When its booking was asked back from Exact.")
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = ClientQuestions.as_manager()

    class Meta:
        verbose_name = _("question to a client")
        verbose_name_plural = _("questions to clients")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(closed_at=None), name="one_open_question_a_document"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(sent_at=None, closed_at=None), name="question_to_send"
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]
