"""The keys of eConnect's closed interface: kept for the set-up of Accept, and never sent by us."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.admin import RememberedAdmin
from apps.econnect.forms import PlatformKeysForm
from apps.econnect.models import PlatformKeys


@admin.register(PlatformKeys)
class PlatformKeysAdmin(RememberedAdmin):
    """App Key and Secret of each administration; new ones take the place of the old."""

    form = PlatformKeysForm
    list_display = ("administration", "company_id", "is_complete", "set_at", "set_by")
    list_select_related = ("administration",)
    search_fields = ("administration__name", "company_id")
    ordering = ("administration__name",)
    fields = ("administration", "company_id", "new_app_key", "new_app_secret", "set_at", "set_by")
    readonly_fields = ("set_at", "set_by")
    list_before_template = "admin/econnect/keys.html"
    change_form_before_template = "admin/econnect/keys.html"
    deletable = True

    def save_model(self, request: HttpRequest, obj: PlatformKeys, form: Any, change: bool) -> None:
        """Keep who set new keys."""
        if form.cleaned_data.get("new_app_key"):
            obj.set_by = str(request.user)[:150]
        super().save_model(request, obj, form, change)

    @admin.display(description=_("keys"), boolean=True)
    def is_complete(self, keys: PlatformKeys) -> bool:
        """Whether both are there."""
        return bool(keys.app_key and keys.app_secret)
