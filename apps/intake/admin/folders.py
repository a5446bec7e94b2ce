"""Folders that scanners and packages write into."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from apps.core.admin import RememberedAdmin, VisibleFilter
from apps.intake.forms import FolderForm
from apps.intake.models import Folder


@admin.register(Folder)
class FolderAdmin(RememberedAdmin):
    """Folders that are looked into. The path of one is never changed: what is under way in it would be left there."""

    form = FolderForm
    list_display = ("path", "administration", "state", "waiting", "checked_at")
    list_filter = (("administration", VisibleFilter), "is_open")
    list_select_related = ("administration",)
    search_fields = ("path", "administration__name")
    ordering = ("path",)
    fields = ("administration", "path", "is_open", "state", "waiting", "checked_at")
    readonly_fields = ("state", "waiting", "checked_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Folder | None = None) -> tuple[str, ...]:
        """Return what only the product writes, and the path of a folder that is there."""
        return (*self.readonly_fields, "path") if obj else self.readonly_fields

    def get_fields(self, request: HttpRequest, obj: Folder | None = None) -> tuple[str, ...]:
        """Return what is asked; of a folder that is there also how it stands."""
        return self.fields if obj else self.fields[:3]

    @admin.display(description=_("state"))
    def state(self, folder: Folder) -> str:
        """What is wrong with it, or that nothing is."""
        if folder.trouble:
            chip = '<span class="pk-chip pk-poor">{}</span><br>{}'
            return format_html(
                chip, _("needs somebody"), format_html_join("<br>", "{}", _lines(folder.trouble))
            )
        level, words = ("good", _("looked into each minute")) if folder.is_open else ("plain", _("closed"))
        return format_html('<span class="pk-chip pk-{}">{}</span>', level, words)


def _lines(text: str) -> list[tuple[str]]:
    return [(line,) for line in text.splitlines()]
