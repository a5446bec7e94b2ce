"""Share links: made here, shown once, followed while they are open, and revoked."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ChoiceFilter, ReadOnlyAdmin, RememberedAdmin, VisibleFilter
from apps.exact import sharing
from apps.exact.models import ShareLink, ShareState
from apps.exact.registration import NotConfigured
from apps.exact.share_forms import ShareLinkForm
from apps.people.models import User

_LEVELS = {
    ShareState.DONE: "good",
    ShareState.WRONG: "poor",
    ShareState.SIGNED_IN: "fair",
    ShareState.OPENED: "fair",
}


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnlyAdmin, RememberedAdmin):
    """By which people without an account connect one administration. Only the hash of a link is kept."""

    list_display = ("administration", "whom", "standing", "made_by", "made_at", "expires_at", "user_name")
    list_filter = (("administration", VisibleFilter), ("state", ChoiceFilter))
    list_select_related = ("administration", "made_by")
    search_fields = ("administration__name", "for_whom", "email")
    ordering = ("-made_at",)
    fields = (
        ("administration", "division"),
        ("for_whom", "email"),
        ("made_by", "made_at"),
        ("expires_at", "user_name"),
    )
    change_list_template = "admin/exact/share_links.html"
    change_form_template = "admin/exact/share_link.html"
    change_form_before_template = "admin/exact/share_standing.html"
    change_form_outer_after_template = "admin/exact/share_acts.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may make links."""
        return bool(request.user.has_perm("exact.add_sharelink"))

    @admin.display(description=_("for whom"))
    def whom(self, link: ShareLink) -> str:
        """The person, or else the address."""
        return link.for_whom or link.email or "-"

    @admin.display(description=_("status"), ordering="state")
    def standing(self, link: ShareLink) -> str:
        """How far it has come, as a word with its colour."""
        level = (
            "poor" if link.is_expired or link.is_unmailed else _LEVELS.get(ShareState(link.state), "plain")
        )
        return format_html('<span class="pk-chip pk-{}">{}</span>', level, link.standing)

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the button that revokes."""
        view = self.admin_site.admin_view(self.revoke_view)
        return [path("<int:link_id>/revoke/", view, name="exact_sharelink_revoke"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the links; the page comes again by itself while one of them is open."""
        live = self.get_queryset(request).exclude(state__in=ShareLink.ENDED).exists()
        page: HttpResponse = super().changelist_view(request, {"is_live": live, **(extra_context or {})})
        return page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one link and how far it has come."""
        link = self.get_object(request, object_id)
        context = {**(_standing(link, request) if link else {}), **(extra_context or {})}
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Make a link, and show it this once: it is in no address and in no session."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        asked = {"administration": request.GET.get("administration")}
        form = ShareLinkForm(request.POST or None, initial=asked, user=cast(User, request.user))
        if request.method == "POST" and form.is_valid():
            try:
                link, token = sharing.make(by=cast(User, request.user), **form.cleaned_data)
            except NotConfigured as refused:
                form.add_error(None, str(refused))
            else:
                return self._made(request, link, token)
        context = {**self.admin_site.each_context(request), "title": _("Make a share link"), "form": form}
        return TemplateResponse(request, "admin/exact/share_make.html", context)

    def _made(self, request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
        page = reverse("exact:share", args=(token,))
        address = f"{settings.PUBLIC_URL}{page}" if settings.PUBLIC_URL else request.build_absolute_uri(page)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Share link"),
            "link": link,
            "address": address,
        }
        return TemplateResponse(request, "admin/exact/share_made.html", context)

    def revoke_view(self, request: HttpRequest, link_id: int) -> HttpResponse:
        """Let a link open nothing any more."""
        if request.method != "POST" or not request.user.has_perm("exact.change_sharelink"):
            raise PermissionDenied
        link = get_object_or_404(self.get_queryset(request), pk=link_id)
        if link.revoke(by=cast(User, request.user)):
            messages.success(request, _("Revoked; the link opens nothing any more."))
        else:
            messages.info(request, _("This link had ended already."))
        return redirect("admin:exact_sharelink_change", link_id)


def _standing(link: ShareLink, request: HttpRequest) -> dict[str, Any]:
    return {
        "link": link,
        "label": link.standing,
        "said": link.said.get((get_language() or "")[:2], link.trouble),
        "is_open": link.is_open,
        "is_live": link.is_open,
        "may_revoke": request.user.has_perm("exact.change_sharelink"),
        "steps": [
            (ShareState.MADE.label, link.made_at),
            (ShareState.OPENED.label, link.opened_at),
            (ShareState.SIGNED_IN.label, link.signed_in_at),
            (_("ended"), link.ended_at),
        ],
    }
