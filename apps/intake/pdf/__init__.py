"""Text and embedded e-invoices of a PDF, read in a process of its own. Pure."""

from apps.intake.pdf.examining import Examined, examine

__all__ = ["Examined", "examine"]
