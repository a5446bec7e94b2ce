"""Whose mail each administration takes."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from apps.core.admin import RememberedAdmin, VisibleFilter
from apps.intake import door_views
from apps.intake.models import AllowedSender
from apps.intake.sender_forms import AllowedSenderForm


@admin.register(AllowedSender)
class AllowedSenderAdmin(RememberedAdmin):
    """Senders whose mail is let in. An administration without any takes everybody's."""

    form = AllowedSenderForm
    deletable = True
    list_display = ("pattern", "administration", "added_by")
    list_filter = (("administration", VisibleFilter),)
    list_select_related = ("administration",)
    search_fields = ("pattern", "administration__name")
    ordering = ("administration__name", "pattern")
    fields = ("administration", "pattern")
    list_before_template = "admin/intake/allowedsender/bar.html"

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the one for many at once."""
        view = self.admin_site.admin_view(door_views.paste_senders)
        return [
            path("paste/", view, {"model_admin": self}, name="intake_allowedsender_paste"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: AllowedSender, form: Any, change: bool) -> None:
        """Keep it, with who added it."""
        if not change:
            obj.added_by = str(request.user)
        super().save_model(request, obj, form, change)
