"""How each administration takes orders: a small page of the set-up."""

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin import RememberedAdmin, VisibleFilter
from apps.orders.forms import TermsForm
from apps.orders.models import OrderTerms


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
