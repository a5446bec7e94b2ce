"""Mirrors of the books: periods and what is closed or filed, ledger lines, balances, open items."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.exact.models.entity import Guided, Keyed, Mirrored


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


class JournalStatus(Keyed):
    """read/financial/JournalStatusList: whether a journal is closed in a period (Exact 4.0)."""

    journal = models.CharField(_("journal"), max_length=18)
    year = models.PositiveSmallIntegerField(_("year"))
    period = models.PositiveSmallIntegerField(_("period"))
    closed = models.BooleanField(_("closed"), default=False)

    class Meta(Keyed.Meta):
        verbose_name = _("journal period")
        verbose_name_plural = _("journal periods")
        indexes: ClassVar = [
            models.Index(fields=["division", "journal", "year", "period"], name="journalstatus_period")
        ]

    def __str__(self) -> str:
        return f"{self.journal} {self.year}-{self.period}"


class VATReturn(Guided):
    """read/financial/Returns. `type`: 31 VAT, 32 EC sales list, 146 payroll; status 50 is processed (Exact 4.8)."""

    type = models.PositiveSmallIntegerField(_("type"), default=0)
    frequency = models.CharField(_("frequency"), max_length=2, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), default=0)
    period = models.PositiveSmallIntegerField(_("period"), default=0)
    status = models.SmallIntegerField(_("status"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True)
    due_date = models.DateField(_("due on"), null=True)
    description = models.CharField(_("description"), max_length=255, blank=True)

    class Meta(Guided.Meta):
        verbose_name = _("return")
        verbose_name_plural = _("returns")

    def __str__(self) -> str:
        return f"{self.year}-{self.period} {self.description}".strip()


class OpenItem(Keyed):
    """One payment term that is still open. `amount` is in `currency`."""

    relation = models.UUIDField(_("relation"), null=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, default=0)
    in_transit = models.DecimalField(_("in transit"), max_digits=16, decimal_places=2, default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    invoice_date = models.DateField(_("invoice date"), null=True)
    due_date = models.DateField(_("due on"), null=True)
    entry_number = models.IntegerField(_("entry number"), null=True)
    journal = models.CharField(_("journal"), max_length=18, blank=True)
    your_ref = models.CharField(_("their reference"), max_length=60, blank=True)
    description = models.CharField(_("description"), max_length=255, blank=True)

    class Meta(Keyed.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.entry_number or ''} {self.name}".strip()


class Payable(OpenItem):
    """read/financial/PayablesList."""

    class Meta(OpenItem.Meta):
        verbose_name = _("open payable")
        verbose_name_plural = _("open payables")


class Receivable(OpenItem):
    """read/financial/ReceivablesList."""

    class Meta(OpenItem.Meta):
        verbose_name = _("open receivable")
        verbose_name_plural = _("open receivables")


class Balance(Keyed):
    """financial/ReportingBalance: what was booked on an account in a period. Amounts in the division's currency."""

    gl_account = models.UUIDField(_("ledger account"), null=True)
    gl_code = models.CharField(_("ledger account"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    period = models.PositiveSmallIntegerField(_("period"))
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, default=0)
    debit = models.DecimalField(_("debit"), max_digits=16, decimal_places=2, default=0)
    credit = models.DecimalField(_("credit"), max_digits=16, decimal_places=2, default=0)
    balance_type = models.CharField(_("balance or profit and loss"), max_length=2, blank=True)
    cost_center = models.CharField(_("cost centre"), max_length=20, blank=True)
    cost_unit = models.CharField(_("cost unit"), max_length=20, blank=True)

    class Meta(Keyed.Meta):
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        indexes: ClassVar = [
            models.Index(fields=["division", "year", "period", "gl_code"], name="balance_period")
        ]

    def __str__(self) -> str:
        return f"{self.gl_code} {self.year}-{self.period}"


class LedgerLine(Guided):
    """financialtransaction/TransactionLines: a line of any booking. Line number 0 is the entry's header.

    Narrow on purpose: there are millions of these, and history, doubles and reports read nothing else.
    """

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
    cost_unit = models.CharField(_("cost unit"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), default=0)
    period = models.PositiveSmallIntegerField(_("period"), default=0)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    booked_on = models.DateField(_("entered on"), null=True)
    document = models.UUIDField(_("document"), null=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, default=0)
    amount_fc = models.DecimalField(_("amount in its currency"), max_digits=16, decimal_places=2, default=0)

    class Meta(Guided.Meta):
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        indexes: ClassVar = [
            models.Index(fields=["division", "relation", "date"], name="ledgerline_relation"),
            models.Index(fields=["division", "your_ref"], name="ledgerline_your_ref"),
            models.Index(fields=["division", "entry_id"], name="ledgerline_entry"),
            models.Index(fields=["division", "booked_on"], name="ledgerline_booked_on"),
            models.Index(
                fields=["division", "document"],
                condition=models.Q(line_number=0, document__isnull=False),
                name="ledgerline_document",
            ),
            models.Index(
                fields=["division", "entry_id"],
                condition=models.Q(line_number=0, gone_at__isnull=False),
                name="ledgerline_gone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_number or ''} {self.description}".strip()
