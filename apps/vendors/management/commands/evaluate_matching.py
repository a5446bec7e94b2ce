"""`manage.py evaluate_matching`: how good matching is on parties whose true supplier you know."""

import csv
import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.clients.models import MatchOrder
from apps.core.commands import HouseCommand
from apps.vendors.evaluation import CARD_COLUMNS, QUERY_COLUMNS, Counted, Report, card_of, evaluate
from apps.vendors.matching import SupplierIndex

SHOWN_WRONG = 20


class Command(HouseCommand):
    """Reads two lists, matches each party against the cards, and prints how often that was right."""

    help = "Measure matching on lists of your own: precision and recall, and the wrong ones. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("queries", metavar="QUERIES.csv", help=f"columns: {', '.join(QUERY_COLUMNS)}")
        parser.add_argument(
            "--cards", metavar="CARDS.csv", required=True, help=f"columns: {', '.join(CARD_COLUMNS)}"
        )
        parser.add_argument("--order", choices=MatchOrder.values, default=MatchOrder.STRONGEST)
        parser.add_argument("--json", action="store_true", help="everything on one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        cards = _rows(options["cards"], CARD_COLUMNS)
        queries = _rows(options["queries"], QUERY_COLUMNS)
        ids = [row["id"] for row in cards]
        if len(ids) != len(set(ids)) or "" in ids:
            raise CommandError(_("Every card needs an id of its own: %(file)s") % {"file": options["cards"]})
        if unknown := {row["expected"] for row in queries} - {*ids, ""}:
            raise CommandError(
                _("No card has the id that a party expects: %(ids)s")
                % {"ids": ", ".join(sorted(unknown)[:5])}
            )
        report = evaluate(SupplierIndex.build(map(card_of, cards)), queries, options["order"])
        if options["json"]:
            self.stdout.write(json.dumps({"cards": len(cards), **report.as_json()}, ensure_ascii=False))
            return
        self._print(report, len(cards))

    def _print(self, report: Report, cards: int) -> None:
        self.stdout.write(f"{report.parties} parties ({report.with_supplier} with a card), {cards} cards")
        self.stdout.write(
            "outcomes: " + ", ".join(f"{name} {n}" for name, n in report.outcomes.most_common())
        )
        self.stdout.write(f"{'':34} {'said':>7} {'right':>7} {'precision':>10} {'recall':>8}")
        lines = {
            "automatic matches": report.automatic,
            "with a valid unshared identifier": report.identified,
            "  and no number of another card": report.uncontested,
            **{f"evidence: {kind}": counted for kind, counted in report.by_kind.items()},
            "proposals, the first": report.top_1,
            "proposals, one of three": report.top_3,
        }
        for title, counted in lines.items():
            self.stdout.write(_line(title, counted))
        self.stdout.write(f"wrong: {len(report.wrong)}")
        for wrong in report.wrong[:SHOWN_WRONG]:
            self.stdout.write(
                f"  {wrong['name']}: {wrong['matched']} by {wrong['by']}, expected {wrong['expected'] or 'none'}"
            )
        if len(report.wrong) > SHOWN_WRONG:
            self.stdout.write(f"  and {len(report.wrong) - SHOWN_WRONG} more (--json shows all)")


def _line(title: str, counted: Counted) -> str:
    precision = f"{counted.right / counted.said:.3%}" if counted.said else "-"
    recall = f"{counted.right / counted.of:.2%}" if counted.of else "-"
    return f"{title:34} {counted.said:>7} {counted.right:>7} {precision:>10} {recall:>8}"


def _rows(path: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Read a list with `columns` in any order; a cell that is missing is empty."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror}
        ) from error
    except UnicodeDecodeError as error:
        raise CommandError(_("%(file)s is no UTF-8 text.") % {"file": path}) from error
    reader = csv.DictReader(text.splitlines())
    if missing := set(columns) - set(reader.fieldnames or ()):
        raise CommandError(
            _("%(file)s lacks the columns %(columns)s.")
            % {"file": path, "columns": ", ".join(sorted(missing))}
        )
    return [{name: (row[name] or "").strip() for name in columns} for row in reader]
