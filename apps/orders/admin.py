"""The list of orders with its acts, and the addresses of their pages."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core import clock
from apps.core.admin import AgeFilter, ChoiceFilter, ReadOnlyAdmin, VisibleFilter, display
from apps.core.counting import shown
from apps.core.transitions import Changed
from apps.orders import (
    columns,
    export_views,
    form_views,
    item_views,
    pilot_views,
    reviewing,
    trail_views,
    views,
)
from apps.orders import terms_admin as terms_admin  # registers the terms for orders
from apps.orders.filters import StageFilter, with_item
from apps.orders.models import ItemWrite, PurchaseOrder
from apps.orders.refused import Refused
from apps.orders.stages import STAGES, counts_of_page, stage_of

NO_FILTERS = {"stage", "q", "p", "o"}


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReadOnlyAdmin):
    """Orders: every list is a stage of the day, every page is `views.document`."""

    list_display = ("document", "books", "date", "line_count", "amount", "where", "age")
    list_filter = (
        StageFilter,
        ("administration", VisibleFilter),
        ("cause", ChoiceFilter),
        ("administration__client", VisibleFilter),
        ("kind", ChoiceFilter),
        AgeFilter,
    )
    list_select_related = ("administration__client", "administration__division", "posting__division")
    search_fields = ("number", "vendor_name", "supplier_name", "exact_number")
    search_help_text = _("number, vendor or item code")
    list_before_template = "admin/orders/tabs.html"
    actions = ("accept_selected", "ignore_selected", "retry_selected")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PurchaseOrder]:
        """Return the orders, those under way with the moment of their next try."""
        rows: QuerySet[PurchaseOrder] = super().get_queryset(request)
        return rows.annotate(next_attempt=F("posting__next_attempt_at"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody works the queue; the fields themselves are never edited."""
        return bool(request.user.has_perm("orders.change_purchaseorder"))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the order of the stage."""
        return (stage_of(request.GET.get("stage")).order,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PurchaseOrder], search_term: str
    ) -> tuple[QuerySet[PurchaseOrder], bool]:
        """Search number and vendor, and the item codes of the lines."""
        found, doubles = super().get_search_results(request, queryset, search_term)
        condition = with_item(search_term)
        return (found | queryset.filter(condition) if condition else found), doubles

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the acts on an order, the forms, and the trials."""
        wrap, mine = self.admin_site.admin_view, {"model_admin": self}
        own = [
            path(address, wrap(view), mine, name=f"orders_purchaseorder_{name}")
            for address, view, name in (
                ("retry-all/", views.retry_all, "retry_all"),
                ("new/", form_views.new, "new"),
                ("example.<slug:form>", form_views.example, "example"),
                ("export.<slug:form>", export_views.export, "export"),
                ("suppliers/", form_views.suppliers, "suppliers"),
                ("items/", form_views.items, "items"),
                ("items/<int:item_question_id>/create/", item_views.new_item, "new_item"),
                ("pilots/", pilot_views.pilots, "pilots"),
                ("pilots/<int:administration_id>/", pilot_views.pilot, "pilot"),
                ("pilots/<int:administration_id>/<slug:form>/", pilot_views.export, "pilot_export"),
                ("<path:object_id>/fill-in/", form_views.fill_in, "fill_in"),
                ("<path:object_id>/trail/", trail_views.trail, "trail"),
                ("<path:object_id>/trail.pdf", trail_views.trail_pdf, "trail_pdf"),
                ("<path:object_id>/act/<slug:verb>/", views.act, "act"),
            )
        ]
        return own + list(super().get_urls())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show one stage of the day."""
        stage = stage_of(request.GET.get("stage"))
        found = counts_of_page(request)
        tabs = [
            {"stage": one, "count": shown(found[one.key]) if one.key in found else "", "active": one is stage}
            for one in STAGES
        ]
        context = {"title": _("Orders"), "tabs": tabs, "stage": stage, **(extra_context or {})}
        context["cause"] = request.GET.get("cause__exact", "")
        context["may_act"] = self.has_change_permission(request)
        context["to_tidy"] = (
            ItemWrite.objects.visible_to(request.user).to_tidy().select_related("administration")
        )
        context["may_type"] = form_views.may_type(request)
        context["shown"] = _shown(request)
        page: HttpResponse = super().changelist_view(request, context)
        changelist = getattr(page, "context_data", {}).get("cl")
        if changelist is not None:  # a tab is no filter: the button stays quiet
            changelist.has_active_filters = bool(set(changelist.filter_params) - NO_FILTERS)
        return page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one order."""
        return views.document(request, self, object_id)

    @display(description=_("document"), header=True)
    def document(self, order: PurchaseOrder) -> list[str]:
        """Vendor, kind and number."""
        return columns.title(order)

    @display(description=_("administration"), header=True)
    def books(self, order: PurchaseOrder) -> list[str]:
        """Administration and client."""
        return columns.books(order)

    @admin.display(description=_("date"), ordering="order_date")
    def date(self, order: PurchaseOrder) -> str:
        """The date on the document."""
        return date_format(order.order_date, "SHORT_DATE_FORMAT") if order.order_date else "-"

    @admin.display(description=_("without VAT"), ordering="net")
    def amount(self, order: PurchaseOrder) -> str:
        """The total without VAT."""
        return columns.amount(order)

    @admin.display(description=_("where it stands"))
    def where(self, order: PurchaseOrder) -> str:
        """The cause and who must act, or what it waits for, or how it ended."""
        return columns.standing(order)

    @admin.display(description=_("age"), ordering="received_at")
    def age(self, order: PurchaseOrder) -> str:
        """How long ago it came in."""
        return timesince(order.received_at, clock.now(), depth=1)

    @admin.action(description=_("Accept"), permissions=["change"])
    def accept_selected(self, request: HttpRequest, queryset: QuerySet[PurchaseOrder]) -> None:
        """Accept the proposals among the selected."""
        person = views.person(request)
        self._each(request, queryset, lambda one: reviewing.accept(one, by=person, version=one.version))

    @admin.action(description=_("Ignore: not for us"), permissions=["change"])
    def ignore_selected(self, request: HttpRequest, queryset: QuerySet[PurchaseOrder]) -> None:
        """Put the selected aside."""
        person, why = views.person(request), str(_("not for us"))
        self._each(
            request,
            queryset,
            lambda one: reviewing.ignore(one, by=person, why=why, version=one.version),
        )

    @admin.action(description=_("Try again"), permissions=["change"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[PurchaseOrder]) -> None:
        """Try the selected again, with what is known now."""
        person = views.person(request)
        self._each(request, queryset, lambda one: reviewing.retry(one, by=person))

    def _each(self, request: HttpRequest, queryset: QuerySet[PurchaseOrder], verb: Any) -> None:
        """Do `verb` with each order; say how many it was done with and why not with the others."""
        done, refusals = 0, []
        for order in queryset.select_related("administration", "posting"):
            try:
                verb(order)
                done += 1
            except (Refused, Changed) as refusal:
                refusals.append(f"{order}: {refusal}")
        if done:
            text = ngettext("Done with %(count)d document.", "Done with %(count)d documents.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)
        for words in refusals[:5]:
            self.message_user(request, words, messages.WARNING)


def _shown(request: HttpRequest) -> str:
    """Return the filters, the search and the order of the list, as an address writes them, without its page."""
    asked = request.GET.copy()
    asked.pop("p", None)
    return asked.urlencode()
