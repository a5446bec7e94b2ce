"""The lines of a document with what they are booked on, and its events."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.core.states import State
from apps.invoices.models.invoice import Invoice
from apps.invoices.models.item import InvoiceItem
from apps.rules.scenario import Scenario
from apps.rules.sources import ValueSource

T = TypeVar("T")


class InvoiceLines(VisibleQuerySet["InvoiceLine"]):
    """Lines of invoices."""

    administration_path = "invoice__administration"
    unrouted = True

    def uncode(self) -> int:
        """Forget what coding and people gave these lines: one division's codes mean nothing in another."""
        sources = ("gl_source", "vat_source", "cost_center_source", "cost_unit_source")
        reasons = ("gl_why", "vat_why", "cost_center_why", "cost_unit_why")
        codes = ("gl_code", "scenario", "vat_code", "cost_center", "cost_unit")
        texts = dict.fromkeys((*sources, *reasons, *codes, "entry_text"), "")
        InvoiceItem.objects.filter(line__in=self.values("pk")).delete()
        return self.update(gl_account=None, tax=None, split=[], treatment={}, rules=[], **texts)


class InvoiceLine(models.Model):
    """One line, or a discount or charge of the whole document (`is_adjustment`), with its coding.

    `net` is signed; `rate` a percentage (21); `tax` the VAT that the entry line will carry. `split`: the parts it
    is booked in (entry_lines.Share as JSON), [] for one; `private_use` and `non_deductible` are percentages (12.5);
    `spread_from` and `spread_to` the first and last day it is spread over. `rules`: what rules said (name,
    pk, field, value, won), strongest first: all that won, and the strongest of those that they beat.
    """

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines", verbose_name=_("invoice"))
    position = models.PositiveIntegerField(_("line"))
    is_adjustment = models.BooleanField(_("discount or charge"), default=False)
    description = models.CharField(_("description"), max_length=500, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, null=True)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=2)
    category = models.CharField(_("VAT category"), max_length=4, blank=True)
    rate = models.DecimalField(_("VAT rate"), max_digits=7, decimal_places=3, null=True)
    exemption_code = models.CharField(_("exemption code"), max_length=40, blank=True)
    exemption_reason = models.CharField(_("exemption reason"), max_length=255, blank=True)
    document_cost_center = models.CharField(_("cost centre on the document"), max_length=60, blank=True)

    seller_item = models.CharField(_("seller's item code"), max_length=60, blank=True, default="")
    commodity_code = models.CharField(_("commodity code"), max_length=40, blank=True, default="")

    gl_account = models.UUIDField(null=True)
    gl_code = models.CharField(_("ledger account"), max_length=60, blank=True)
    gl_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    gl_why = models.CharField(_("why this account"), max_length=255, blank=True)
    scenario = models.CharField(_("VAT scenario"), max_length=20, choices=Scenario.choices, blank=True)
    vat_code = models.CharField(_("VAT code"), max_length=10, blank=True)
    vat_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    vat_why = models.CharField(_("why this VAT code"), max_length=255, blank=True)
    tax = models.DecimalField(_("VAT"), max_digits=16, decimal_places=2, null=True)
    cost_center = models.CharField(_("cost centre"), max_length=20, blank=True)
    cost_center_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    cost_center_why = models.CharField(_("why this cost centre"), max_length=255, blank=True)
    cost_unit = models.CharField(_("cost unit"), max_length=20, blank=True)
    cost_unit_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    cost_unit_why = models.CharField(_("why this cost unit"), max_length=255, blank=True)
    entry_text = models.CharField(_("description in the books"), max_length=255, blank=True, default="")
    split = models.JSONField(default=list)
    treatment = models.JSONField(
        default=dict,
        help_text="private_use, non_deductible, spread_from and spread_to, as text, where a rule says.",
    )
    rules = models.JSONField(default=list)

    objects = InvoiceLines.as_manager()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints: ClassVar = [models.UniqueConstraint(fields=["invoice", "position"], name="line_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"

    @property
    def private_use(self) -> Decimal | None:
        """How much of it is private, as a percentage; None when no rule says."""
        return self._treated("private_use", Decimal)

    @private_use.setter
    def private_use(self, value: Decimal | None) -> None:
        self._treat("private_use", value)

    @property
    def non_deductible(self) -> Decimal | None:
        """How much of its VAT is not deductible, as a percentage; None when no rule says."""
        return self._treated("non_deductible", Decimal)

    @non_deductible.setter
    def non_deductible(self, value: Decimal | None) -> None:
        self._treat("non_deductible", value)

    @property
    def spread_from(self) -> date | None:
        """The first day that it is spread over; None when it is not spread."""
        return self._treated("spread_from", date.fromisoformat)

    @spread_from.setter
    def spread_from(self, value: date | None) -> None:
        self._treat("spread_from", value)

    @property
    def spread_to(self) -> date | None:
        """The last day that it is spread over; None when it is not spread."""
        return self._treated("spread_to", date.fromisoformat)

    @spread_to.setter
    def spread_to(self, value: date | None) -> None:
        self._treat("spread_to", value)

    def _treated(self, name: str, read: Callable[[str], T]) -> T | None:
        value = self.treatment.get(name)
        return None if value is None else read(value)

    def _treat(self, name: str, value: object) -> None:
        kept = {key: one for key, one in self.treatment.items() if key != name}
        self.treatment = kept if value is None else {**kept, name: str(value)}


class InvoiceEvents(VisibleQuerySet["InvoiceEvent"]):
    """The history of invoices."""

    administration_path = "invoice__administration"
    unrouted = True


class InvoiceEvent(models.Model):
    """One move of an invoice: from, to, who, why, when. Only ever added."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="events", verbose_name=_("invoice"))
    from_state = models.CharField(_("from"), max_length=10, choices=State.choices)
    to_state = models.CharField(_("to"), max_length=10, choices=State.choices)
    who = models.CharField(_("who"), max_length=200)
    why = models.TextField(_("why"))
    at = models.DateTimeField(_("when"))

    objects = InvoiceEvents.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [models.Index(fields=["invoice", "at"], name="event_of_invoice")]

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} - {self.get_to_state_display()}"
