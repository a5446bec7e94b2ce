"""The page of unknown items, and what we remember of items."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ChoiceFilter, ReadOnly, ReadOnlyAdmin, RememberedAdmin, VisibleFilter
from apps.items import views
from apps.items.models import ItemMapping, ItemQuestion


@admin.register(ItemQuestion)
class ItemQuestionAdmin(ReadOnlyAdmin):
    """Items that nobody mapped: one page, grouped by supplier and item."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tell whether somebody maps items."""
        return bool(request.user.has_perm("items.change_itemquestion"))

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: the groups, the search for an item, the presses that map and take back."""
        wrap, mine = self.admin_site.admin_view, {"model_admin": self}
        own = [
            path("<int:question_id>/items/", wrap(views.items), mine, name="items_itemquestion_items"),
            path("map/", wrap(views.map_group), mine, name="items_itemquestion_map_group"),
            path("undo/", wrap(views.undo), mine, name="items_itemquestion_undo"),
            path(
                "mapping/<int:mapping_id>/", wrap(views.take_back), mine, name="items_itemmapping_take_back"
            ),
        ]
        return own + list(super().get_urls())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the groups."""
        return views.unknown(request, self)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the groups: a question has no page of its own."""
        return views.unknown(request, self)


@admin.register(ItemMapping)
class ItemMappingAdmin(ReadOnly, RememberedAdmin):
    """This supplier means that item by it, in this administration. Made on the page; taken back from here."""

    list_display = (
        *("value", "kind", "supplier_name", "item_label", "administration", "learned_from", "learned_at"),
        "standing",
    )
    list_filter = (("administration", VisibleFilter), ("kind", ChoiceFilter))
    list_select_related = ("administration", "learned_from")
    search_fields = ("value", "supplier_name", "item_code", "item_name")
    ordering = ("-learned_at",)
    fields = (
        ("kind", "value"),
        ("supplier_name", "item_label"),
        "administration",
        ("learned_from", "learned_at"),
        "part",
        ("forgotten_by", "forgotten_at"),
        "standing",
    )
    readonly_fields = ("item_label", "standing")

    @admin.display(description=_("item"), ordering="item_code")
    def item_label(self, mapping: ItemMapping) -> str:
        """Code and name of the item."""
        return f"{mapping.item_code} {mapping.item_name}".strip()

    @admin.display(description=_("stands"))
    def standing(self, mapping: ItemMapping) -> str:
        """Whether it counts, with the page that takes it back."""
        address = reverse("admin:items_itemmapping_take_back", args=(mapping.pk,))
        words = _("taken back") if mapping.forgotten_at else _("take back")
        return format_html('<a class="pk-button" href="{}">{}</a>', address, words)
