"""`manage.py connect`: sign in at Exact Online from a terminal and a browser."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from apps.core.commands import HouseCommand
from apps.exact import signing_in
from apps.exact.registration import NotConfigured, default_app


class Command(HouseCommand):
    """Prints the address at which an Exact user signs in; with --redirect completes the connection."""

    help = "Print the address at which an Exact user signs in, or complete the connection with --redirect."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--redirect", metavar="URL", help="the address the browser was sent back to")

    def handle(self, *args: Any, redirect: str | None, **options: Any) -> None:
        try:
            if redirect is None:
                self.stdout.write(signing_in.begin(default_app()))
                return
            connection = signing_in.complete(redirect)
        except (NotConfigured, signing_in.SignInRefused) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Connected as {connection}.")
        for division in connection.divisions.order_by("code"):
            self.stdout.write(f"{division.code}  {division.name}")
