"""The rules for whom something is, and the box that tries them."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core import clock, queue
from apps.core.admin import ChoiceFilter, RememberedAdmin, VisibleFilter
from apps.intake import rule_making, rule_views
from apps.intake.models import RoutingRule
from apps.intake.rule_forms import RoutingRuleForm
from apps.people.models import User


@admin.register(RoutingRule)
class RoutingRuleAdmin(RememberedAdmin):
    """What is sent to this address, names that receiver, ... is for that administration."""

    form = RoutingRuleForm
    list_display = ("takes", "administration", "is_active", "made_by", "made_at")
    list_filter = (("evidence", ChoiceFilter), ("administration", VisibleFilter), "is_active")
    list_select_related = ("administration",)
    search_fields = ("value", "administration__name", "made_by")
    ordering = ("-pk",)
    fields = (
        ("evidence", "comparison"),
        "value",
        "administration",
        "is_active",
        ("made_by", "made_at"),
        "made_from",
    )
    readonly_fields = ("made_by", "made_at", "made_from")
    list_before_template = "admin/intake/routingrule/bar.html"
    actions = ("switch_on", "switch_off")

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the test box."""
        view = self.admin_site.admin_view(rule_views.try_routing)
        return [
            path("try/", view, {"model_admin": self}, name="intake_routingrule_try"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: RoutingRule, form: Any, change: bool) -> None:
        """Keep a rule with who decided it, and ask again about what waits."""
        obj.made_by, obj.made_at = str(request.user)[:150], clock.now()
        super().save_model(request, obj, form, change)
        queue.ring("routing_changed")

    @admin.display(description=_("takes"), ordering="value")
    def takes(self, rule: RoutingRule) -> str:
        """What it takes, as a sentence begins."""
        return capfirst(str(rule))

    @admin.action(description=_("Let the selected rules count"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[RoutingRule]) -> None:
        """Let rules count."""
        self._switch(request, queryset, on=True)

    @admin.action(description=_("Switch the selected rules off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[RoutingRule]) -> None:
        """Let rules count no longer."""
        self._switch(request, queryset, on=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[RoutingRule], *, on: bool) -> None:
        rules = list(queryset.filter(is_active=not on))
        for rule in rules:
            rule_making.switch(rule, on=on, by=cast(User, request.user))
        text = ngettext("%(count)d rule is changed.", "%(count)d rules are changed.", len(rules))
        self.message_user(request, text % {"count": len(rules)})
