"""Serves the sandbox alone, for any client of Exact Online."""

import json
import signal
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandParser, call_command

from apps.sandbox import firm, seed, server
from apps.sandbox.exact import oauth
from apps.sandbox.models import ExactUser, RegisteredApp
from apps.sandbox.transport import MOUNT

DEFAULT_PORT = 8765


class Command(BaseCommand):
    """`sandbox [--host H] [--port N] [--reset]`: print one JSON line, then serve until SIGTERM."""

    help = "Serve the simulated Exact Online alone; print one JSON line that tells a client how to reach it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, help=f"0: any free port; {DEFAULT_PORT} by default")
        parser.add_argument(
            "--reset", action="store_true", help="throw the data away; with a port serve then"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare the data, tell where it is, serve."""
        call_command("migrate", "sandbox", database="sandbox", verbosity=0, skip_checks=True)
        if options["reset"]:
            seed.reset()
            if options["port"] is None:
                return
        seed.ensure()
        port = DEFAULT_PORT if options["port"] is None else options["port"]
        httpd = server.make(options["host"], port)
        signal.signal(signal.SIGTERM, _stop)
        self.stdout.write(json.dumps(_facts(f"http://{options['host']}:{httpd.server_port}")))
        self.stdout.flush()
        try:
            httpd.serve_forever()
        except KeyboardInterrupt:
            httpd.server_close()


def _stop(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def _facts(address: str) -> dict[str, Any]:
    divisions = [division.code for division in firm.DIVISIONS]
    code = oauth.allow(
        RegisteredApp.objects.get(client_id=seed.CLIENT_ID),
        ExactUser.objects.order_by("pk")[0],
        divisions,
        settings.EXACT_REDIRECT_URI,
    )
    return {
        "base_url": f"{address}{MOUNT}exact",
        "client_id": seed.CLIENT_ID,
        "client_secret": seed.CLIENT_SECRET,
        "redirect_uri": settings.EXACT_REDIRECT_URI,
        "code": code,
        "divisions": divisions,
    }
