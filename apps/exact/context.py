"""What every page tells about Exact: the connections that need somebody."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.exact import alarms
from apps.people.models import User


def troubles(request: HttpRequest) -> dict[str, Any]:
    """Template context: the connections in trouble that are this person's business, asked only where they show."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        return {}
    return {"troubled": SimpleLazyObject(lambda: alarms.troubled(user))}
