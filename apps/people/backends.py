"""Lets a role grant permissions. Signing in is allauth's business."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from apps.people.models import Role, User
from apps.people.roles import GRANTS, apps_of, grants


class RoleBackend(BaseBackend):
    """Answers Django's questions about permissions from the table of roles."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return the permissions of an active person's role."""
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return set()
        return set(GRANTS.get(user_obj.role, ()))

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Tell whether the role of an active person grants `perm`."""
        return isinstance(user_obj, User) and user_obj.is_active and grants(user_obj.role, perm)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Tell whether the role of an active person grants anything in the app."""
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        return user_obj.role == Role.ADMINISTRATOR or app_label in apps_of(user_obj.role)
