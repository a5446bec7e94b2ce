"""`manage.py status`: how many documents stand where."""

import json
from argparse import ArgumentParser
from typing import Any

from apps.core.commands import HouseCommand
from apps.invoices.standing import standing


class Command(HouseCommand):
    help = "Shows how many documents stand where, with --json as one object."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        figures = standing()
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        for title in ("states", "causes", "parts"):
            for name, count in sorted(figures[title].items()):
                self.stdout.write(f"{title[:-1]:6} {name:28} {count:6}")
