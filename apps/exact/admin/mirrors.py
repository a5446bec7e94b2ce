"""The read-only mirrors of what Exact knows."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ReadOnlyAdmin, VisibleFilter
from apps.exact import models


class MirrorAdmin(ReadOnlyAdmin):
    """What Exact knows, as read last."""

    list_select_related = ("division",)
    list_filter: Any = (("division", VisibleFilter),)
    exclude = ("raw",)
    ordering: Any = ("code",)

    @admin.display(description=_("blocked"))
    def stop(self, row: Any) -> str:
        """A word where Exact blocks the row, nothing where it does not."""
        return format_html('<b class="pk-chip pk-poor">{}</b>', _("blocked")) if row.blocked else ""

    @admin.display(description=_("entry number"))
    def entry(self, row: Any) -> str:
        """The number as Exact writes it."""
        return str(row.entry_number or "")

    @admin.display(description=_("order number"))
    def number(self, row: Any) -> str:
        """The number as Exact writes it."""
        return str(row.order_number or "")


def _mirror(model: type[Model], columns: str, **more: Any) -> None:
    names = tuple(columns.split())
    values = {"list_display": (*names, "division"), "search_fields": names[:2], **more}
    admin.site.register(model, type(f"{model.__name__}Admin", (MirrorAdmin,), values))


_mirror(
    models.Relation,
    "code name vat_number chamber_of_commerce stop",
    list_filter=(("division", VisibleFilter), "is_supplier", "blocked"),
    search_fields=("code", "name", "vat_number", "chamber_of_commerce"),
)
_mirror(models.BankAccount, "iban stop", search_fields=("iban",), ordering=("iban",))
_mirror(models.Item, "code description")
_mirror(models.GLAccount, "code description type vat_code use_cost_center stop")
_mirror(
    models.VATCode,
    "code description type percentage transaction_type charged stop",
    list_filter=(("division", VisibleFilter), "transaction_type"),
)
_mirror(models.CostCenter, "code description end_date")
_mirror(models.CostUnit, "code description end_date")
_mirror(models.PaymentCondition, "code description payment_days")
_mirror(
    models.FinancialPeriod,
    "year period start_date end_date",
    search_fields=("year",),
    ordering=("-year", "period"),
)
_mirror(models.Journal, "code description type currency stop")
_mirror(
    models.LedgerLine,
    "date entry your_ref gl_code description amount_fc",
    search_fields=("your_ref", "description"),
    ordering=("-pk",),
)
_mirror(models.ItemGroup, "code description")
_mirror(
    models.SupplierItem,
    "supplier_code item_code unit factor price currency main_supplier",
    search_fields=("supplier_code", "item_code"),
    ordering=("supplier_code",),
)
_mirror(models.Unit, "code description")
_mirror(
    models.ExactOrder,
    "order_date number line_number supplier_name your_ref description item_code ordered amount order_status",
    list_filter=(("division", VisibleFilter), "order_status"),
    search_fields=("your_ref", "description", "supplier_name"),
    ordering=("-order_date", "-order_number", "line_number"),
)
_mirror(
    models.DocumentType, "key description creatable", search_fields=("key", "description"), ordering=("key",)
)
_mirror(
    models.JournalStatus,
    "journal year period closed",
    list_filter=(("division", VisibleFilter), "closed"),
    search_fields=("journal",),
    ordering=("-year", "period", "journal"),
)
_mirror(
    models.VATReturn,
    "description type year period status amount due_date",
    search_fields=("description",),
    ordering=("-year", "-period"),
)
for _open in (models.Payable, models.Receivable):
    _mirror(
        _open,
        "name your_ref entry amount currency invoice_date due_date",
        search_fields=("name", "your_ref"),
        ordering=("due_date",),
    )
_mirror(
    models.Balance,
    "gl_code year period amount debit credit",
    search_fields=("gl_code",),
    ordering=("-year", "period", "gl_code"),
)
