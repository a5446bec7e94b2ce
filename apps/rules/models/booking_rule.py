"""How a line is booked: the rules of people, of one administration, of a client or of the firm."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration, Client, ClientGroup
from apps.core import clock
from apps.people.models import User
from apps.rules.scenario import Scenario
from apps.rules.words import Spread, TextIn, TextMatch


class BookingRules(VisibleQuerySet["BookingRule"]):
    """Rules of administrations, of clients and of the firm."""

    def visible_to(self, user: Any) -> Self:
        """Return the firm's rules and those of the clients that `user` works for."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.sees_everything:
            return self
        mine = user.assignments.values("client")
        firm = Q(client=None, administration=None)
        return self.filter(firm | Q(client__in=mine) | Q(administration__client__in=mine))


def _text(label: Any, length: int, **more: Any) -> Any:
    return models.CharField(label, max_length=length, blank=True, default="", **more)


def _percentage(label: Any) -> Any:
    """Return a column for a percentage (12.5 is 12.5 %)."""
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )


class BookingRule(models.Model):
    """Conditions -> ledger account, VAT code and more. All conditions must hold; an empty one holds for everything.

    Codes and not Exact's ids: a rule of the firm must mean something in every division. Amounts are without VAT
    and without sign, in the currency of the document; percentages are percentages (12.5 is 12.5 %).
    """

    name = models.CharField(_("name"), max_length=100)
    administration = models.ForeignKey(
        Administration,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="booking_rules",
        verbose_name=_("administration"),
    )
    client = models.ForeignKey(
        Client, models.CASCADE, null=True, blank=True, related_name="booking_rules", verbose_name=_("client")
    )
    client_group = models.ForeignKey(
        ClientGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="booking_rules",
        verbose_name=_("only for clients of the group"),
    )
    position = models.PositiveIntegerField(_("order"), default=100)
    active = models.BooleanField(_("active"), default=True)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now, editable=False)

    supplier_contains = _text(_("supplier's name contains"), 100, help_text=_("Capitals do not matter."))
    supplier_code = _text(_("supplier's code in Exact"), 18)
    vendor_key = _text(
        _("vendor identity"), 300, help_text=_("Kind and number, as on the document: “kvk 12345678”.")
    )
    classification = _text(_("supplier's classification in Exact"), 30)
    item_group = _text(_("item group in Exact"), 60)
    seller_item = _text(_("seller's item code"), 60)
    commodity_code = _text(_("commodity code"), 40)
    text = _text(_("text"), 200)
    text_in = models.CharField(
        _("where"), max_length=6, choices=TextIn.choices, default=TextIn.LINE, blank=False
    )
    text_match = models.CharField(
        _("how"), max_length=8, choices=TextMatch.choices, default=TextMatch.CONTAINS
    )
    amount_from = models.DecimalField(
        _("amount of the line from"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    amount_to = models.DecimalField(
        _("amount of the line up to"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    scenario = _text(_("VAT scenario"), 20, choices=Scenario.choices)
    buyer_reference = _text(_("buyer reference"), 100)
    order_number = _text(_("order number begins with"), 100)
    delivery_address = _text(_("delivery address contains"), 100)

    gl_code = _text(_("ledger account"), 60)
    vat_code = _text(_("VAT code"), 10)
    cost_center = _text(_("cost centre"), 20)
    cost_unit = _text(_("cost unit"), 20)
    description = _text(
        _("description in the books"),
        255,
        help_text=_("May hold {supplier}, {number}, {date}, {period}, {text} and {order}."),
    )
    private_use = _percentage(_("private use (%)"))
    non_deductible = _percentage(_("VAT that is not deductible (%)"))
    spread = models.CharField(
        _("spread"), max_length=8, choices=Spread.choices, default=Spread.NOT, blank=True
    )
    spread_months = models.PositiveSmallIntegerField(
        _("number of months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    payment_condition = _text(_("payment condition"), 10)
    never_automatic = models.BooleanField(
        _("do not automate"), default=False, help_text=_("A person looks at each document that this fits.")
    )

    objects = BookingRules.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("booking rule")
        verbose_name_plural = _("booking rules")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="rule_has_one_owner", condition=Q(administration=None) | Q(client=None)
            ),
            models.CheckConstraint(
                name="group_is_for_the_firm",
                condition=Q(client_group=None) | Q(administration=None, client=None),
            ),
            models.CheckConstraint(
                name="rule_has_a_condition",
                condition=~Q(
                    supplier_contains="",
                    supplier_code="",
                    vendor_key="",
                    classification="",
                    item_group="",
                    seller_item="",
                    commodity_code="",
                    text="",
                    amount_from=None,
                    amount_to=None,
                    scenario="",
                    buyer_reference="",
                    order_number="",
                    delivery_address="",
                ),
            ),
            models.CheckConstraint(
                name="amounts_in_order",
                condition=Q(amount_from=None) | Q(amount_to=None) | Q(amount_from__lte=models.F("amount_to")),
            ),
            models.CheckConstraint(
                name="months_exactly_when_spread_over_them",
                condition=Q(spread=Spread.MONTHS, spread_months__isnull=False)
                | (~Q(spread=Spread.MONTHS) & Q(spread_months=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owner(self) -> str:
        """Whose rule it is: the name of the administration or client, or the whole firm."""
        return str(self.administration or self.client or _("the whole firm"))


class RuleSplits(VisibleQuerySet["RuleSplit"]):
    """Parts of rules."""

    def visible_to(self, user: Any) -> Self:
        """Return the parts of the rules that `user` may see."""
        return self.filter(rule__in=BookingRule.objects.visible_to(user))


class RuleSplit(models.Model):
    """A part of what a rule books: a percentage (50 is 50 %) or an amount without VAT; neither: the rest."""

    rule = models.ForeignKey(BookingRule, models.CASCADE, related_name="splits", verbose_name=_("rule"))
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    percentage = _percentage(_("percentage"))
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True, blank=True)
    gl_code = _text(_("ledger account"), 60)
    vat_code = _text(_("VAT code"), 10)
    cost_center = _text(_("cost centre"), 20)
    cost_unit = _text(_("cost unit"), 20)

    objects = RuleSplits.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("part of a booking rule")
        verbose_name_plural = _("parts of booking rules")
        ordering = ("position", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(name="part_is_one_thing", condition=Q(percentage=None) | Q(amount=None)),
            models.CheckConstraint(name="part_is_an_amount", condition=Q(amount=None) | Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        share = f"{self.percentage.normalize():f} %" if self.percentage is not None else self.amount
        return f"{share if share is not None else _('the rest')}: {self.gl_code}"
