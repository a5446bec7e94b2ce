"""Administrations as Exact numbers them: linked, synced, and with what may still be called."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Administration
from apps.core import queue
from apps.core.admin import ReadOnlyInline, RememberedAdmin, VisibleFilter
from apps.exact import budget, linking, packages, syncing
from apps.exact.losses import REMEDIES
from apps.exact.models import Division, Subscription, SyncPlan, SyncState
from apps.exact.progress import progress
from apps.exact.resources import RESOURCES
from apps.people.models import User

SYNC = "apps.exact.tasks.sync_division"
ROUND = "apps.exact.tasks.sync_round"  # of many: they must not fill the queue, which others wait in, too
SUBSCRIBE = "apps.exact.hook_tasks.subscribe_division"


class SyncInline(ReadOnlyInline):
    """How far each mirror has read."""

    model = SyncState
    verbose_name_plural = _("lists of Exact that are mirrored")
    hide_title = True
    fields = ("called", "synced_at", "calls", "rows", "goes_on_at", "trouble")
    readonly_fields = ("called", "goes_on_at")
    ordering = ("resource",)

    @admin.display(description=_("list"))
    def called(self, state: SyncState) -> str:
        """What the list holds."""
        feed = RESOURCES.get(state.resource)
        return feed.title if feed else state.resource

    @admin.display(description=_("goes on at"))
    def goes_on_at(self, state: SyncState) -> str:
        """When a run that waits goes on."""
        return date_format(localtime(state.resume_at), "H:i") if state.resume_at else "-"


class WebhookInline(ReadOnlyInline):
    """Of which topics Exact tells us."""

    model = Subscription
    hide_title = True
    fields = ("topic", "tried_at", "trouble")
    ordering = ("topic",)


@admin.register(Division)
class DivisionAdmin(RememberedAdmin):
    """Administrations as Exact numbers them. By hand only the package is said, for Exact does not tell it."""

    list_display = ("name", "number", "is_test", "administration", "connection", "customer_name", "seen_at")
    list_filter = (("administration", VisibleFilter), "is_test")
    list_select_related = ("administration", "connection__app")
    search_fields = ("name", "code", "customer_name")
    ordering = ("name",)
    fields = (
        ("name", "number"),
        ("administration", "connection"),
        ("customer_name", "seen_at"),
        ("chamber_of_commerce", "vat_number"),
        ("country", "currency"),
        ("package_type", "package_variant"),
        "volume_packs",
    )
    readonly_fields = (
        "number",
        "name",
        "administration",
        "connection",
        "customer_name",
        "chamber_of_commerce",
        "vat_number",
        "country",
        "currency",
        "seen_at",
    )
    list_before_template = "admin/exact/divisions_bar.html"
    change_form_before_template = "admin/exact/division.html"
    inlines = (SyncInline, WebhookInline)
    actions = ("sync_now", "create_administrations", "subscribe")
    change_form_outer_after_template = "admin/exact/link.html"

    @admin.display(description=_("division"), ordering="code")
    def number(self, division: Division) -> str:
        """The code as Exact writes it."""
        return str(division.code)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Divisions come from Exact."""
        return False

    def has_sync_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may ask Exact for news."""
        return bool(request.user.has_perm("exact.sync_division"))

    def has_link_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody may say which administration a division is."""
        return bool(request.user.has_perm("exact.link_division"))

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the button that links."""
        views = {"link": self.link_view, "sync": self.sync_view, "stop": self.stop_view}
        own = [
            path(f"<int:key>/{name}/", self.admin_site.admin_view(view), name=f"exact_division_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a division, with the administrations it could be."""
        free = Administration.objects.visible_to(request.user).filter(division=None).order_by("name")
        offered = list(free) if self.has_link_permission(request) else []
        division = self.get_object(request, object_id)
        standing = _standing(division) if division else {}
        may = {
            "offered": offered,
            "can_sync": self.has_sync_permission(request),
            "can_link": self.has_link_permission(request),
            "can_share": bool(division and division.administration_id)
            and request.user.has_perm("exact.add_sharelink"),
        }
        context = {**standing, **may, **(extra_context or {})}
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def link_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Link a division to the chosen administration."""
        if request.method != "POST" or not self.has_link_permission(request):
            raise PermissionDenied
        division = get_object_or_404(self.get_queryset(request), pk=key)
        administrations = Administration.objects.visible_to(request.user)
        administration = get_object_or_404(administrations, pk=request.POST.get("administration") or 0)
        is_test = "is_test" in request.POST
        try:
            linking.link(division, administration, is_test=is_test, by=cast(User, request.user))
        except linking.LinkRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Linked; the first sync starts now."))
            queue.ring(SYNC, division.pk)
        return redirect("admin:exact_division_change", key)

    def sync_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Read this division now."""
        division = self._to_sync(request, key)
        queue.ring(SYNC, division.pk)
        messages.success(request, _("It is being read from Exact; look again in a minute."))
        return redirect("admin:exact_division_change", key)

    def stop_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Stop the sync under way at its next page; what was read stays."""
        division = self._to_sync(request, key)
        if syncing.cancel(division):
            messages.success(
                request, _("It stops at its next page. What was read stays; tonight it goes on.")
            )
        else:
            messages.info(request, _("No sync is under way."))
        return redirect("admin:exact_division_change", key)

    def _to_sync(self, request: HttpRequest, key: int) -> Division:
        if request.method != "POST" or not self.has_sync_permission(request):
            raise PermissionDenied
        division: Division = get_object_or_404(self.get_queryset(request), pk=key)
        return division

    @admin.action(description=_("Make administrations for these divisions"), permissions=["link"])
    def create_administrations(self, request: HttpRequest, queryset: QuerySet[Division]) -> None:
        """Make an administration, and its client when that is new, for each division that has none."""
        made = 0
        for division in queryset.filter(administration=None):
            try:
                linking.create_for(division)
            except linking.LinkRefused as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
                continue
            made += 1
        if made:
            queue.ring(ROUND)
        text = _("%(count)d administrations are made; they propose until you say otherwise.")
        self.message_user(request, text % {"count": made}, messages.SUCCESS)

    @admin.action(description=_("Ask Exact to tell of changes (webhooks)"), permissions=["link"])
    def subscribe(self, request: HttpRequest, queryset: QuerySet[Division]) -> None:
        """Ask a worker to subscribe to what these divisions lack."""
        divisions = list(queryset.exclude(administration=None))
        for division in divisions:
            queue.ring(SUBSCRIBE, division.pk)
        text = _("Exact is asked for %(count)d divisions; the page of each says what came of it.")
        self.message_user(request, text % {"count": len(divisions)}, messages.SUCCESS)

    @admin.action(description=_("Sync now"), permissions=["sync"])
    def sync_now(self, request: HttpRequest, queryset: QuerySet[Division]) -> None:
        """Ask a worker to read what changed in Exact."""
        divisions = list(queryset.exclude(administration=None))
        for division in divisions:
            syncing.make_due(division)
        if divisions:
            queue.ring(ROUND)
        text = _("%(count)d divisions are being read from Exact; this takes a minute.")
        self.message_user(request, text % {"count": len(divisions)}, messages.SUCCESS)


def _standing(division: Division) -> dict[str, Any]:
    """What the page tells besides the row itself: the weather, the sync, and what is wrong."""
    weather = budget.weather(division)
    return {
        "division": division,
        "weather": weather,
        "used_share": weather.used * 100 // weather.limit if weather.limit else 0,
        "remedy": REMEDIES.get(division.refused)
        or (division.connection.remedy if division.connection else None),
        "lines": packages.lines_this_month(division),
        "progress": progress(division),
        "plan": SyncPlan.objects.filter(division=division).first(),
    }
