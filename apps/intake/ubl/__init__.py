"""Reads UBL 2.1 invoices and credit notes of every flavour, orders, and the parties of other documents. Pure."""

from apps.intake.ubl.correspondents import read_correspondents
from apps.intake.ubl.reading import read

__all__ = ["read", "read_correspondents"]
