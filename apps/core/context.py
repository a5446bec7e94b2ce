"""What every page may show about the product itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, Any]:
    """Template context: whether this is the sandbox."""
    return {"sandbox": settings.SANDBOX}
