"""Who may work with the sandbox: administrators."""

from typing import Any

from django.http import HttpRequest

from apps.core.admin import ModelAdmin


def _is_administrator(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_active and getattr(user, "sees_everything", user.is_superuser))


class SandboxAdmin(ModelAdmin):
    """Administrators see it all; what may be done is said by three flags."""

    addable = True
    changeable = True
    deletable = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators only."""
        return _is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators only."""
        return _is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Administrators, where rows are made by hand."""
        return self.addable and _is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators, where rows are changed by hand."""
        return self.changeable and _is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators, where rows are removed by hand."""
        return self.deletable and _is_administrator(request)
