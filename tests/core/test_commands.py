"""Commands on a machine that is not ready say so in words."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from tests.exact.factories import ConnectionFactory

COMMANDS = [["status"], ["deliver"], ["sync"], ["accept", "--all"], ["process"]]


@pytest.mark.django_db
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_database_without_tables_gets_the_remedy(command: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in ("invoices_invoice", "intake_part", "exact_division"):
            cursor.execute(f"ALTER TABLE {table} RENAME TO away_{table}")
    with pytest.raises(CommandError, match=r"manage\.py migrate"):
        call_command(*command, stdout=StringIO())


@pytest.mark.django_db
def test_keys_that_do_not_fit_get_the_remedy(settings: Settings) -> None:
    ConnectionFactory()
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="TOKEN_KEYS"):
        call_command("rotate_tokens", stdout=StringIO())
