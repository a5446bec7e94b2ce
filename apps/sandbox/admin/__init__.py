"""Switches of the sandbox, for administrators."""

from apps.sandbox.admin import econnect, exact, orders

__all__ = ["econnect", "exact", "orders"]
