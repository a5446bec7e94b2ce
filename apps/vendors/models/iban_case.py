"""A known supplier with an account number that is not on its card: perhaps it moved, perhaps it is fraud."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.intake.models import Part
from apps.people.models import User
from apps.vendors.models.words import CaseState, NumberSource


class IBANCases(VisibleQuerySet["IBANCase"]):
    """Cases about changed account numbers."""

    def open(self) -> Self:
        """Return the cases that nobody decided."""
        return self.filter(state__in=[CaseState.OPEN, CaseState.CALLED])

    def of(self, administration: Administration, supplier: object) -> Self:
        """Return all cases about one supplier (its id in Exact)."""
        return self.filter(administration=administration, supplier=supplier)


class IBANCase(models.Model):
    """An account number that a document of a known supplier asked to be paid to, and its card does not have.

    While a case is open nothing of that supplier is booked by itself. One person calls the supplier at a number
    that is not from the document, a second one decides. `is_factoring`: the account is of a company that collects
    for many, so it says nothing of who the vendor is.
    """

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="iban_cases", verbose_name=_("administration")
    )
    supplier = models.UUIDField(_("supplier"))
    supplier_name = models.CharField(_("name of the supplier"), max_length=255)
    iban = models.CharField("IBAN", max_length=60)
    known = models.JSONField(default=list, help_text="The account numbers on the card when it was opened.")
    part = models.ForeignKey(
        Part, models.SET_NULL, null=True, related_name="+", verbose_name=_("opened by document")
    )
    state = models.CharField(_("state"), max_length=10, choices=CaseState.choices, default=CaseState.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    called_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("called by")
    )
    called_at = models.DateTimeField(_("called at"), null=True)
    called_number = models.CharField(_("number called"), max_length=40, blank=True)
    number_source = models.CharField(
        _("number from"), max_length=10, choices=NumberSource.choices, blank=True, default=""
    )
    spoke_to = models.CharField(_("spoke to"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_factoring = models.BooleanField(_("account of a factoring company"), default=False)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = IBANCases.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("changed IBAN")
        verbose_name_plural = _("changed IBANs")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["administration", "supplier", "iban"], name="one_case_per_iban"),
            models.CheckConstraint(
                name="called_case_says_how",
                condition=Q(state__in=[CaseState.OPEN, CaseState.REJECTED])
                | (Q(called_at__isnull=False) & ~Q(called_number="") & ~Q(number_source="")),
            ),
            models.CheckConstraint(
                name="decided_case_says_when",
                condition=Q(state__in=[CaseState.OPEN, CaseState.CALLED], decided_at=None)
                | Q(state__in=[CaseState.ACCEPTED, CaseState.REJECTED], decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_second_person_accepts",
                condition=~Q(state=CaseState.ACCEPTED)
                | Q(called_by=None)
                | Q(decided_by=None)
                | ~Q(called_by=F("decided_by")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["administration", "supplier"],
                condition=Q(state__in=[CaseState.OPEN, CaseState.CALLED]),
                name="iban_case_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.supplier_name}: {self.iban}"
