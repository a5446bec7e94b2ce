"""`manage.py link`: say which division of Exact is which administration."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core.commands import HouseCommand
from apps.exact import linking, mirror, syncing
from apps.exact.models import Division
from apps.rules import vat_table

WHO = "manage.py link"


class Command(HouseCommand):
    """Links divisions, reads their mirrors when these are empty, and proposes VAT table and journal."""

    help = "Link divisions of Exact Online to administrations."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--division", metavar="CODE", type=int)
        which.add_argument(
            "--all", action="store_true", help="every division, each as an administration of its own"
        )
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--administration", metavar="SLUG")
        what.add_argument("--create", action="store_true", help="make the administration")
        parser.add_argument(
            "--test",
            action="store_true",
            help="the division is kept for trials: nothing there reaches the books",
        )
        parser.add_argument(
            "--accept-proposals",
            action="store_true",
            help="take the proposed VAT table and journal, and book automatically",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.unclear: list[str] = []  # one that is not clear does not stop those behind it
        if options["division"] is not None and not (options["administration"] or options["create"]):
            raise CommandError("Say which administration: --administration SLUG or --create.")
        if options["all"] and options["administration"]:
            raise CommandError("--all makes the administrations itself; leave --administration out.")
        if options["all"] and options["test"]:
            raise CommandError("--test is of one division: say which with --division CODE.")
        for division in _divisions(options["division"]):
            slug, every = options["administration"], options["all"]
            administration = _linked(division, slug, every=every, is_test=options["test"])
            self._prepare(division, administration, accept=options["accept_proposals"])
        if self.unclear:
            raise CommandError(
                _("It is not clear which journal takes purchases in %(names)s; choose it there.")
                % {"names": ", ".join(self.unclear)}
            )

    def _prepare(self, division: Division, administration: Administration, *, accept: bool) -> None:
        self.stdout.write(f"{division}: {administration.slug} ({administration.client})")
        if mirror.is_empty(division):
            syncing.make_due(division)
            for result in syncing.run(division).results:
                trouble = f"; {result.trouble}" if result.trouble else ""
                self.stdout.write(f"  {result.resource}: {result.calls} calls, {result.rows} rows{trouble}")
        for row in vat_table.propose(administration):
            self.stdout.write(f"  {row}: {row.why}")
        if accept:
            self._accept(administration)

    def _accept(self, administration: Administration) -> None:
        taken = vat_table.confirm(administration, WHO)
        journal = administration.purchase_journal or vat_table.propose_journal(administration)
        if not journal:
            self.unclear.append(administration.slug)
            return
        administration.purchase_journal, administration.mode = journal, Mode.AUTOMATIC
        administration.save(update_fields=["purchase_journal", "mode"])
        self.stdout.write(f"  accepted {taken} rows of the VAT table; journal {journal}; books automatically")


def _divisions(code: int | None) -> list[Division]:
    known = Division.objects.filter(app__is_default=True).select_related(
        "app", "connection__app", "administration"
    )
    found = list((known if code is None else known.filter(code=code)).order_by("code"))
    if not found:
        raise CommandError("No such division is known. Connect first: manage.py connect.")
    return found


def _linked(division: Division, slug: str | None, *, every: bool, is_test: bool) -> Administration:
    """Return the administration of `division`, linked now unless it is already."""
    if division.administration and is_test and not division.is_test:
        raise CommandError("The division is linked already. Mark it as a test division on its page.")
    if division.administration and (every or slug is None):
        return division.administration
    try:
        if slug is None:
            return linking.create_for(division, is_test=is_test)
        administration = Administration.objects.filter(slug=slug).first()
        if administration is None:
            raise CommandError(f"No administration is called {slug}.")
        linking.link(division, administration, is_test=is_test)
    except linking.LinkRefused as refused:
        raise CommandError(str(refused)) from refused
    return administration
