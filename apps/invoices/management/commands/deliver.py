"""`manage.py deliver`: do now, in this process, what the worker would; nothing is held back."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from apps.clients.models import Administration
from apps.core.commands import HouseCommand
from apps.exact.models import Division
from apps.invoices.delivering import deliver
from apps.invoices.due import divisions_with_work
from apps.invoices.processing import end_pilots
from apps.posting.drain import Drained

ROUNDS = 3  # a write without an answer is looked for after it had time to arrive, and then sent again


class Command(HouseCommand):
    help = "Books what is ready, now, without the minutes for undo; with --json one line per administration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--administration", action="append", metavar="SLUG")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        end_pilots()
        for division in divisions_with_work(_administrations(options["administration"])):
            drained = deliver_patiently(division)
            slug = division.administration.slug if division.administration else ""
            line = {"administration": slug, "division": division.code, **asdict(drained)}
            if options["json"]:
                self.stdout.write(json.dumps(line, ensure_ascii=False))
            else:
                self.stdout.write(", ".join(f"{name} {value}" for name, value in line.items()))


def deliver_patiently(division: Division) -> Drained:
    """Drain `division` at once, and again while a write stayed without an answer; return the sum.

    Another process may hold the division, or have died while it did: then its lease is waited for.
    """
    total = Drained()
    for _round in range(ROUNDS):
        drained = _when_free(division)
        total = Drained(
            busy=drained.busy,
            done=total.done + drained.done,
            refused=total.refused + drained.refused,
            unclear=drained.unclear,
            put_off=drained.put_off,
            stopped=drained.stopped,
            calls=total.calls + drained.calls,
        )
        if not drained.unclear or drained.stopped:
            break
        time.sleep(settings.SETTLE_SECONDS / 2)
    return total


def _when_free(division: Division) -> Drained:
    for _second in range(settings.DIVISION_LEASE_SECONDS + 1):
        drained = deliver(division, at_once=True)
        if not drained.busy:
            break
        time.sleep(1)
    return drained


def _administrations(slugs: list[str] | None) -> list[Administration] | None:
    if slugs is None:
        return None
    found = {row.slug: row for row in Administration.objects.filter(slug__in=slugs)}
    missing = sorted(set(slugs) - set(found))
    if missing:
        raise CommandError(f"There is no administration {', '.join(missing)}.")
    return list(found.values())
