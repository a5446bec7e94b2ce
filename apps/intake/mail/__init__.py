"""Reading e-mail: `mail.read` gives a Mail, or raises Unreadable; `mail.head` reads the headers alone."""

from apps.intake.mail.headers import Head, head
from apps.intake.mail.reading import Mail, read

__all__ = ["Head", "Mail", "head", "read"]
