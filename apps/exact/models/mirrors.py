"""Mirrors of master data: cards, items, ledger accounts, VAT codes, journals and what belongs to them."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.exact.models.entity import Coded, Keyed, Mirrored


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
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    trade_name = models.CharField(_("trade name"), max_length=255, blank=True)
    classification = models.CharField(_("classification"), max_length=30, blank=True, default="")
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
    """logistics/Items. The item group gives the ledger account when the item has none (Exact 4.2)."""

    item_group = models.UUIDField(_("item group"), null=True)
    gl_account = models.UUIDField(_("ledger account of costs"), null=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    barcode = models.CharField(_("barcode"), max_length=60, blank=True)
    is_purchase_item = models.BooleanField(_("purchase item"), default=True)
    is_fraction_allowed = models.BooleanField(_("in fractions"), default=False)
    ends_on = models.DateField(_("until"), null=True)

    class Meta(Coded.Meta):
        verbose_name = _("item")
        verbose_name_plural = _("items")


class ItemGroup(Coded):
    """logistics/ItemGroups."""

    gl_account = models.UUIDField(_("ledger account of costs"), null=True)
    gl_account_purchase = models.UUIDField(_("ledger account of purchases"), null=True)

    class Meta(Coded.Meta):
        verbose_name = _("item group")
        verbose_name_plural = _("item groups")


class Unit(Coded):
    """logistics/Units: what items are counted, weighed or measured in."""

    class Meta(Coded.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")


class SupplierItem(Mirrored):
    """logistics/SupplierItem: what a supplier calls an item, and its present or coming price (Exact facts 4.2).

    `price` is per purchase unit, and holds from `starts_on`; one purchase unit is `factor` of the item's own units.
    """

    item = models.UUIDField(_("item"))
    supplier = models.UUIDField(_("supplier"))
    item_code = models.CharField(_("item code"), max_length=60, blank=True)
    supplier_code = models.CharField(_("item code of the supplier"), max_length=60, blank=True)
    unit = models.CharField(_("purchase unit"), max_length=20, blank=True)
    factor = models.DecimalField(
        _("units in one purchase unit"), max_digits=18, decimal_places=6, default=Decimal(1)
    )
    price = models.DecimalField(_("purchase price"), max_digits=16, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    vat_code = models.CharField(_("VAT code"), max_length=10, blank=True)
    main_supplier = models.BooleanField(_("main supplier"), default=False)
    starts_on = models.DateField(_("from"), null=True)
    ends_on = models.DateField(_("until"), null=True)

    class Meta(Mirrored.Meta):
        verbose_name = _("supplier item")
        verbose_name_plural = _("supplier items")
        indexes: ClassVar = [
            models.Index(fields=["division", "supplier", "supplier_code"], name="supplieritem_code")
        ]

    def __str__(self) -> str:
        return f"{self.supplier_code or self.item_code}"


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


class DocumentType(Keyed):
    """documents/DocumentTypes: the kinds of document; `creatable` says whether our Exact user may make one."""

    description = models.CharField(_("description"), max_length=255, blank=True)
    creatable = models.BooleanField(_("may be created"), default=False)

    class Meta(Keyed.Meta):
        verbose_name = _("document type")
        verbose_name_plural = _("document types")

    def __str__(self) -> str:
        return f"{self.key} {self.description}".strip()
