"""How ready each administration is: the list, and one page with its points, each with what to do about it."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ReadOnlyAdmin, VisibleFilter
from apps.exact.rights_words import PATH
from apps.people.models import User
from apps.preflight import checking, links, others
from apps.preflight.fix_words import GROUPS
from apps.preflight.fixes import advice, title_of, words_of
from apps.preflight.levels import LEVELS
from apps.preflight.models import Preflight

CHIPS = {"good": "good", "fair": "fair", "poor": "poor", "unknown": "fair", "note": "dim"}


@admin.register(Preflight)
class PreflightAdmin(ReadOnlyAdmin):
    """Preflights; by hand: have one checked, and say whether another integration is active."""

    list_display = ("administration", "shown_score", "poor", "worst", "checked_at")
    list_display_links = ("administration",)
    list_filter = (("administration__client", VisibleFilter),)
    list_select_related = ("administration",)
    search_fields = ("administration__name",)
    ordering = ("score", "administration__name")
    fields = (("administration", "others_said"),)
    change_form_before_template = "admin/preflight/preflight.html"
    change_form_outer_after_template = "admin/preflight/forms.html"

    def has_check_permission(self, request: HttpRequest) -> bool:
        """Tell whether this person may have an administration checked."""
        return bool(request.user.has_perm("preflight.check_preflight"))

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the buttons."""
        views = {"check": self.check_view, "others": self.others_view}
        own = [
            path(f"<int:id>/{name}/", self.admin_site.admin_view(view), name=f"preflight_preflight_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one preflight with its points."""
        kept = self.get_object(request, object_id)
        context = {**(extra_context or {})}
        if kept:
            context |= {
                "preflight": kept,
                "groups": _groups(request, kept),
                "advice": advice(),
                "path": PATH,
                "may_check": self.has_check_permission(request),
            }
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def check_view(self, request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002
        """Have it checked now."""
        kept = self._to_check(request, id)
        checking.ask(kept.administration)
        messages.success(request, _("It is being checked; look again in a minute."))
        return redirect("admin:preflight_preflight_change", id)

    def others_view(self, request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002
        """Keep what somebody saw of other integrations."""
        kept = self._to_check(request, id)
        seen = {"yes": True, "no": False}.get(request.POST.get("active", ""))
        if seen is None:
            raise Http404
        others.say(kept, active=seen, by=cast(User, request.user))
        checking.judge(kept.administration)
        messages.success(request, _("Kept, with your name and today's date."))
        return redirect("admin:preflight_preflight_change", id)

    def _to_check(self, request: HttpRequest, key: int) -> Preflight:
        if request.method != "POST" or not self.has_check_permission(request):
            raise PermissionDenied
        rows: QuerySet[Preflight] = self.get_queryset(request).select_related("administration")
        return get_object_or_404(rows, pk=key)

    @admin.display(description=_("score"), ordering="score")
    def shown_score(self, kept: Preflight) -> str:
        """The score as a chip."""
        if kept.score is None:
            return format_html('<span class="pk-chip pk-fair">{}</span>', _("not known"))
        level = "good" if kept.score == 100 else "poor" if kept.poor else "fair"
        return format_html('<span class="pk-chip pk-{}">{} %</span>', level, kept.score)

    @admin.display(description=_("first to mend"))
    def worst(self, kept: Preflight) -> str:
        """What is wrong first."""
        found = next((point for point in kept.points if point["level"] == "poor"), None)
        return capfirst(title_of(found["key"])) if found else "-"


def _groups(request: HttpRequest, kept: Preflight) -> list[dict[str, Any]]:
    """Return the points by group, the worst first."""
    points = sorted(kept.points, key=lambda point: LEVELS.index(point["level"]))
    return [
        {
            "title": title,
            "points": [_shown(request, kept, point) for point in points if point["group"] == group],
        }
        for group, title in GROUPS.items()
    ]


def _shown(request: HttpRequest, kept: Preflight, point: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": point["key"],
        "chip": CHIPS[point["level"]],
        "words": words_of(point),
        "link": "" if point["level"] in ("good", "note") else links.address(request.user, kept, point["key"]),
    }
