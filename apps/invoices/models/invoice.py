"""Purchase invoices and credit notes on their way into the books."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core import transitions
from apps.core.causes import ADVICE, MAIL_REFUSED, MAILBOX_REFUSED, Advice, Cause
from apps.core.states import WITH_CAUSE, State, WaitsFor
from apps.intake.models import Part
from apps.invoices.models.words import IN_TEST, NOTICEABLE, InExact, Kind, Outcome
from apps.people.models import User
from apps.posting.models import Method, Posting
from apps.vendors.models import Mapping, Question

# What somebody did in Exact with a booking of ours, or is to do there, and nobody here looked at yet.
NOTICED = Q(in_exact__in=NOTICEABLE, in_exact_seen=False) | ~Q(to_correct="")


class Invoices(VisibleQuerySet["Invoice"]):
    """Invoices."""

    unrouted = True

    def waiting_for(self, cause: str) -> Self:
        """Return the documents that wait for a person because of `cause`."""
        return self.filter(state__in=WITH_CAUSE, cause=cause)

    def outside_tests(self) -> Self:
        """Leave out what was booked in a test division: that reached no books."""
        return self.exclude(posting__division__is_test=True)

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

    proposed_because = models.TextField(
        _("why a person must look"), blank=True, default="", help_text="Why it is not booked by itself."
    )
    coded_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("coded by"),
        help_text="Who last set codes on it: somebody else approves it.",
    )
    coders = models.JSONField(
        default=list,
        help_text="Keys of who last set codes on its lines, and of all who set its vendor since.",
    )
    accepted_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("accepted by"),
        help_text="Who agreed with the booking as it is; nobody once it is coded anew.",
    )
    supplier = models.UUIDField(_("supplier"), null=True)
    supplier_name = models.CharField(_("supplier"), max_length=255, blank=True)
    supplier_why = models.CharField(_("why this supplier"), max_length=400, blank=True)
    payment_condition = models.CharField(_("payment condition"), max_length=10, blank=True)
    question = models.ForeignKey(
        Question, models.SET_NULL, null=True, related_name="invoices", verbose_name=_("question")
    )
    mapping = models.ForeignKey(
        Mapping, models.SET_NULL, null=True, related_name="invoices", verbose_name=_("mapping")
    )
    to_correct = models.TextField(
        _("to be corrected in Exact"), blank=True, default="", help_text="Why; empty when nothing is."
    )
    double_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="doubles", verbose_name=_("possible double of")
    )

    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, related_name="invoice", verbose_name=_("posting")
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True, default="")
    removal = models.OneToOneField(
        Posting, models.SET_NULL, null=True, related_name="removed", verbose_name=_("taken back by")
    )
    rate = models.DecimalField(
        _("exchange rate"),
        max_digits=14,
        decimal_places=8,
        null=True,
        help_text="Of the document: how much of our currency one of its currency is.",
    )
    g_account = models.DecimalField(_("for the G-account"), max_digits=16, decimal_places=2, null=True)
    prepaid = models.DecimalField(_("prepaid"), max_digits=16, decimal_places=2, default=0)
    entry_date = models.DateField(
        _("booked on"), null=True, help_text="When the date of the document lies in a closed or filed period."
    )
    in_exact = models.CharField(
        _("since then in Exact"), max_length=12, choices=InExact.choices, blank=True, default=""
    )
    in_exact_detail = models.TextField(blank=True, default="")
    in_exact_differences = models.JSONField(default=list, help_text="What differs: field, booked, now.")
    in_exact_at = models.DateTimeField(_("noticed at"), null=True)
    in_exact_seen = models.BooleanField(default=False, help_text="A person looked at what was noticed.")
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
            models.Index(fields=["in_exact_at"], condition=NOTICED, name="invoice_noticed"),
            models.Index(
                fields=["vendor_key"], condition=Q(supplier__isnull=False), name="invoice_matched_vendor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_name or _('unknown vendor')} {self.number}".strip()

    @property
    def advice(self) -> Advice | None:
        """What the cause means and who must act; None when nobody must."""
        if self.cause == Cause.REJECTED_BY_EXACT and self.posting and self.posting.method == Method.MAILBOX:
            return MAIL_REFUSED if self.posting.is_by_mail else MAILBOX_REFUSED
        return ADVICE.get(self.cause)

    @property
    def cause_label(self) -> str:
        """What the cause is called: of a mail, it was not Exact who refused it."""
        return str(
            _("rejected by the mail server") if self.advice is MAIL_REFUSED else self.get_cause_display()
        )

    @property
    def is_booked_in_test(self) -> bool:
        """Whether what it ended as lies in a test division, where nothing reaches the books."""
        return self.state == State.DONE and self.posting is not None and self.posting.division.is_test

    @property
    def is_in_test(self) -> bool:
        """Whether this is a trial: its administration is live on a test division, or it was booked in one."""
        division = getattr(self.administration, "division", None)
        return self.is_booked_in_test or bool(division and division.is_test)

    @property
    def ended_as(self) -> str:
        """How it ended, in words; "" while it has not."""
        words = IN_TEST[Outcome(self.outcome)] if self.is_booked_in_test else self.get_outcome_display()
        return str(words)

    @property
    def stands_as(self) -> str:
        """Its state in words; a trial never passes for what is booked."""
        return self.ended_as if self.is_booked_in_test else str(self.get_state_display())

    def move(self, to: str, *, who: str, why: str, at: Any, **values: Any) -> None:
        """Move to state `to` and set `values`, writing the event with it; `cause` and `waits_for` end unless given.

        Raises core.transitions.Changed when the row is not as it was read.
        """
        values = {"cause": "", "detail": "", "waits_for": "", "waits_until": None, "changed_at": at, **values}
        transitions.move(self, to, events=self.events, who=who, why=why, **values)
