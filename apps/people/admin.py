"""Users: administrators make them, give them a role and clients."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from apps.core.admin import ChoiceFilter, ModelAdmin
from apps.people.models import User

# What allauth and Django bring along is managed on the user's own account pages, or not used at all.
for _model in list(admin.site._registry):
    if _model is Group or _model._meta.app_label in {"account", "mfa"}:
        admin.site.unregister(_model)


@admin.register(User)
class StaffAdmin(ModelAdmin, UserAdmin):  # type: ignore[misc]  # the themed admin redefines attributes
    """The people of the firm. The clients they work for stand below (clients.admin adds them)."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "full_name", "role", "language", "is_active", "last_login")
    list_filter = (("role", ChoiceFilter), "is_active")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": (("first_name", "last_name"), ("role", "language"))}),
        (_("Rights"), {"fields": ("is_active", "is_superuser"), "classes": ("collapse",)}),
        (_("Dates"), {"fields": (("last_login", "date_joined"),), "classes": ("collapse",)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "email",
                    ("first_name", "last_name"),
                    ("role", "language"),
                    "password1",
                    "password2",
                )
            },
        ),
    )

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        """The name of the person."""
        return user.get_full_name()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser makes superusers."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if request.user.is_superuser else (*fixed, "is_superuser")
