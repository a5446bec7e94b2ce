"""Lists that staff keep: senders that are all booked on one supplier, and domains that say nothing of a sender."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.people.models import User


class CollectiveVendors(VisibleQuerySet["CollectiveVendor"]):
    """Collective vendors of the administrations that somebody may see."""


class CollectiveVendor(models.Model):
    """Many senders, one supplier: fuel, supermarkets, web shops. `words`: one per line, any of them fits.

    A line is one or more whole words of the vendor's name, or an identifier ("domain shell.nl"). Such a rule speaks
    only where no number on the document points to a card.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="collective_vendors", verbose_name=_("administration")
    )
    name = models.CharField(_("name"), max_length=100)
    words = models.TextField(
        _("words"),
        help_text=_("One per line: whole words of the vendor's name, or a domain after “@”, as “@shell.nl”."),
    )
    supplier = models.UUIDField(_("supplier"))
    supplier_name = models.CharField(_("name of the supplier"), max_length=255)
    active = models.BooleanField(_("active"), default=True)

    objects = CollectiveVendors.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("collective vendor")
        verbose_name_plural = _("collective vendors")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["administration", "name"], name="collective_vendor_once")
        ]

    def __str__(self) -> str:
        return self.name


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
