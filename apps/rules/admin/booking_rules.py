"""Booking rules, each as a sentence."""

from functools import partial
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ChoiceFilter, DropdownFilter, RememberedAdmin, TabularInline, VisibleFilter
from apps.core.tables.files import TYPES
from apps.people.models import User
from apps.rules import (
    bulk_views,
    coverage_views,
    exchange_views,
    first_day_views,
    known_codes,
    rule_views,
    ruling,
)
from apps.rules.conditions import PART_COLUMNS
from apps.rules.forms import RuleForm, SplitFormSet
from apps.rules.models import BookingRule, RuleSplit
from apps.rules.saying import sentences_of

REPLAY = "admin:invoices_bookingrule_replay"  # a floor higher, by name
OFTEN, SELDOM = (), ("collapse",)
FIELDSETS: tuple[tuple[Any, tuple[Any, ...], tuple[str, ...]], ...] = (
    (_("Whose"), ("name", ("administration", "client"), "client_group", ("position", "active")), OFTEN),
    (
        _("When"),
        (
            ("supplier_contains", "supplier_code"),
            "text",
            ("text_in", "text_match"),
            ("amount_from", "amount_to"),
        ),
        OFTEN,
    ),
    (
        _("More conditions"),
        (
            ("vendor_key", "classification"),
            ("item_group", "seller_item"),
            ("commodity_code", "scenario"),
            ("buyer_reference", "order_number"),
            "delivery_address",
        ),
        SELDOM,
    ),
    (_("Then"), (("gl_code", "vat_code"), ("cost_center", "cost_unit"), "never_automatic"), OFTEN),
    (
        _("More that is done"),
        ("description", ("private_use", "non_deductible"), ("spread", "spread_months"), "payment_condition"),
        SELDOM,
    ),
)


