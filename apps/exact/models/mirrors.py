"""Mirrors: what Exact knows, flat and read-only. What is filtered, shown or joined has a column; the rest is in `raw`.

Nothing here refers to another mirror by foreign key: each mirror is one pass over one resource.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.clients.access import M, VisibleQuerySet
from apps.exact.models.connection import Division


class Mirror(VisibleQuerySet[M]):
    """Mirrored rows of the divisions that somebody may see."""

    administration_path = "division__administration"


class Mirrored(models.Model):
    """One entity of one division as Exact gave it last. `raw` is Exact's own JSON, strings trimmed."""

    division = models.ForeignKey(Division, models.CASCADE, related_name="+", verbose_name=_("division"))
    exact_id = models.UUIDField(_("id in Exact"))
    raw = models.JSONField(default=dict)

    objects = Mirror.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["division", "exact_id"], name="%(class)s_once_per_division")
        ]


class Coded(Mirrored):
    """A mirrored entity with a code and a description."""

    code = models.CharField(_("code"), max_length=60)
    description = models.CharField(_("description"), max_length=255, blank=True)

    class Meta(Mirrored.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.description}".strip()


class Relation(Mirrored):
    """crm/Accounts: a card. A supplier is a relation with `is_supplier`."""

    code = models.CharField(_("code"), max_length=18)
    name = models.CharField(_("name"), max_length=255)
    is_supplier = models.BooleanField(_("supplier"), default=False)
    blocked = models.BooleanField(_("blocked"), default=False)
    vat_number = models.CharField(_("VAT number"), max_length=40, blank=True)
    chamber_of_commerce = models.CharField(_("chamber of commerce"), max_length=40, blank=True)
    oin = models.CharField("OIN", max_length=40, blank=True)
    gln = models.CharField("GLN", max_length=40, blank=True)
    peppol = models.CharField(_("Peppol id"), max_length=80, blank=True)
    email = models.CharField(_("e-mail address"), max_length=255, blank=True)
    website = models.CharField(_("website"), max_length=255, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    gl_account_purchase = models.UUIDField(_("default ledger account"), null=True)
    purchase_vat_code = models.CharField(_("default VAT code"), max_length=10, blank=True)
    payment_condition_purchase = models.CharField(_("payment condition"), max_length=10, blank=True)

    class Meta(Mirrored.Meta):
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        indexes: ClassVar = [models.Index(fields=["division", "name"], name="relation_name")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class BankAccount(Mirrored):
    """crm/BankAccounts: an account number of a relation."""

    relation = models.UUIDField(_("relation"))
    iban = models.CharField("IBAN", max_length=60)
    blocked = models.BooleanField(_("blocked"), default=False)

    class Meta(Mirrored.Meta):
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")

    def __str__(self) -> str:
        return self.iban


class Item(Coded):
    """logistics/Items."""

    class Meta(Coded.Meta):
        verbose_name = _("item")
        verbose_name_plural = _("items")


class CostRule(models.IntegerChoices):
    """GLAccounts.UseCostcenter and UseCostunit (Exact 4.3)."""

    OPTIONAL = 0, _("optional")
    MANDATORY = 1, _("mandatory")
    NOT_ALLOWED = 2, _("not allowed")


class GLAccount(Coded):
    """financial/GLAccounts. `type` is Exact's number: 20 receivable, 22 payable, 24 VAT, 120 and up costs."""

    type = models.PositiveSmallIntegerField(_("type"), default=0)
    use_cost_center = models.PositiveSmallIntegerField(
        _("cost centre"), choices=CostRule.choices, default=CostRule.OPTIONAL
    )
    use_cost_unit = models.PositiveSmallIntegerField(
        _("cost unit"), choices=CostRule.choices, default=CostRule.OPTIONAL
    )
    cost_center = models.CharField(_("default cost centre"), max_length=20, blank=True)
    cost_unit = models.CharField(_("default cost unit"), max_length=20, blank=True)
    vat_code = models.CharField(_("default VAT code"), max_length=10, blank=True)
    blocked = models.BooleanField(_("blocked"), default=False)

    # Cash, bank, cards, receivable, payable, VAT: entry lines on these are refused (Exact 4.3).
    NOT_FOR_ENTRIES: ClassVar[frozenset[int]] = frozenset({10, 12, 14, 16, 20, 21, 22, 24})

    class Meta(Coded.Meta):
        verbose_name = _("ledger account")
        verbose_name_plural = _("ledger accounts")
        indexes: ClassVar = [models.Index(fields=["division", "code"], name="glaccount_code")]

    @property
    def takes_entries(self) -> bool:
        """Whether a line of a purchase entry may stand on this account."""
        return not self.blocked and self.type not in self.NOT_FOR_ENTRIES


class VATCode(Coded):
    """vat/VATCodes. `percentage` is a fraction (0.21). Type: I including, E excluding, B 0 %, N none."""

    type = models.CharField(_("type"), max_length=2, blank=True)
    percentage = models.DecimalField(_("percentage"), max_digits=7, decimal_places=4, null=True)
    transaction_type = models.CharField(_("for"), max_length=2, blank=True)
    charged = models.BooleanField(_("reverse charge"), default=False)
    blocked = models.BooleanField(_("blocked"), default=False)

    class Meta(Coded.Meta):
        verbose_name = _("VAT code")
        verbose_name_plural = _("VAT codes")


class VATPercentage(Mirrored):
    """vat/VatPercentages: the dated history of a VAT code, as a fraction."""

    vat_code = models.UUIDField(_("VAT code"))
    percentage = models.DecimalField(_("percentage"), max_digits=7, decimal_places=4)
    start_date = models.DateField(_("from"), null=True)
    end_date = models.DateField(_("until"), null=True)

    class Meta(Mirrored.Meta):
        verbose_name = _("VAT percentage")
        verbose_name_plural = _("VAT percentages")

    def __str__(self) -> str:
        return f"{self.percentage:.2%}"


class CostCenter(Coded):
    """hrm/Costcenters."""

    end_date = models.DateField(_("until"), null=True)

    class Meta(Coded.Meta):
        verbose_name = _("cost centre")
        verbose_name_plural = _("cost centres")


class CostUnit(Coded):
    """hrm/Costunits."""

    end_date = models.DateField(_("until"), null=True)

    class Meta(Coded.Meta):
        verbose_name = _("cost unit")
        verbose_name_plural = _("cost units")


class Journal(Coded):
    """financial/Journals. Type 22 is purchase (Exact 4.3)."""

    PURCHASE: ClassVar[int] = 22

    type = models.PositiveSmallIntegerField(_("type"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    blocked = models.BooleanField(_("blocked"), default=False)

    class Meta(Coded.Meta):
        verbose_name = _("journal")
        verbose_name_plural = _("journals")


class PaymentCondition(Coded):
    """cashflow/PaymentConditions."""

    payment_days = models.PositiveIntegerField(_("payment days"), null=True)

    class Meta(Coded.Meta):
        verbose_name = _("payment condition")
        verbose_name_plural = _("payment conditions")


class FinancialPeriod(Mirrored):
    """financial/FinancialPeriods. Whether a period is closed is not here (Exact 4.0)."""

    year = models.PositiveSmallIntegerField(_("year"))
    period = models.PositiveSmallIntegerField(_("period"))
    start_date = models.DateField(_("from"))
    end_date = models.DateField(_("until"))

    class Meta(Mirrored.Meta):
        verbose_name = _("period")
        verbose_name_plural = _("periods")

    def __str__(self) -> str:
        return f"{self.year}-{self.period}"


class LedgerLine(Mirrored):
    """financialtransaction/TransactionLines: a line of any booking. Line number 0 is the entry's header."""

    entry_id = models.UUIDField(_("entry"))
    entry_number = models.IntegerField(_("entry number"), null=True)
    line_number = models.IntegerField(_("line"), default=0)
    type = models.PositiveSmallIntegerField(_("type"), default=0)
    relation = models.UUIDField(_("relation"), null=True)
    gl_account = models.UUIDField(_("ledger account"), null=True)
    gl_code = models.CharField(_("ledger account"), max_length=60, blank=True)
    date = models.DateField(_("date"), null=True)
    your_ref = models.CharField(_("their reference"), max_length=60, blank=True)
    our_ref = models.CharField(_("our reference"), max_length=120, blank=True)
    description = models.CharField(_("description"), max_length=255, blank=True)
    journal = models.CharField(_("journal"), max_length=18, blank=True)
    vat_code = models.CharField(_("VAT code"), max_length=10, blank=True)
    cost_center = models.CharField(_("cost centre"), max_length=20, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, default=0)
    amount_fc = models.DecimalField(_("amount in its currency"), max_digits=16, decimal_places=2, default=0)

    class Meta(Mirrored.Meta):
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        indexes: ClassVar = [
            models.Index(fields=["division", "relation", "date"], name="ledgerline_relation"),
            models.Index(fields=["division", "your_ref"], name="ledgerline_your_ref"),
            models.Index(fields=["division", "entry_id"], name="ledgerline_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_number or ''} {self.description}".strip()
