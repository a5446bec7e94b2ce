"""Our participants in the Peppol network: which administration each is, and what it lacks."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Administration
from apps.core.addresses import key_in
from apps.core.admin import RememberedAdmin, VisibleFilter
from apps.econnect import checklist, parties
from apps.econnect.models import Party
from apps.people.models import User


@admin.register(Party)
class PartyAdmin(RememberedAdmin):
    """Participants, as eConnect names them. By hand: the administration, and whether it acknowledges by itself."""

    list_display = ("party_id", "name", "administration", "proposed", "receives", "last", "answers_itself")
    list_filter = (("administration", VisibleFilter), "is_gone")
    list_select_related = ("administration", "account")
    search_fields = ("party_id", "name")
    ordering = ("name", "party_id")
    fields = (("party_id", "name"), ("account", "seen_at"), "answers_itself")
    readonly_fields = ("party_id", "name", "account", "seen_at")
    change_form_before_template = "admin/econnect/party.html"
    change_form_outer_after_template = "admin/econnect/party_acts.html"
    actions = ("link_proposed",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Parties come from eConnect."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Party]:
        """Return the parties, with when the last document came."""
        rows: QuerySet[Party] = super().get_queryset(request)
        return rows.annotate(last_at=Max("inbounds__announced_at"))

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the buttons."""
        views = {"link": self.link_view, "confirm": self.confirm_view}
        own = [
            path(f"<int:key>/{name}/", self.admin_site.admin_view(view), name=f"econnect_party_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Return the list page, with the proposals of all its rows."""
        page = super().get_changelist_instance(request)
        free = [row for row in page.result_list if row.administration_id is None]
        found = _proposals(request, free)
        for row in free:
            row.proposals = found[row.pk]
        return page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one party with its checklist, and the administrations it could be."""
        party = self.get_object(request, object_id)
        may_change = bool(party) and self.has_change_permission(request, party)
        context = {"party": party, "may_change": may_change, **(extra_context or {})}
        if party:
            context["points"] = checklist.points(party)
            context["proposed"] = _proposals(request, [party])[party.pk] if may_change else []
            offered = Administration.objects.visible_to(request.user).order_by("name")
            context["offered"] = offered if may_change else []
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def link_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Say which administration a party is, or that it is none."""
        party = self._to_change(request, key)
        chosen = key_in(request.POST.get("administration"))
        administration = (
            get_object_or_404(Administration.objects.visible_to(request.user), pk=chosen) if chosen else None
        )
        parties.link(party, administration, by=cast(User, request.user))
        words = _("Linked: what comes in for this party goes to %(name)s.") % {"name": administration}
        messages.success(request, words if administration else _("The party has no administration any more."))
        return redirect("admin:econnect_party_change", key)

    def confirm_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Keep that somebody saw at eConnect that the subscription, or the credit, is in order."""
        party = self._to_change(request, key)
        try:
            checklist.confirm(party, request.POST.get("field", ""), by=cast(User, request.user))
        except KeyError as error:
            raise Http404 from error
        messages.success(request, _("Kept, with your name and today's date."))
        return redirect("admin:econnect_party_change", key)

    def _to_change(self, request: HttpRequest, key: int) -> Party:
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        party: Party = get_object_or_404(self.get_queryset(request), pk=key)
        return party

    @admin.action(description=_("Link to the proposed administration"), permissions=["change"])
    def link_proposed(self, request: HttpRequest, queryset: QuerySet[Party]) -> None:
        """Link each chosen party for which one administration fits."""
        chosen = list(queryset)
        count = parties.link_proposed(chosen, by=cast(User, request.user))
        words = _(
            "%(count)d of %(all)d parties are linked; for the others none or several administrations fit."
        )
        self.message_user(request, words % {"count": count, "all": len(chosen)}, messages.SUCCESS)

    @admin.display(description=_("proposed"))
    def proposed(self, party: Any) -> str:
        """The administrations that carry a number of it."""
        found = getattr(party, "proposals", [])
        return format_html_join(", ", "{}", ((one.name,) for one in found)) if found else "-"

    @admin.display(description=_("receives"))
    def receives(self, party: Party) -> str:
        """Whether it can receive, as a word with its colour."""
        if party.is_gone:
            return format_html('<span class="pk-chip pk-poor">{}</span>', _("no longer ours"))
        if party.permissions.get("canReceiveDocument"):
            return format_html('<span class="pk-chip pk-good">{}</span>', _("yes"))
        return format_html('<span class="pk-chip pk-poor">{}</span>', _("no"))

    @admin.display(description=_("last document"), ordering="last_at")
    def last(self, party: Any) -> Any:
        """When the last document was announced."""
        return party.last_at


def _proposals(request: HttpRequest, rows: list[Party]) -> dict[int, list[Administration]]:
    """Return the proposals among the administrations that this person may see."""
    found = parties.proposals(rows)
    keys = {one.pk for several in found.values() for one in several}
    visible = Administration.objects.visible_to(request.user).filter(pk__in=keys)
    seen = set(visible.values_list("pk", flat=True)) if keys else set()
    return {key: [one for one in several if one.pk in seen] for key, several in found.items()}
