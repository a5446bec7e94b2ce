"""What every command of ours says in words instead of a traceback."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.utils.translation import gettext as _

MISSING = ("no such table", "no such column", "does not exist")


class HouseCommand(BaseCommand):
    """A command that tells an operator what to do about a database or keys that do not fit."""

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run the command. Raises CommandError with the remedy for tables that are not there and wrong keys."""
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            if not any(words in str(error) for words in MISSING):
                raise
            raise CommandError(
                _("The database is not up to date. Run: manage.py migrate (or make demo).")
            ) from error
        except InvalidToken as error:
            raise CommandError(
                _(
                    "A stored secret cannot be read with these TOKEN_KEYS. Put the key that wrote it back in the list."
                )
            ) from error
