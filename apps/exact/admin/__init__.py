"""Connections, divisions, and the read-only mirrors, as people look at them."""

from apps.exact.admin import connections, divisions, mailboxes, mirrors, share_links

__all__ = ["connections", "divisions", "mailboxes", "mirrors", "share_links"]
