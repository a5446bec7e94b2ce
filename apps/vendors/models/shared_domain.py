"""Domains that say nothing of a sender, kept by staff."""

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.people.models import User


class DomainKind(models.TextChoices):
    """Why a domain says nothing of who sent a document."""

    FREEMAIL = "freemail", _("free mail")
    PLATFORM = "platform", _("invoicing platform")


class SharedDomains(QuerySet["SharedDomain"]):
    """Domains that are no evidence; the same for the whole firm."""

    def visible_to(self, user: Any) -> "SharedDomains":
        """Return them all to whoever works here: they tell nothing of a client."""
        return self if isinstance(user, User) and user.is_active else self.none()


class SharedDomain(models.Model):
    """A domain that many senders share, added by staff to the product's own list (`matching.NO_EVIDENCE_DOMAINS`)."""

    domain = models.CharField(_("domain"), max_length=253, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=DomainKind.choices, default=DomainKind.PLATFORM)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = SharedDomains.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("shared domain")
        verbose_name_plural = _("shared domains")

    def __str__(self) -> str:
        return self.domain
