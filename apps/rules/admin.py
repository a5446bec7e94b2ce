"""Booking rules, and the VAT table of each administration."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.admin import ChoiceFilter, RememberedAdmin, VisibleFilter
from apps.rules import vat_table
from apps.rules.models import BookingRule, VATTable


class RuleForm(ModelForm[BookingRule]):
    """A rule with one owner; a rule of the whole firm is an administrator's."""

    may_rule_the_firm = False

    def clean(self) -> dict[str, Any]:
        """Refuse a rule without a condition, with two owners, or of the firm by somebody who may not."""
        values = super().clean() or {}
        client, administration = values.get("client"), values.get("administration")
        if client and administration:
            raise ValidationError(_("Choose a client or an administration, not both."))
        if not (client or administration or self.may_rule_the_firm):
            raise ValidationError(
                _("Choose a client or an administration. Rules of the whole firm are for administrators.")
            )
        if not any(values.get(name) for name in ("supplier_contains", "supplier_code", "text_contains")):
            raise ValidationError(_("Fill in at least one condition: supplier or line text."))
        return values


def _sees_everything(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "sees_everything", False))


@admin.register(BookingRule)
class BookingRuleAdmin(RememberedAdmin):
    """Condition -> ledger account, VAT code, cost centre, cost unit."""

    form = RuleForm
    deletable = True
    list_display = ("name", "owner", "condition", "booking", "position", "active")
    list_filter = ("active", ("client", VisibleFilter), ("administration", VisibleFilter))
    list_select_related = ("client", "administration")
    search_fields = ("name", "supplier_contains", "supplier_code", "text_contains", "gl_code")
    ordering = ("position", "pk")
    fieldsets = (
        (None, {"fields": ("name", ("administration", "client"), ("position", "active"))}),
        (_("When"), {"fields": (("supplier_contains", "supplier_code"), "text_contains")}),
        (_("Then"), {"fields": (("gl_code", "vat_code"), ("cost_center", "cost_unit"))}),
    )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form; it knows whether this person may rule the firm."""
        form = super().get_form(request, obj, change, **kwargs)
        form.may_rule_the_firm = _sees_everything(request)
        return form

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody may change a rule: rules of the firm are the administrators'."""
        return super().has_change_permission(request, obj) and self._owns(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody may remove a rule."""
        return super().has_delete_permission(request, obj) and self._owns(request, obj)

    @staticmethod
    def _owns(request: HttpRequest, rule: BookingRule | None) -> bool:
        of_firm = rule is not None and rule.client_id is None and rule.administration_id is None
        return not of_firm or _sees_everything(request)

    @admin.display(description=_("for"))
    def owner(self, rule: BookingRule) -> str:
        """Whose rule it is."""
        return str(rule.administration or rule.client or _("the whole firm"))

    @admin.display(description=_("when"))
    def condition(self, rule: BookingRule) -> str:
        """The conditions in words."""
        parts = (rule.supplier_contains, rule.supplier_code, rule.text_contains)
        return " + ".join(f"“{part}”" for part in parts if part)

    @admin.display(description=_("then"))
    def booking(self, rule: BookingRule) -> str:
        """What the rule fills in."""
        parts = (rule.gl_code, rule.vat_code, rule.cost_center, rule.cost_unit)
        return " / ".join(part for part in parts if part)


@admin.register(VATTable)
class VATTableAdmin(RememberedAdmin):
    """Scenario -> VAT code. A row counts once a person confirmed it; saving by hand confirms."""

    deletable = True
    list_display = ("scenario", "administration", "vat_code", "why", "confirmed_by", "confirmed_at")
    list_filter = (("administration", VisibleFilter), ("scenario", ChoiceFilter))
    list_select_related = ("administration",)
    ordering = ("administration__name", "scenario")
    search_fields = ("administration__name", "vat_code")
    fields = ("administration", "scenario", "vat_code", "why", "confirmed_by", "confirmed_at")
    readonly_fields = ("confirmed_by", "confirmed_at")
    actions = ("confirm",)

    def save_model(self, request: HttpRequest, obj: VATTable, form: Any, change: bool) -> None:
        """Save a row that a person filled in: that is its confirmation."""
        obj.confirmed_at, obj.confirmed_by = clock.now(), str(request.user)
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Confirm the selected rows"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[VATTable]) -> None:
        """Confirm proposed rows."""
        count = vat_table.confirm_rows(queryset, str(request.user))
        self.message_user(request, _("%(count)d rows confirmed.") % {"count": count})
