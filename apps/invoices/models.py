"""Purchase invoices and credit notes on their way into the books."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core import transitions
from apps.core.causes import ADVICE, Advice, Cause
from apps.intake.models import Part
from apps.posting.models import Posting
from apps.rules.scenario import Scenario
from apps.vendors.models import Question


class State(models.TextChoices):
    """The states of a document."""

    RECEIVED = "RECEIVED", _("received")
    ATTENTION = "ATTENTION", _("to do")
    PROPOSED = "PROPOSED", _("proposed")
    READY = "READY", _("ready")
    POSTING = "POSTING", _("being booked")
    UNCERTAIN = "UNCERTAIN", _("uncertain")
    DONE = "DONE", _("done")
    IGNORED = "IGNORED", _("ignored")


WITH_CAUSE = (State.ATTENTION, State.UNCERTAIN)
UNDER_WAY = (State.POSTING, State.UNCERTAIN, State.DONE)


class WaitsFor(models.TextChoices):
    """What a ready document waits for; none of these is anybody's work."""

    NOTHING = "", _("nothing")
    CLOCK = "clock", _("the clock")
    CONNECTION = "connection", _("the connection to Exact")
    HOLD_BACK = "hold_back", _("the minutes for undo")
    PILOT = "pilot", _("the end of the pilot")


class Kind(models.TextChoices):
    """What the document is."""

    INVOICE = "invoice", _("invoice")
    CREDIT_NOTE = "credit_note", _("credit note")


class Outcome(models.TextChoices):
    """How a document ended."""

    BOOKED = "booked", _("booked")
    HANDED_OVER = "handed_over", _("handed over")


class Invoices(VisibleQuerySet["Invoice"]):
    """Invoices."""

    unrouted = True

    def waiting_for(self, cause: str) -> Self:
        """Return the documents that wait for a person because of `cause`."""
        return self.filter(state__in=WITH_CAUSE, cause=cause)

    def with_pages(self) -> Self:
        """Load what a list shows along with the rows."""
        return self.select_related("administration", "part", "posting")


