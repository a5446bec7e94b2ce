"""`manage.py sync`: bring the mirrors up to date now."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from apps.core.commands import HouseCommand
from apps.exact import syncing
from apps.exact.models import Division


class Command(HouseCommand):
    """Syncs linked divisions and prints calls, rows and seconds per administration and resource."""

    help = "Bring the mirrors of linked administrations up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--administration", metavar="SLUG", action="append", default=[])
        parser.add_argument("--json", action="store_true", help="one JSON line per resource")

    def handle(self, *args: Any, administration: list[str], **options: Any) -> None:
        for division in _divisions(administration):
            slug = division.administration.slug if division.administration else ""
            syncing.make_due(division)
            ran = syncing.run(division)
            if ran.busy:
                self.stderr.write(f"{slug}: somebody else is at work in {division}; it is read afterwards.")
            for result in ran.results:
                line = {
                    "administration": slug,
                    "resource": result.resource,
                    "calls": result.calls,
                    "rows": result.rows,
                    "seconds": result.seconds,
                    **({"trouble": result.trouble} if result.trouble else {}),
                }
                self.stdout.write(json.dumps(line) if options["json"] else _sentence(line))


def _divisions(slugs: list[str]) -> list[Division]:
    linked = Division.objects.filter(administration__isnull=False).select_related(
        "connection__app", "administration"
    )
    found = list((linked.filter(administration__slug__in=slugs) if slugs else linked).order_by("code"))
    known = {division.administration.slug for division in found if division.administration}
    if missing := [slug for slug in slugs if slug not in known]:
        raise CommandError(f"No linked administration is called {', '.join(missing)}.")
    return found


def _sentence(line: dict[str, Any]) -> str:
    text = "{administration} {resource}: {calls} calls, {rows} rows, {seconds} s".format(**line)
    return f"{text}; {line['trouble']}" if "trouble" in line else text
