"""How documents of an administration are delivered."""

from typing import ClassVar

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration, Package
from apps.invoices.models.words import Kind
from apps.people.models import User
from apps.posting.models import Method

BOOKS = (
    Method.ENTRY,
    Method.INVOICE,
)  # what these write is booked: it needs a vendor, VAT codes, and people's looks


class ActiveMethods(VisibleQuerySet["ActiveMethod"]):
    """Methods of the administrations that somebody may see."""

    def method_for(self, administration: int | None, kind: str) -> str:
        """Return how documents of `kind` are delivered there: an automatic entry unless somebody said otherwise.

        Exact Globe takes nothing but what lies in its digital mailbox.
        """
        chosen = self.filter(administration=OuterRef("pk"), kind=kind).values("method")[:1]
        rows = Administration.objects.filter(pk=administration or 0).annotate(chosen=Subquery(chosen))
        package, method = rows.values_list("package", "chosen").first() or ("", "")
        if package == Package.EXACT_GLOBE:
            return Method.MAILBOX
        return method or Method.ENTRY


class ActiveMethod(models.Model):
    """How documents of one kind are delivered in an administration: exactly one method. No row: automatic entry, or
    the digital mailbox where the package takes nothing else.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="methods", verbose_name=_("administration")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    method = models.CharField(_("method"), max_length=12, choices=Method.choices, default=Method.ENTRY)

    objects = ActiveMethods.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("method")
        verbose_name_plural = _("methods")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["administration", "kind"], name="one_method_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_method_display()}"

    def choose(self, method: str, *, by: User) -> None:
        """Deliver by `method` from now on; the history says who chose it."""
        self.method = method
        self._history_user = by
        self.save(update_fields=["method"])
