"""The queue and the unmapped vendors."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core import clock
from apps.core.admin import AgeFilter, ChoiceFilter, ReadOnlyAdmin, VisibleFilter, display
from apps.core.causes import ACTORS
from apps.core.counting import shown
from apps.core.transitions import Changed
from apps.invoices import (
    automation_admin as automation_admin,  # registers the lists about what runs by itself
)
from apps.invoices import (
    case_views,
    leaving_views,
    part_views,
    pilot_views,
    replay_views,
    reviewing,
    rule_views,
    supplier_views,
    trail_views,
    unlearn_views,
    vendor_views,
    views,
)
from apps.invoices.filters import StageFilter, amounts
from apps.invoices.models import NOTICEABLE, Invoice, State
from apps.invoices.stages import STAGES, counts_of_page, stage_of
from apps.vendors.admin import IBANCaseList
from apps.vendors.models import IBANCase, Question

NO_FILTERS = {"stage", "q", "p", "o"}


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """Documents: every list is a stage of the day, every page is `views.document`."""

    list_display = ("document", "books", "date", "amount", "standing", "age")
    list_filter = (
        StageFilter,
        ("administration", VisibleFilter),
        ("cause", ChoiceFilter),
        ("administration__client", VisibleFilter),
        AgeFilter,
    )
    list_select_related = ("administration__client", "administration__division", "posting__division")
    search_fields = ("number", "vendor_name", "supplier_name")
    search_help_text = _("number, vendor or amount")
    list_before_template = "admin/invoices/invoice/tabs.html"
    actions = ("accept_selected", "ignore_selected", "retry_selected")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invoice]:
        """Return the documents, those under way with the moment of their next try."""
        rows: QuerySet[Invoice] = super().get_queryset(request)
        return rows.annotate(next_attempt=F("posting__next_attempt_at"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody works the queue; the fields themselves are never edited."""
        return bool(request.user.has_perm("invoices.change_invoice"))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the order of the stage."""
        return (stage_of(request.GET.get("stage")).order,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Invoice], search_term: str
    ) -> tuple[QuerySet[Invoice], bool]:
        """Search number and vendor, and the amounts when an amount was typed."""
        found, doubles = super().get_search_results(request, queryset, search_term)
        condition = amounts(search_term)
        return (found | queryset.filter(condition) if condition else found), doubles

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the acts on a document."""
        wrap, mine = self.admin_site.admin_view, {"model_admin": self}
        own = [
            *[
                path(f"part/<int:part_id>/{name}/", wrap(view), mine, name=f"invoices_invoice_part_{name}")
                for name, view in part_views.VIEWS.items()
            ],
            *[
                path(f"rules/{address}", wrap(view), mine, name=f"invoices_bookingrule_{name}")
                for address, view, name in (
                    ("replay/", replay_views.ask, "replay"),
                    ("replay/<int:replay_id>/", replay_views.replayed, "replayed"),
                    ("replay/<int:replay_id>/keep/", replay_views.keep, "replay_keep"),
                    ("line/<int:line_id>/", rule_views.from_line, "from_line"),
                )
            ],
            path("retry-all/", wrap(views.retry_all), mine, name="invoices_invoice_retry_all"),
            path("pilots/", wrap(pilot_views.pilots), mine, name="invoices_invoice_pilots"),
            path(
                "pilots/<int:administration_id>/",
                wrap(pilot_views.pilot),
                mine,
                name="invoices_invoice_pilot",
            ),
            path(
                "pilots/<int:administration_id>/live/",
                wrap(pilot_views.live),
                mine,
                name="invoices_invoice_live",
            ),
            path(
                "pilots/<int:administration_id>/leave/",
                wrap(leaving_views.leave),
                mine,
                name="invoices_invoice_leave",
            ),
            path(
                "divisions/<int:key>/mark/",
                wrap(leaving_views.mark),
                mine,
                name="invoices_invoice_mark_division",
            ),
            path("method/<int:key>/", wrap(views.switch_method), mine, name="invoices_invoice_method"),
            path("go-on/<int:key>/", wrap(views.go_on), mine, name="invoices_invoice_go_on"),
            path("<path:object_id>/act/<slug:verb>/", wrap(views.act), mine, name="invoices_invoice_act"),
            path("<path:object_id>/case/", wrap(case_views.case_of), mine, name="invoices_invoice_case"),
            path("<path:object_id>/trail/", wrap(trail_views.trail), mine, name="invoices_invoice_trail"),
            path(
                "<path:object_id>/trail/file/",
                wrap(trail_views.file_trail),
                mine,
                name="invoices_invoice_file_trail",
            ),
            path(
                "<path:object_id>/trail.pdf",
                wrap(trail_views.trail_pdf),
                mine,
                name="invoices_invoice_trail_pdf",
            ),
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
        context = {"title": stage.title, "tabs": tabs, "stage": stage, **(extra_context or {})}
        context["cause"] = request.GET.get("cause__exact", "")
        context["may_act"] = self.has_change_permission(request)
        page: HttpResponse = super().changelist_view(request, context)
        changelist = getattr(page, "context_data", {}).get("cl")
        if changelist is not None:  # a tab is no filter: the button stays quiet
            changelist.has_active_filters = bool(set(changelist.filter_params) - NO_FILTERS)
        return page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one document."""
        return views.document(request, self, object_id)

    @display(description=_("document"), header=True)
    def document(self, invoice: Invoice) -> list[str]:
        """Vendor and number."""
        return [invoice.vendor_name or str(_("unknown vendor")), invoice.number or str(_("no number"))]

    @display(description=_("administration"), header=True)
    def books(self, invoice: Invoice) -> list[str]:
        """Administration and client."""
        if invoice.administration is None:
            return ["-", str(_("not routed"))]
        client = invoice.administration.client.name
        words = f"{client} · {_('test division')}" if invoice.is_in_test else client
        return [invoice.administration.name, words]

    @admin.display(description=_("date"), ordering="issue_date")
    def date(self, invoice: Invoice) -> str:
        """The date on the document."""
        return date_format(invoice.issue_date, "SHORT_DATE_FORMAT")

    @admin.display(description=_("total"), ordering="gross")
    def amount(self, invoice: Invoice) -> str:
        """The signed total with its currency."""
        text = number_format(invoice.gross, decimal_pos=2, force_grouping=True)
        return format_html('<span class="pk-amount">{}&nbsp;{}</span>', invoice.currency, text)

    @admin.display(description=_("where it stands"))
    def standing(self, invoice: Invoice) -> str:
        """The cause and who must act, or what it waits for, or how it ended."""
        if invoice.advice:
            label = invoice.cause_label
            actor = ACTORS[invoice.advice.actor]
            return format_html('<b class="pk-chip pk-attention">{}</b> <small>{}</small>', label, actor)
        if invoice.state == State.DONE:
            return _ended(invoice)
        if invoice.removal_id:
            return format_html('<b class="pk-chip pk-plain">{}</b>', _("being taken back"))
        waits = " ".join(filter(None, [str(invoice.get_waits_for_display()), _minute(invoice)]))
        return format_html(
            '<b class="pk-chip pk-plain">{}</b> <small>{}</small>', invoice.get_state_display(), waits
        )

    @admin.display(description=_("age"), ordering="received_at")
    def age(self, invoice: Invoice) -> str:
        """How long ago it came in."""
        return timesince(invoice.received_at, clock.now(), depth=1)

    @admin.action(description=_("Accept"), permissions=["change"])
    def accept_selected(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> None:
        """Accept the proposals among the selected."""
        self._each(
            request,
            queryset,
            lambda one: reviewing.accept(one, by=views.person(request), version=one.version),
        )

    @admin.action(description=_("Ignore: not for us"), permissions=["change"])
    def ignore_selected(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> None:
        """Put the selected aside."""
        why = str(_("not for us"))
        self._each(request, queryset, lambda one: reviewing.ignore(one, by=views.person(request), why=why))

    @admin.action(description=_("Try again"), permissions=["change"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> None:
        """Try the selected again, with what is known now."""
        self._each(request, queryset, lambda one: reviewing.retry(one, by=views.person(request)))

    def _each(self, request: HttpRequest, queryset: QuerySet[Invoice], verb: Any) -> None:
        """Do `verb` with each document; say how many it was done with and why not with the others."""
        done, refusals = 0, {}
        for invoice in queryset.select_related("administration", "posting"):
            try:
                verb(invoice)
                done += 1
            except (reviewing.Refused, Changed) as refusal:
                refusals[invoice.pk] = f"{invoice}: {refusal}"
        if done:
            text = ngettext("Done with %(count)d document.", "Done with %(count)d documents.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)
        for words in list(refusals.values())[:5]:
            self.message_user(request, words, messages.WARNING)


def _ended(invoice: Invoice) -> str:
    """Return how a document ended, and what somebody did with it in Exact since."""
    if invoice.to_correct:
        return format_html(
            '<b class="pk-chip pk-attention">{}</b> <small>{} {}</small>',
            _("to be corrected"),
            invoice.exact_number,
            invoice.to_correct,
        )
    if invoice.in_exact in NOTICEABLE and not invoice.in_exact_seen:
        return format_html(
            '<b class="pk-chip pk-attention">{}</b> <small>{} {}</small>',
            invoice.get_in_exact_display(),
            invoice.exact_number,
            invoice.in_exact_detail,
        )
    return format_html(
        '<b class="pk-chip {}">{}</b> <small>{}</small>',
        "pk-test" if invoice.is_booked_in_test else "pk-good",
        invoice.ended_as,
        invoice.exact_number,
    )


def _minute(invoice: Any) -> str:
    """Return when a document that waits for the clock is expected to go on, "" for one that does not."""
    moment = invoice.next_attempt if invoice.state == State.POSTING else invoice.waits_until
    if not moment or moment <= clock.now():
        return ""
    return date_format(timezone.localtime(moment), "H:i")


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    """Vendors that nobody mapped: one page, grouped by who they are."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody maps vendors."""
        return bool(request.user.has_perm("vendors.change_question"))

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: the groups, the search for a supplier, the click that maps."""
        wrap, mine = self.admin_site.admin_view, {"model_admin": self}
        own = [
            path(
                "<int:question_id>/suppliers/",
                wrap(vendor_views.suppliers),
                mine,
                name="vendors_question_suppliers",
            ),
            path(
                "<int:question_id>/map/", wrap(vendor_views.map_question), mine, name="vendors_question_map"
            ),
            path("map/", wrap(vendor_views.map_group), mine, name="vendors_question_map_group"),
            path("aside/", wrap(vendor_views.put_group_aside), mine, name="vendors_question_aside"),
            path("undo/", wrap(vendor_views.undo), mine, name="vendors_question_undo"),
            path(
                "mapping/<int:mapping_id>/", wrap(unlearn_views.unlearn), mine, name="vendors_mapping_unlearn"
            ),
            path(
                "<int:question_id>/create/",
                wrap(supplier_views.create_supplier),
                mine,
                name="vendors_question_create",
            ),
            path(
                "<int:question_id>/enrich/",
                wrap(supplier_views.enrich_card),
                mine,
                name="vendors_question_enrich",
            ),
        ]
        return own + list(super().get_urls())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the groups."""
        return vendor_views.unmapped(request, self)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the groups: a question has no page of its own."""
        return vendor_views.unmapped(request, self)


@admin.register(IBANCase)
class IBANCaseAdmin(IBANCaseList):
    """Changed IBANs: the list, and a page of our own for each."""

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the steps of a case."""
        return [*case_views.addresses(self), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show one case."""
        return case_views.case(request, self, object_id)