class OwnerFilter(DropdownFilter):
    """Whose rules: the firm's, of clients, of administrations."""

    title = _("whose")
    parameter_name = "whose"

    WHOSE: ClassVar = {
        "firm": Q(client=None, administration=None),
        "client": Q(client__isnull=False),
        "administration": Q(administration__isnull=False),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [
            ("firm", _("of the whole firm")),
            ("client", _("of a client")),
            ("administration", _("of an administration")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[BookingRule]) -> QuerySet[BookingRule]:
        """Return the rules of the choice."""
        return queryset.filter(self.WHOSE.get(self.value() or "", Q()))


class SplitInline(TabularInline):
    """The parts that a rule splits a line in."""

    model = RuleSplit
    formset = SplitFormSet
    fields = ("position", *PART_COLUMNS)
    verbose_name = _("part")
    verbose_name_plural = _("Split")
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody sees the parts: who sees rules."""
        return bool(request.user.has_perm("rules.view_bookingrule"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody changes parts: who changes the rule."""
        return bool(request.user.has_perm("rules.change_bookingrule")) and _may_rule(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody adds parts."""
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody removes parts."""
        return self.has_change_permission(request, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the codes that the books know."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in known_codes.IN_PARTS:
            field.widget.attrs |= {"list": f"pk-{db_field.name}", "autocomplete": "off"}
        return field


@admin.register(BookingRule)
class BookingRuleAdmin(RememberedAdmin):
    """Conditions -> ledger account, VAT code, cost centre and more; what follows from a change is done by `ruling`."""

    form = RuleForm
    deletable = True
    inlines = (SplitInline,)
    list_display = ("name", "sentence", "owner", "position", "active")
    list_filter = (
        OwnerFilter,
        "active",
        ("client", VisibleFilter),
        ("administration", VisibleFilter),
        ("scenario", ChoiceFilter),
        "never_automatic",
    )
    list_select_related = ("client", "administration", "client_group")
    search_fields = (
        *("name", "supplier_contains", "supplier_code", "vendor_key", "text", "seller_item", "order_number"),
        *("gl_code", "vat_code", "cost_center", "cost_unit", "splits__gl_code"),
        *("administration__name", "client__name"),
    )
    ordering = ("position", "pk")
    actions = ("change_many",)
    list_before_template = "admin/rules/bookingrule/bar.html"
    change_form_before_template = "admin/rules/bookingrule/says_box.html"

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also what a rule says, many at once, import and export."""
        wrap, mine = self.admin_site.admin_view, {"model_admin": self}
        own = [
            *(
                path(
                    f"export.{form}",
                    wrap(exchange_views.export),
                    {**mine, "form": form},
                    name=f"rules_bookingrule_export_{form}",
                )
                for form in TYPES
            ),
            path("import/", wrap(exchange_views.bring_in), mine, name="rules_bookingrule_import"),
            path("import/confirm/", wrap(exchange_views.confirm), mine, name="rules_bookingrule_confirm"),
            path("says/", wrap(rule_views.says), mine, name="rules_bookingrule_says"),
            path("codes/", wrap(rule_views.codes), mine, name="rules_bookingrule_codes"),
            path("many/", wrap(bulk_views.many), mine, name="rules_bookingrule_many"),
            *(
                path(address, wrap(view), mine, name=f"rules_bookingrule_{name}")
                for address, view, name in (
                    ("coverage/", coverage_views.page, "coverage"),
                    ("first-day/", first_day_views.choose, "first_days"),
                    ("first-day/<int:administration_id>/", first_day_views.page, "first_day"),
                    ("first-day/<int:administration_id>/accept/", first_day_views.accept, "first_day_accept"),
                )
            ),
        ]
        return own + list(super().get_urls())

    def get_queryset(self, request: HttpRequest) -> QuerySet[BookingRule]:
        """Return the rules with their parts."""
        rows: QuerySet[BookingRule] = super().get_queryset(request).prefetch_related("splits")
        return rows

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form; it knows whether this person may rule the firm."""
        form = super().get_form(request, obj, change, **kwargs)
        form.may_rule_the_firm = bool(getattr(request.user, "sees_everything", False))
        for name in ("administration", "client", "client_group"):
            if name in form.base_fields:  # whose it is, is chosen here and not made
                form.base_fields[name].widget.can_add_related = False
                form.base_fields[name].widget.can_change_related = False
                form.base_fields[name].widget.can_view_related = False
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the groups of fields; what is seldom used is closed until something in it is filled in."""
        return [
            (title, {"fields": rows, "classes": () if _is_used(rows, obj, request) else classes})
            for title, rows, classes in FIELDSETS
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody may change a rule: rules of the firm are the administrators'."""
        return super().has_change_permission(request, obj) and _may_rule(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody may remove a rule."""
        return super().has_delete_permission(request, obj) and _may_rule(request, obj)

    def has_bring_in_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody makes and changes rules, and so may bring in a list of them."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: BookingRule, form: Any, change: bool) -> None:
        """Keep a rule, and have coded anew what waits for it."""
        if ruling.differs(obj):
            ruling.save(obj, by=cast(User, request.user))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keep the parts of a rule."""
        keep = partial(super().save_related, request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            ruling.save(form.instance, by=cast(User, request.user), parts=keep)
        else:
            keep()
        rule_views.tell(request, form.instance)

    def delete_model(self, request: HttpRequest, obj: BookingRule) -> None:
        """Remove a rule."""
        ruling.remove(obj, by=cast(User, request.user))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the list, its rules as sentences."""
        found = super().get_changelist_instance(request)
        rows = list(found.result_list)
        said = sentences_of(rows)
        for row in rows:
            row.said = said[row.pk]
        found.result_list = rows
        return found

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the rules, with what brings in and takes along above them."""
        context = {"may_bring_in": self.has_bring_in_permission(request), **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, context)
        return page

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show a rule with its sentence, and the button that tries it on the past."""
        row = kwargs.get("obj") or BookingRule()
        context |= rule_views.shown(request, self, row) | {"replay_url": _address_of_replay()}
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page

    @admin.display(description=_("what it does"))
    def sentence(self, rule: BookingRule) -> str:
        """The rule as a sentence."""
        return str(getattr(rule, "said", ""))

    @admin.display(description=_("for"))
    def owner(self, rule: BookingRule) -> str:
        """Whose rule it is."""
        return f"{rule.owner} ({rule.client_group})" if rule.client_group else rule.owner

    @admin.action(description=_("Change the selected rules ..."), permissions=["change"])
    def change_many(self, request: HttpRequest, queryset: QuerySet[BookingRule]) -> HttpResponse:
        """Ask what is to be changed in the selected rules."""
        return bulk_views.asked(request, self, list(queryset))


def _may_rule(request: HttpRequest, rule: BookingRule | None) -> bool:
    return rule is None or (isinstance(request.user, User) and ruling.may_rule(request.user, rule))


def _is_used(rows: Any, rule: BookingRule | None, request: HttpRequest) -> bool:
    """Tell whether a group of fields is to be open: something stands in it, or it may say what is wrong."""
    names = [name for row in rows for name in ([row] if isinstance(row, str) else row)]
    is_filled = rule is not None and any(getattr(rule, name) not in ("", None) for name in names)
    return is_filled or request.method == "POST"


def _address_of_replay() -> str:
    try:
        return reverse(REPLAY)
    except NoReverseMatch:
        return ""