class Invoice(models.Model):
    """One document. Amounts are Decimals in `currency`, signed from the buyer's view (a credit note is negative)."""

    part = models.OneToOneField(Part, models.PROTECT, related_name="invoice", verbose_name=_("part"))
    administration = models.ForeignKey(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
        verbose_name=_("administration"),
    )
    routing_why = models.CharField(_("why this administration"), max_length=255, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    cause = models.CharField(_("cause"), max_length=30, choices=Cause.choices, blank=True, default="")
    detail = models.TextField(_("detail"), blank=True, default="")
    waits_for = models.CharField(
        _("waits for"), max_length=12, choices=WaitsFor.choices, blank=True, default=WaitsFor.NOTHING
    )
    waits_until = models.DateTimeField(_("waits until"), null=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    touched = models.BooleanField(_("touched by a person"), default=False)
    waived = models.JSONField(default=list, help_text="Causes that a person decided to book in spite of.")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    format = models.CharField(_("format"), max_length=60)
    number = models.CharField(_("number"), max_length=100, blank=True)
    number_key = models.CharField(max_length=100, blank=True, help_text="The number as compared for doubles.")
    double_key = models.CharField(
        max_length=64,
        null=True,
        unique=True,
        help_text="Hash of administration, vendor, number, date and amount; NULL once a person said it is no double.",
    )
    issue_date = models.DateField(_("date"))
    due_date = models.DateField(_("due date"), null=True)
    currency = models.CharField(_("currency"), max_length=3)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=2)
    tax = models.DecimalField(_("VAT"), max_digits=16, decimal_places=2, null=True)
    gross = models.DecimalField(_("total"), max_digits=16, decimal_places=2)
    payable = models.DecimalField(_("payable"), max_digits=16, decimal_places=2)
    line_count = models.PositiveIntegerField(_("lines"), default=0)
    vendor_name = models.CharField(_("vendor"), max_length=255, blank=True)
    vendor_key = models.CharField(_("vendor identity"), max_length=300, blank=True)
    vendor = models.JSONField(default=dict)
    customer = models.JSONField(default=dict)
    payment = models.JSONField(default=dict)
    findings = models.JSONField(default=list)

    supplier = models.UUIDField(_("supplier"), null=True)
    supplier_name = models.CharField(_("supplier"), max_length=255, blank=True)
    supplier_why = models.CharField(_("why this supplier"), max_length=400, blank=True)
    payment_condition = models.CharField(_("payment condition"), max_length=10, blank=True)
    question = models.ForeignKey(
        Question, models.SET_NULL, null=True, related_name="invoices", verbose_name=_("question")
    )
    double_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="doubles", verbose_name=_("possible double of")
    )

    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, related_name="invoice", verbose_name=_("posting")
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True, default="")
    exact_number = models.CharField(_("number in Exact"), max_length=20, blank=True, default="")
    exact_url = models.CharField(_("link into Exact"), max_length=400, blank=True, default="")
    received_at = models.DateTimeField(_("received at"))
    changed_at = models.DateTimeField(_("in this state since"))
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = Invoices.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="cause_exactly_when_waiting",
                condition=Q(state__in=WITH_CAUSE) & ~Q(cause="") | ~Q(state__in=WITH_CAUSE) & Q(cause=""),
            ),
            models.CheckConstraint(
                name="only_ready_waits_for", condition=Q(waits_for="") | Q(state=State.READY)
            ),
            models.CheckConstraint(
                name="done_has_outcome",
                condition=Q(state=State.DONE, done_at__isnull=False) & ~Q(outcome="")
                | ~Q(state=State.DONE) & Q(outcome="", done_at=None),
            ),
            models.CheckConstraint(
                name="under_way_has_posting",
                condition=~Q(state__in=[State.POSTING, State.UNCERTAIN]) | Q(posting__isnull=False),
            ),
            models.CheckConstraint(
                name="booked_documents_have_an_administration",
                condition=Q(administration__isnull=False)
                | Q(state__in=[State.RECEIVED, State.ATTENTION, State.IGNORED]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["administration", "state", "cause"], name="invoice_queue"),
            models.Index(fields=["state", "cause", "received_at"], name="invoice_waiting"),
            models.Index(fields=["administration", "number_key"], name="invoice_double"),
            models.Index(fields=["administration", "received_at"], name="invoice_received"),
            models.Index(fields=["done_at"], name="invoice_done"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_name or _('unknown vendor')} {self.number}".strip()

    @property
    def advice(self) -> Advice | None:
        """What the cause means and who must act; None when nobody must."""
        return ADVICE.get(self.cause)

    def move(self, to: str, *, who: str, why: str, at: Any, **values: Any) -> None:
        """Move to state `to` and set `values`, writing the event with it; `cause` and `waits_for` end unless given.

        Raises core.transitions.Changed when the row is not as it was read.
        """
        values = {"cause": "", "detail": "", "waits_for": "", "waits_until": None, "changed_at": at, **values}
        transitions.move(self, to, events=self.events, who=who, why=why, **values)


class ValueSource(models.TextChoices):
    """Who vouches for a value."""

    NOBODY = "", _("nobody")
    DOCUMENT = "document", _("document")
    RULE = "rule", _("rule")
    CARD = "card", _("card")
    HISTORY = "history", _("history")
    TABLE = "table", _("VAT table")
    PERSON = "person", _("person")


class InvoiceLines(VisibleQuerySet["InvoiceLine"]):
    """Lines of invoices."""

    administration_path = "invoice__administration"
    unrouted = True

    def uncode(self) -> int:
        """Forget what coding and people gave these lines: one division's codes mean nothing in another."""
        sources = ("gl_source", "vat_source", "cost_center_source", "cost_unit_source")
        reasons = ("gl_why", "vat_why", "cost_center_why", "cost_unit_why")
        codes = ("gl_code", "scenario", "vat_code", "cost_center", "cost_unit")
        return self.update(gl_account=None, tax=None, **dict.fromkeys((*sources, *reasons, *codes), ""))


class InvoiceLine(models.Model):
    """One line, or a discount or charge of the whole document (`is_adjustment`), with its coding.

    `net` is signed; `rate` a percentage (21); `tax` the VAT that the entry line will carry.
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

    objects = InvoiceLines.as_manager()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints: ClassVar = [models.UniqueConstraint(fields=["invoice", "position"], name="line_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"


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
