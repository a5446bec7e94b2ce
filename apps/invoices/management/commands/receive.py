"""`manage.py receive`: take files in, as an upload would, and say what became of each."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from apps.clients.models import Administration
from apps.core.commands import HouseCommand
from apps.intake.keeping import keep
from apps.intake.models import Channel
from apps.invoices.outcomes import outcome_of
from apps.invoices.processing import code_one
from apps.invoices.reading_parts import receive_safely


class Command(HouseCommand):
    help = "Takes files (or whole folders) in; prints what became of each, with --json one line per file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--administration", metavar="SLUG", help="for whom, when the way in says so")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        administration = _administration(options["administration"])
        failed = 0
        for path in _files(options["paths"]):
            try:
                content = path.read_bytes()
            except OSError as error:
                failed += 1
                self.stderr.write(f"{path}: {error.strerror}")
                continue
            self._take(path, content, administration, options["json"])
        if failed:
            raise CommandError(f"{failed} of the files could not be opened.")

    def _take(self, path: Path, content: bytes, administration: Administration | None, as_json: bool) -> None:
        receipt = keep(
            [(path.name, content)],
            channel=Channel.COMMAND,
            subject=_readable(path.name),
            administration=administration,
        )
        received = receive_safely(receipt.parts.select_related("receipt", "original").get())
        if received.invoice and received.invoice.administration_id:
            code_one(received.invoice)
        outcome = outcome_of(_readable(str(path)), received)
        if as_json:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
        else:
            what = outcome["reason"] or outcome["cause"] or outcome["status"] or ""
            self.stdout.write(f"{_readable(str(path))}: {outcome['outcome']} {what}")


def _readable(name: str) -> str:
    """Return a file name as text that can be stored and shown, whatever bytes the disk has for it."""
    return os.fsencode(name).decode("utf-8", "replace")


def _administration(slug: str | None) -> Administration | None:
    if slug is None:
        return None
    administration = Administration.objects.filter(slug=slug).first()
    if administration is None:
        raise CommandError(f"There is no administration {slug}.")
    return administration


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file())
        else:
            yield path
