"""Senders that are all booked on one supplier, kept by staff."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration


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
