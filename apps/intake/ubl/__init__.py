"""Reads UBL 2.1 invoices and credit notes of every flavour. Pure."""

from apps.intake.ubl.reading import read

__all__ = ["read"]
