"""The VAT table of each administration, and the page of all scenarios with their boxes."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core import queue
from apps.core.admin import ChoiceFilter, RememberedAdmin, VisibleFilter
from apps.rules import scenario_views, signing_off, vat_table
from apps.rules.models import VATTable
from apps.rules.scenario import Scenario
from apps.rules.vat_boxes import TREATMENTS
from apps.rules.vat_facts import sentence


class RowForm(ModelForm[VATTable]):
    """A row of a VAT table, with a code that Exact has for purchases."""

    def clean(self) -> dict[str, Any]:
        """Refuse a code that the administration does not have, or may not use on a purchase."""
        values = super().clean() or {}
        administration, code = values.get("administration"), values.get("vat_code")
        codes = {one.code: one for one in vat_table.codes_of(administration)} if administration else {}
        if not codes or not code:
            return values
        if code not in codes or codes[code].blocked:
            words = _("Exact has no VAT code %(code)s in use here. It has: %(codes)s.")
            usable = ", ".join(one.code for one in codes.values() if not one.blocked)
            raise ValidationError({"vat_code": words % {"code": code, "codes": usable}})
        if codes[code].transaction_type == "S":
            raise ValidationError({"vat_code": _("This VAT code is for sales only.")})
        return values


@admin.register(VATTable)
class VATTableAdmin(RememberedAdmin):
    """Scenario -> VAT code. A row counts once a person confirmed it; saving by hand confirms."""

    form = RowForm
    deletable = True
    list_display = (
        "scenario",
        "boxes",
        "administration",
        "vat_code",
        "in_exact",
        "standing",
    )
    list_filter = (("administration", VisibleFilter), ("scenario", ChoiceFilter))
    list_select_related = ("administration",)
    list_before_template = "admin/rules/vattable/bar.html"
    ordering = ("administration__name", "scenario")
    search_fields = ("administration__name", "vat_code")
    fields = (
        "administration",
        ("scenario", "boxes"),
        ("vat_code", "in_exact"),
        "why",
        "doubt",
        ("confirmed_by", "confirmed_at"),
    )
    readonly_fields = ("boxes", "in_exact", "doubt", "confirmed_by", "confirmed_at")
    actions = ("confirm",)

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the scenarios with their boxes."""
        wrap, mine = self.admin_site.admin_view, {"model_admin": self}
        return [
            path("scenarios/", wrap(scenario_views.page), mine, name="rules_vattable_scenarios"),
            path("scenarios/sign/", wrap(scenario_views.sign), mine, name="rules_vattable_sign"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the rows, and say when nobody stands for the scenarios."""
        context = {"signed": signing_off.latest(), **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, context)
        return page

    def save_model(self, request: HttpRequest, obj: VATTable, form: Any, change: bool) -> None:
        """Save a row that a person filled in: that is its confirmation."""
        codes = {code.code: code for code in vat_table.codes_of(obj.administration)}
        vat_table.put_in_force(obj, codes.get(obj.vat_code), str(request.user))
        super().save_model(request, obj, form, change)
        queue.ring("vat_table_changed", obj.administration_id)

    @admin.display(description=_("box in the VAT return"))
    def boxes(self, row: VATTable) -> str:
        """The boxes of the scenario."""
        return TREATMENTS[Scenario(row.scenario)].shown if row.scenario else "-"

    @admin.display(description=_("in Exact"))
    def in_exact(self, row: VATTable) -> str:
        """What Exact said of the code when it was confirmed, else why it is proposed."""
        return sentence(row.facts) or row.why

    @admin.display(description=_("standing"))
    def standing(self, row: VATTable) -> str:
        """Whether the row counts, and if not why."""
        if row.doubt:
            words = _("to be confirmed again")
            why = f"{row.doubt} {row.confirmed_by}".strip()
            return format_html('<b class="pk-chip pk-attention">{}</b> <small>{}</small>', words, why)
        if row.confirmed_at is None:
            return format_html('<b class="pk-chip pk-plain">{}</b>', _("proposed"))
        who = row.confirmed_by
        return format_html('<b class="pk-chip pk-good">{}</b> <small>{}</small>', _("confirmed"), who)

    @admin.action(description=_("Confirm the selected rows"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[VATTable]) -> None:
        """Confirm rows that were proposed, or that changed in Exact since."""
        count = vat_table.confirm_rows(queryset, str(request.user))
        words = ngettext("%(count)d row confirmed.", "%(count)d rows confirmed.", count)
        self.message_user(request, words % {"count": count})
        left = queryset.exclude(doubt="").count()
        if left:
            words = ngettext(
                "%(count)d row needs another code: Exact does not have the present one in use.",
                "%(count)d rows need another code: Exact does not have the present one in use.",
                left,
            )
            self.message_user(request, words % {"count": left}, messages.WARNING)
