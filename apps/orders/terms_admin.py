"""How each administration takes orders: a small page of the set-up."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from apps.core.admin import RememberedAdmin, VisibleFilter
from apps.orders.forms import TermsForm
from apps.orders.models import OrderTerms, PurchaseOrder


@admin.register(OrderTerms)
class OrderTermsAdmin(RememberedAdmin):
    """Terms for orders. An administration without a row takes orders as the help above the list says."""

    form = TermsForm
    deletable = True
    list_display = ("administration", "takes_orders", "price_band", "description")
    list_filter = (("administration__client", VisibleFilter),)
    list_select_related = ("administration",)
    search_fields = ("administration__name", "administration__client__name")
    ordering = ("administration__name",)
    fields = ("administration", "takes_orders", "price_band", "description")
    list_before_template = "admin/orders/terms_bar.html"

    def get_readonly_fields(self, request: HttpRequest, obj: OrderTerms | None = None) -> tuple[str, ...]:
        """Terms stay with their administration."""
        return ("administration",) if obj else ()

    def save_model(self, request: HttpRequest, obj: OrderTerms, form: Any, change: bool) -> None:
        """Keep them, and say how many orders came in before and go on, where none are taken any more."""
        super().save_model(request, obj, form, change)
        rows = PurchaseOrder.objects.filter(administration=obj.administration)
        count = 0 if obj.takes_orders else rows.going_on().count()
        if count:
            text = ngettext(
                "%(count)d order that came in before goes on. Ignore it if it must not be made.",
                "%(count)d orders that came in before go on. Ignore them if they must not be made.",
                count,
            )
            messages.warning(request, text % {"count": count})
