"""What we remember of vendors, and the lists that staff keep about them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ChoiceFilter, RememberedAdmin, VisibleFilter
from apps.vendors import exchange_views, first_day_views
from apps.vendors.forms import CollectiveVendorForm, SharedDomainForm
from apps.vendors.matching import NO_EVIDENCE_DOMAINS
from apps.vendors.models import CollectiveVendor, Mapping, SharedDomain


@admin.register(Mapping)
class MappingAdmin(RememberedAdmin):
    """This identity is that supplier, in this administration. Made in the queue; forgotten here."""

    deletable = True
    list_display = ("value", "kind", "supplier_name", "administration", "learned_from", "learned_at")
    list_filter = (("administration", VisibleFilter),)
    list_select_related = ("administration", "learned_from")
    search_fields = ("value", "supplier_name")
    ordering = ("-learned_at",)
    fields = (("kind", "value"), "supplier_name", "administration", ("learned_from", "learned_at"))
    readonly_fields = ("kind", "value", "supplier_name", "administration", "learned_from", "learned_at")
    list_before_template = "admin/vendors/mappings_bar.html"

    def has_bring_in_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody maps vendors, and so may bring in what was decided elsewhere."""
        return bool(request.user.has_perm("vendors.change_question"))

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also import and export, and what last year's bookings speak for."""
        wrap, mine = self.admin_site.admin_view, {"model_admin": self}
        exports = [
            path(
                f"export.{form}",
                wrap(exchange_views.export),
                {**mine, "form": form},
                name=f"vendors_mapping_export_{form}",
            )
            for form in exchange_views.TYPES
        ]
        own = [
            *exports,
            path("import/", wrap(exchange_views.bring_in), mine, name="vendors_mapping_import"),
            path("first-day/", wrap(first_day_views.choose), mine, name="vendors_mapping_first_days"),
            path(
                "first-day/<int:administration_id>/",
                wrap(first_day_views.page),
                mine,
                name="vendors_mapping_first_day",
            ),
            path(
                "first-day/<int:administration_id>/accept/",
                wrap(first_day_views.accept),
                mine,
                name="vendors_mapping_first_day_accept",
            ),
            path("import/confirm/", wrap(exchange_views.confirm), mine, name="vendors_mapping_confirm"),
        ]
        return own + list(super().get_urls())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the mappings, with what brings in and takes along above them."""
        asked = request.GET.get("administration__id__exact", "")
        context = {
            "may_bring_in": self.has_bring_in_permission(request),
            "narrowed": urlencode({"administration__id__exact": asked}) if asked else "",
            **(extra_context or {}),
        }
        page: HttpResponse = super().changelist_view(request, context)
        return page


@admin.register(CollectiveVendor)
class CollectiveVendorAdmin(RememberedAdmin):
    """Fuel, supermarkets, web shops: many senders that are all booked on one supplier."""

    form = CollectiveVendorForm
    deletable = True
    list_display = ("name", "lines", "supplier_name", "administration", "active")
    list_filter = ("active", ("administration", VisibleFilter))
    list_select_related = ("administration",)
    search_fields = ("name", "words", "supplier_name")
    ordering = ("administration__name", "name")
    fields = ("administration", ("name", "active"), "words", "supplier")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields; who may only look sees the supplier's name in place of its id."""
        fields = super().get_fields(request, obj)
        may_fill_in = obj is None or self.has_change_permission(request, obj)
        return fields if may_fill_in else (*fields[:-1], "supplier_name")

    @admin.display(description=_("words"))
    def lines(self, vendor: CollectiveVendor) -> str:
        """Its lines behind one another."""
        return ", ".join(filter(None, (line.strip() for line in vendor.words.splitlines())))


@admin.register(SharedDomain)
class SharedDomainAdmin(RememberedAdmin):
    """Domains that many senders share; of the whole firm. The product's own list stands above them."""

    form = SharedDomainForm
    deletable = True
    list_display = ("domain", "kind", "note")
    list_filter = (("kind", ChoiceFilter),)
    search_fields = ("domain", "note")
    ordering = ("domain",)
    fields = (("domain", "kind"), "note")
    list_before_template = "admin/vendors/shared_domains.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show what staff added, under the list that the product has by itself."""
        context = {"built_in": sorted(NO_EVIDENCE_DOMAINS), **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, context)
        return page
