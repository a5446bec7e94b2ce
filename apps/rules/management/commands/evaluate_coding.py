"""`manage.py evaluate_coding`: how often history proposes what was booked in the end, alone and behind the cards."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core.commands import HouseCommand
from apps.exact.models import Division, Relation
from apps.rules import books
from apps.rules.evaluation import Booked, Counted, Report, evaluate

_TITLES = {"gl_code": "ledger account", "vat_code": "VAT code"}
_ABOUT_VAT = """
As coding decides: the account on the supplier's card where it has one, else history. Rules, items and corrections
are left out: the ledger does not keep what they look at. The VAT code of a real document
comes from its VAT scenario, which the ledger does not keep: above it is told by history alone,
which coding never asks about it."""


class Command(HouseCommand):
    """Learns from the older 80 % of the booked purchase lines and tells the newest 20 %.

    Twice: by history alone, and with the account on a supplier's card before it, as coding decides. Neither knows
    rules, items, corrections or the VAT table: the ledger does not keep what they look at.
    """

    help = (
        "Measure on the ledger of one administration how often history alone proposes ledger account and VAT code "
        "right, beside the most common one of the supplier; and how often the account is right as coding decides it, "
        "with the supplier's card before history. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--administration", metavar="SLUG", required=True)
        parser.add_argument("--json", action="store_true", help="everything on one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        division = _division(options["administration"])
        codes = books.books_of(division)
        usable = {"gl_code": codes.bookable, "vat_code": codes.vat_codes}
        booked = _booked(division, codes)
        once = evaluate(booked, usable)
        learning = evaluate(booked, usable, learns=True)
        cards = _cards(division, codes)
        by_card = [evaluate(booked, usable, learns=learns, cards=cards) for learns in (False, True)]
        noise = _noise(division)
        if options["json"]:
            told = {"learned_once": once.as_json(), "learning_on": learning.as_json(), "noise": noise}
            with_cards = {
                "learned_once": by_card[0].as_json(),
                "learning_on": by_card[1].as_json(),
                "suppliers_with_a_card_account": len(cards),
            }
            about = {"administration": options["administration"], "as_coding_decides": with_cards}
            self.stdout.write(json.dumps({**about, **told}))
            return
        self.stdout.write(f"{once.trained} lines to learn from, {once.tested} to tell, since {once.since}")
        if noise:
            self.stdout.write(f"made-up history, with noise: {json.dumps(noise)}")
        self.stdout.write(f"{len(cards)} suppliers have an account on their card")
        self._print("history alone", [once, learning], tuple(_TITLES))
        self._print("as coding decides", by_card, ("gl_code",))
        self.stdout.write(_ABOUT_VAT)

    def _print(self, whose: str, reports: Sequence[Report], fields: Sequence[str]) -> None:
        for title, report in zip(("learned once", "learning on"), reports, strict=True):
            self.stdout.write("")
            self.stdout.write(
                f"{f'{whose}, {title}':38} {'lines':>6} {'top 1':>8} {'top 3':>8} {'baseline':>9} {'sure':>7} "
                f"{'of them right':>14}"
            )
            for name in fields:
                self.stdout.write(_line(_TITLES[name], report.fields[name]))
            for bucket, counts in report.by_earlier.items():
                if counts["gl_code"].of:
                    self.stdout.write(_line(f"  account, earlier bookings: {bucket}", counts["gl_code"]))


def _line(title: str, counted: Counted) -> str:
    shares = [
        _share(counted.top_1, counted.of),
        _share(counted.top_3, counted.of),
        _share(counted.baseline, counted.of),
        _share(counted.sure, counted.of),
        _share(counted.sure_right, counted.sure),
    ]
    return "{:38} {:>6} {:>8} {:>8} {:>9} {:>7} {:>14}".format(title, counted.of, *shares)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _division(slug: str) -> Division:
    """Return the division of the administration. Raises CommandError when there is none."""
    if not Administration.objects.filter(slug=slug).exists():
        raise CommandError(_("There is no administration %(slug)s.") % {"slug": slug})
    division = Division.objects.filter(administration__slug=slug).first()
    if division is None:
        raise CommandError(_("No division of Exact is linked yet."))
    return division


def _booked(division: Division, codes: books.Books) -> list[Booked]:
    rows = books.booked_lines(division).order_by("date", "pk")
    found = rows.values_list("relation", "gl_account", *books.PAST).iterator(chunk_size=2000)
    return [
        Booked(str(relation), line)
        for relation, *row in found
        for line in books.past_of([row], codes.accounts)
    ]


def _cards(division: Division, codes: books.Books) -> dict[str, str]:
    """Return the account on the card of each supplier (id) that has one now."""
    rows = Relation.objects.filter(division=division, gl_account_purchase__isnull=False)
    found = rows.values_list("exact_id", "gl_account_purchase")
    accounts = {str(supplier): codes.accounts.get(str(account)) for supplier, account in found}
    return {supplier: account.code for supplier, account in accounts.items() if account}


def _noise(division: Division) -> dict[str, Any] | None:
    """Return the settings that a made-up history was made with; None for a real one."""
    told = import_string(settings.MADE_UP_HISTORY)(division.code) if settings.MADE_UP_HISTORY else None
    return dict(told) if told else None
