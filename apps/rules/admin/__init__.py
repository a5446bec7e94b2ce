"""Booking rules, and the VAT table of each administration."""

from apps.rules.admin import booking_rules, vat_tables

__all__ = ["booking_rules", "vat_tables"]
