"""Switches of the sandbox, for administrators."""

from apps.sandbox.admin import econnect, exact

__all__ = ["econnect", "exact"]
