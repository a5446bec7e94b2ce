"""Receipts, and the doors that the firm opens itself."""

from apps.intake.admin import allowed_senders, folders, mailboxes, parts, receipts, routing_rules

__all__ = ["allowed_senders", "folders", "mailboxes", "parts", "receipts", "routing_rules"]
