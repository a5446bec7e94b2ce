"""`manage.py accept`: agree with proposed bookings."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from apps.core.commands import HouseCommand
from apps.core.transitions import Changed
from apps.invoices.models import Invoice, State
from apps.invoices.reviewing import Refused, accept

WHO = "command line"


def _identity(text: str) -> int:
    """Return the id of a document. Raises ValueError for what no document can have."""
    number = int(text)
    if not 0 < number < 2**63:
        raise ValueError(text)
    return number


class Command(HouseCommand):
    help = "Accepts proposed bookings by their id, or all of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument("ids", nargs="*", type=_identity, default=[], metavar="ID")
        group.add_argument("--all", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        proposed = Invoice.objects.filter(state=State.PROPOSED)
        invoices = proposed if options["all"] else Invoice.objects.filter(pk__in=options["ids"])
        missing = set(options["ids"]) - set(invoices.values_list("pk", flat=True))
        problems = [f"{pk}: there is no such document" for pk in sorted(missing)]
        accepted = 0
        for invoice in invoices.order_by("pk"):
            try:
                accept(invoice, by=WHO, version=invoice.version)
                accepted += 1
            except (Changed, Refused) as problem:
                problems.append(f"{invoice.pk}: {problem}")
        self.stdout.write(f"{accepted} accepted")
        if problems:
            raise CommandError("\n".join(problems))
