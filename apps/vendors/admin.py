"""What we remember of vendors, and the lists that staff keep about them."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ChoiceFilter, ReadOnly, RememberedAdmin, VisibleFilter
from apps.core.identifiers import Kind
from apps.core.tables.files import TYPES
from apps.vendors import adopting, exchange_views, first_day_views
from apps.vendors.evidence import NO_EVIDENCE_DOMAINS, Key
from apps.vendors.forms import CollectiveVendorForm, SharedDomainForm
from apps.vendors.iban_cases import OPEN
from apps.vendors.iban_words import grouped
from apps.vendors.models import CaseState, CollectiveVendor, IBANCase, Mapping, SharedDomain

CHIPS = {CaseState.ACCEPTED: "good", CaseState.REJECTED: "poor"}


@admin.register(Mapping)
class MappingAdmin(RememberedAdmin):
    """This identity is that supplier, in this administration. Made in the queue; taken back from here."""

    list_display = (
        "value",
        "kind",
        "supplier_name",
        "administration",
        "learned_from",
        "learned_at",
        "standing",
    )
    list_filter = (("administration", VisibleFilter), ("scope", ChoiceFilter), ("origin", ChoiceFilter))
    list_select_related = ("administration", "learned_from")
    search_fields = ("value", "supplier_name")
    ordering = ("-learned_at",)
    fields = (
        ("kind", "value"),
        "supplier_name",
        "administration",
        ("scope", "origin"),
        ("learned_from", "learned_at"),
        "part",
        ("forgotten_by", "forgotten_at"),
        "standing",
    )
    readonly_fields = (
        *(
            "kind",
            "value",
            "supplier_name",
            "administration",
            "scope",
            "origin",
            "learned_from",
            "learned_at",
        ),
        *("part", "forgotten_by", "forgotten_at", "standing"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody decides here: that is done where the document is."""
        return False

    @admin.display(description=_("stands"))
    def standing(self, mapping: Mapping) -> str:
        """Whether it counts, with the page that takes it back and shows what it touched."""
        address = reverse("admin:vendors_mapping_unlearn", args=(mapping.pk,))
        words = _("taken back") if mapping.forgotten_at else _("take back")
        return format_html('<a class="pk-button" href="{}">{}</a>', address, words)

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
            for form in TYPES
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

    def save_model(self, request: HttpRequest, obj: CollectiveVendor, form: Any, change: bool) -> None:
        """Keep it, and have what waits for its vendor looked at again."""
        super().save_model(request, obj, form, change)
        adopting.tell([obj.administration])

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

    def save_model(self, request: HttpRequest, obj: SharedDomain, form: Any, change: bool) -> None:
        """Keep it, and have the vendors asked about anew who were known by this domain alone."""
        super().save_model(request, obj, form, change)
        adopting.tell(adopting.asked_about(Key(Kind.DOMAIN.value, obj.domain)))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show what staff added, under the list that the product has by itself."""
        context = {"built_in": sorted(NO_EVIDENCE_DOMAINS), **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, context)
        return page


class IBANCaseList(ReadOnly, RememberedAdmin):
    """Accounts that are not on the card, those to decide first; moved only by the steps on the page of each.

    That page shows documents, so it stands a floor higher: there this list is registered.
    """

    list_display = ("supplier_name", "account", "administration", "standing", "called_by", "opened_at")
    list_filter = (("state", ChoiceFilter), ("administration", VisibleFilter))
    list_select_related = ("administration", "called_by")
    search_fields = ("supplier_name", "iban")
    ordering = (F("decided_at").desc(nulls_first=True), "opened_at")

    def may_act(self, request: HttpRequest) -> bool:
        """Tell whether somebody calls and decides; the fields themselves are never edited."""
        return bool(request.user.has_perm("vendors.change_ibancase"))

    @admin.display(description="IBAN", ordering="iban")
    def account(self, case: IBANCase) -> str:
        """The account in groups of four."""
        return format_html('<span class="pk-iban">{}</span>', grouped(case.iban))

    @admin.display(description=_("state"), ordering="state")
    def standing(self, case: IBANCase) -> str:
        """Where it stands, what waits for a person marked."""
        chip = "attention" if case.state in OPEN else CHIPS[CaseState(case.state)]
        return format_html('<b class="pk-chip pk-{}">{}</b>', chip, case.get_state_display())
