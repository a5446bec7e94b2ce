"""What we remember of vendors."""

from django.contrib import admin

from apps.core.admin import RememberedAdmin, VisibleFilter
from apps.vendors.models import Mapping


@admin.register(Mapping)
class MappingAdmin(RememberedAdmin):
    """This identity is that supplier, in this administration. Made in the queue; forgotten here."""

    deletable = True
    list_display = ("value", "kind", "supplier_name", "administration", "learned_from", "learned_at")
    list_filter = (("administration", VisibleFilter),)
    list_select_related = ("administration", "learned_from")
    search_fields = ("value", "supplier_name")
    ordering = ("-learned_at",)
    fields = (("kind", "value"), "supplier_name", "administration", ("learned_from", "learned_at"))
    readonly_fields = ("kind", "value", "supplier_name", "administration", "learned_from", "learned_at")
