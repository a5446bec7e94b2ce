"""Serves the sandbox alone, for any client of Exact Online and eConnect; lets documents arrive in it."""

import json
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from apps.sandbox import firm, seed, server
from apps.sandbox.econnect import formats, network
from apps.sandbox.exact import oauth
from apps.sandbox.firm.noise import Noise
from apps.sandbox.models import DocumentFamily, EconnectParty, ExactUser, RegisteredApp
from apps.sandbox.transport import MOUNT

DEFAULT_PORT = 8765
DEFAULT = Noise()


class Command(BaseCommand):
    """`sandbox [--host H] [--port N] [--reset]`: print one JSON line, then serve until SIGTERM.

    `sandbox --receive FILE [--party ID] [--family order]`: let a file arrive as a Peppol message, and call the
    hooks; print one JSON line about it.

    `sandbox --history DIVISION [--suppliers N] [--seed N]`: add suppliers with an untidy history to a division; print
    one JSON line with what they were made with.
    """

    help = (
        "Serve the simulated Exact Online and eConnect alone; print one JSON line that tells a client how to "
        "reach them. Or let a file arrive as a Peppol message."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, help=f"0: any free port; {DEFAULT_PORT} by default")
        parser.add_argument(
            "--reset", action="store_true", help="throw the data away; with a port serve then"
        )
        parser.add_argument("--receive", type=Path, metavar="FILE", help="let it arrive as a Peppol message")
        parser.add_argument("--party", default="", help="for whom; without it the receiver named in the file")
        parser.add_argument("--family", choices=DocumentFamily.values, default=DocumentFamily.INVOICE)

        parser.add_argument(
            "--history", type=int, metavar="DIVISION", help="add suppliers with an untidy history to it"
        )
        parser.add_argument(
            "--suppliers", type=int, default=DEFAULT.suppliers, help="how many, with --history"
        )
        parser.add_argument("--seed", type=int, default=DEFAULT.seed, help="what is drawn, with --history")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare the data, tell where it is, serve."""
        call_command("migrate", "sandbox", database="sandbox", verbosity=0, skip_checks=True)
        if options["reset"]:
            seed.reset()
            if options["port"] is None:
                return
        seed.ensure()
        if options["receive"]:
            told = _received(options["receive"], options["party"], options["family"])
            self.stdout.write(json.dumps(told))
            return
        if options["history"]:
            noise = Noise(seed=options["seed"], suppliers=options["suppliers"])
            self.stdout.write(json.dumps(_with_history(options["history"], noise)))
            return
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


def _received(file: Path, party_id: str, family: str) -> dict[str, Any]:
    """Let a file arrive and call the hooks; return what to tell of it. Raises CommandError."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    party_id = party_id or formats.receiver(content)
    try:
        document_id = network.send(party_id, content, family=family)
    except EconnectParty.DoesNotExist as error:
        raise CommandError(f"There is no party '{party_id}' at eConnect. Name one with --party.") from error
    return {"document_id": document_id, "party": party_id, "calls": network.deliver_due()}


def _with_history(division: int, noise: Noise) -> dict[str, Any]:
    """Add a history; return what to tell of it. Raises CommandError."""
    try:
        return {"division": division, "noise": seed.add_history(division, noise)}
    except ValueError as error:
        raise CommandError(str(error)) from error


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
        "econnect_url": f"{address}{MOUNT}econnect",
        "econnect_identity_url": f"{address}{MOUNT}econnect-identity",
        "econnect_client_id": settings.SANDBOX_ECONNECT_CLIENT_ID,
        "econnect_client_secret": settings.SANDBOX_ECONNECT_CLIENT_SECRET,
        "parties": [party.party_id for party in firm.PARTIES if not party.username],
    }
