"""Orders, and what is answered to them, on their way into Exact."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration
from apps.core import transitions
from apps.core.causes import ADVICE, Advice, Cause
from apps.core.states import WITH_CAUSE, State, WaitsFor
from apps.intake.models import Part
from apps.orders.models.words import IN_TEST, Kind, Outcome, Standing
from apps.people.models import User
from apps.posting.models import Posting
from apps.vendors.models import Mapping, Question

# What somebody did in Exact with an order of ours, or is to do there, and nobody here looked at yet.
NOTICED = Q(noticed_at__isnull=False, noticed_seen=False) | ~Q(to_correct="")


class PurchaseOrders(VisibleQuerySet["PurchaseOrder"]):
    """Orders and answers to them."""

    unrouted = True

    def waiting_for(self, cause: str) -> Self:
        """Return the documents that wait for a person because of `cause`."""
        return self.filter(state__in=WITH_CAUSE, cause=cause)

    def outside_tests(self) -> Self:
        """Leave out what was ordered in a test division: that reached no books."""
        return self.exclude(posting__division__is_test=True)


class PurchaseOrder(models.Model):
    """One document about an order: the order itself, or a confirmation, change or cancellation of one.

    Amounts are Decimals in `currency` without VAT. `about`: the order that an answer is about; `differences`: where
    it differs from that, as `difference` keeps them (line, field, ordered, confirmed, by_hand). `noticed`: in what the
    order in Exact is not as Postkamer put it there, kept alike (ordered: ours, confirmed: there), and `noticed_version`
    the timestamp of what it was last compared with. `typed`: a person filled it in, beside the original or without one.
    """

    part = models.OneToOneField(Part, models.PROTECT, related_name="purchase_order", verbose_name=_("part"))
    administration = models.ForeignKey(
        Administration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="purchase_orders",
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
    waived = models.JSONField(default=list, help_text="Causes that a person decided to order in spite of.")
    figures = models.CharField(
        max_length=64, blank=True, default="", help_text="Mark of the quantities and prices as last coded."
    )
    taken_back = models.BooleanField(
        default=False, help_text="A person took it back once: it is not ordered by itself any more."
    )

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    format = models.CharField(_("format"), max_length=60)
    typed = models.BooleanField(_("filled in by hand"), default=False)
    number = models.CharField(_("number"), max_length=100, blank=True)
    number_key = models.CharField(max_length=100, blank=True, help_text="The number as compared for doubles.")
    double_key = models.CharField(
        max_length=64,
        null=True,
        unique=True,
        help_text="Hash of administration, vendor, number, date and lines; NULL once a person said it is no double.",
    )
    double_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="doubles", verbose_name=_("possible double of")
    )
    order_date = models.DateField(_("date"), null=True)
    receipt_date = models.DateField(_("wanted on"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=2, null=True)
    line_count = models.PositiveIntegerField(_("lines"), default=0)
    order_reference = models.CharField(_("number of the order"), max_length=100, blank=True, default="")
    response_code = models.CharField(_("answer"), max_length=10, blank=True, default="")
    buyer_reference = models.CharField(_("your reference"), max_length=100, blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")
    vendor_name = models.CharField(_("vendor"), max_length=255, blank=True)
    vendor_key = models.CharField(_("vendor identity"), max_length=300, blank=True)
    vendor = models.JSONField(default=dict)
    buyer = models.JSONField(default=dict)
    findings = models.JSONField(default=list)

    proposed_because = models.TextField(_("why a person must look"), blank=True, default="")
    accepted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("accepted by")
    )
    coded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("last edited by")
    )
    supplier = models.UUIDField(_("supplier"), null=True)
    supplier_name = models.CharField(_("supplier"), max_length=255, blank=True)
    supplier_why = models.CharField(_("why this supplier"), max_length=400, blank=True)
    question = models.ForeignKey(
        Question, models.SET_NULL, null=True, related_name="+", verbose_name=_("question")
    )
    mapping = models.ForeignKey(
        Mapping, models.SET_NULL, null=True, related_name="+", verbose_name=_("mapping")
    )
    about = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="answers", verbose_name=_("about the order")
    )
    differences = models.JSONField(default=list)
    to_correct = models.TextField(_("to be corrected in Exact"), blank=True, default="")
    noticed = models.JSONField(default=list)
    noticed_at = models.DateTimeField(_("noticed at"), null=True)
    noticed_seen = models.BooleanField(_("seen"), default=False)
    noticed_version = models.BigIntegerField(default=0, editable=False)

    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, related_name="+", verbose_name=_("posting")
    )
    removal = models.OneToOneField(
        Posting, models.SET_NULL, null=True, related_name="+", verbose_name=_("taken back by")
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True, default="")
    standing = models.CharField(
        _("stands in Exact as"), max_length=10, choices=Standing.choices, blank=True, default=""
    )
    exact_number = models.CharField(_("number in Exact"), max_length=20, blank=True, default="")
    exact_url = models.CharField(_("link into Exact"), max_length=400, blank=True, default="")
    received_at = models.DateTimeField(_("received at"))
    changed_at = models.DateTimeField(_("in this state since"))
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = PurchaseOrders.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="order_cause_where_a_person_must_act",
                condition=(Q(state__in=WITH_CAUSE) & ~Q(cause="")) | (~Q(state__in=WITH_CAUSE) & Q(cause="")),
            ),
            models.CheckConstraint(
                name="order_done_has_outcome",
                condition=(Q(state=State.DONE, done_at__isnull=False) & ~Q(outcome=""))
                | (~Q(state=State.DONE) & Q(outcome="", done_at=None)),
            ),
            models.CheckConstraint(
                name="orders_on_their_way_have_an_administration",
                condition=Q(administration__isnull=False)
                | Q(state__in=[State.RECEIVED, State.ATTENTION, State.IGNORED]),
            ),
            models.CheckConstraint(
                name="orders_in_exact_have_a_posting",
                condition=~Q(state__in=[State.POSTING, State.UNCERTAIN]) | Q(posting__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["administration", "state", "cause"], name="order_queue"),
            models.Index(fields=["state", "cause", "received_at"], name="order_waiting"),
            models.Index(fields=["administration", "number_key"], name="order_double"),
            models.Index(fields=["done_at"], name="order_done"),
            models.Index(fields=["noticed_at"], condition=NOTICED, name="order_noticed"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_name or _('unknown vendor')} {self.number}".strip()

    @property
    def advice(self) -> Advice | None:
        """What the cause means and who must act; None when nobody must."""
        return ADVICE.get(self.cause)

    @property
    def is_answer(self) -> bool:
        """Whether it is about an order that is known, and no order itself."""
        return self.kind != Kind.ORDER

    @property
    def is_by_hand(self) -> bool:
        """Whether nothing of what an answer changes can be written by Postkamer: a person does all of it in Exact."""
        return bool(self.differences) and all(one.get("by_hand") for one in self.differences)

    @property
    def is_news(self) -> bool:
        """Whether somebody changed, cancelled or removed it in Exact, and nobody here has seen that yet."""
        return self.noticed_at is not None and not self.noticed_seen

    @property
    def is_in_test(self) -> bool:
        """Whether this is a trial: its administration is live on a test division, or it was ordered in one."""
        division = getattr(self.administration, "division", None)
        return bool(division and division.is_test) or bool(self.posting and self.posting.division.is_test)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it stands in another division of Exact than its administration is linked to now."""
        division = getattr(self.administration, "division", None)
        return self.posting is not None and (division is None or division.pk != self.posting.division_id)

    @property
    def stands_as(self) -> str:
        """Its state in words, or how it ended; a trial never passes for what is ordered."""
        if self.state != State.DONE:
            return str(self.get_state_display())
        is_test = self.posting is not None and self.posting.division.is_test
        return str(IN_TEST[Outcome(self.outcome)] if is_test else self.get_outcome_display())

    def move(self, to: str, *, who: str, why: str, at: Any, **values: Any) -> None:
        """Move to state `to` and set `values`, writing the event with it; `cause` and `waits_for` end unless given.

        Raises core.transitions.Changed when the row is not as it was read.
        """
        values = {"cause": "", "detail": "", "waits_for": "", "waits_until": None, "changed_at": at, **values}
        transitions.move(self, to, events=self.events, who=who, why=why, **values)
