"""Connections, divisions, and the read-only mirrors, as people look at them."""

from apps.exact.admin import connections, divisions, mirrors

__all__ = ["connections", "divisions", "mirrors"]
