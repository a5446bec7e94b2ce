"""`manage.py demo`: the main job in sandbox mode, then the admin and a worker at 127.0.0.1:8000."""

import json
import signal
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from apps.core import clock
from apps.core.causes import Cause
from apps.core.secrets import kept_secret, random_key
from apps.intake.models import PartOutcome
from apps.invoices import demo
from apps.invoices.models import Invoice
from apps.invoices.receiving import Received
from apps.invoices.standing import summary

ADDRESS = "127.0.0.1:8000"


class Command(BaseCommand):
    help = "Runs the main job on sample invoices in sandbox mode, then serves the admin and a worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do the job and end")
        parser.add_argument("--json", action="store_true", help="print one JSON summary as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError("The demo runs in sandbox mode only. Start it without SANDBOX=0.")
        started = clock.stopwatch()
        self._prepare()
        received = self._main_job()
        password = kept_secret(Path(settings.DATA_DIR) / "demo_password", lambda: random_key()[:14])
        user = demo.people(password)[0]
        if options["json"]:
            seconds = round(clock.stopwatch() - started, 1)
            figures = summary()
            self._out(json.dumps({"documents": figures.pop("documents"), **_with_seconds(figures, seconds)}))
        else:
            self._table(received)
        if not options["once"]:
            self._say(f"\n  address   http://{ADDRESS}/\n  user      {user.email}\n  password  {password}\n")
            _serve()

    def _prepare(self) -> None:
        self._say("preparing the databases")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("migrate", "sandbox", database="sandbox", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)

    def _main_job(self) -> list[tuple[str, Received]]:
        demo.connect(self._say)
        demo.link(self._say)
        received = list(demo.take_in(self._say))
        demo.book(self._say)
        return received

    def _table(self, received: list[tuple[str, Received]]) -> None:
        for file, one in received:
            invoice = None
            if one.invoice and one.part.outcome == PartOutcome.DOCUMENT:
                invoice = Invoice.objects.select_related("administration").get(pk=one.invoice.pk)
            became, why = _became(one, invoice)
            where = invoice.administration.name if invoice and invoice.administration else ""
            self._out(f"{file[:44]:44} {where[:28]:28} {became[:22]:22} {why}")

    def _say(self, text: str) -> None:
        self.stderr.write(text)

    def _out(self, text: str) -> None:
        self.stdout.write(text)


def _became(received: Received, invoice: Invoice | None) -> tuple[str, str]:
    if invoice is None:
        return received.part.get_outcome_display(), received.part.reason
    if invoice.cause:
        return str(Cause(invoice.cause).label), invoice.detail.replace("\n", "; ")
    if invoice.exact_number:
        return str(invoice.get_state_display()), f"{invoice.exact_number}  {invoice.supplier_why}"
    waits_for = str(invoice.get_waits_for_display()) if invoice.waits_for else invoice.supplier_why
    return str(invoice.get_state_display()), waits_for


def _with_seconds(figures: dict[str, Any], seconds: float) -> dict[str, Any]:
    administrations = figures.pop("administrations")
    return {**figures, "seconds": seconds, "administrations": administrations}


def _serve() -> None:
    """Run the web server and a worker until the first of them ends or somebody says stop."""
    manage = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "worker"]
    server = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--no-control-socket",
        "--bind",
        ADDRESS,
        "--workers",
        "1",
        "--threads",
        "4",
    ]
    processes = [subprocess.Popen(command) for command in (server, manage)]  # noqa: S603 - our own commands
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        processes[0].wait()
    except KeyboardInterrupt:
        pass
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
