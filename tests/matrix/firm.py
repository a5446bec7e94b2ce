"""The firm of the matrix: so many administrations, each with proposals of one kind that a bookkeeper may accept."""

from collections.abc import Sequence

from apps.exact import linking, mirror, registration, signing_in
from apps.exact.models import Connection, Division
from apps.exact.visitor import Visitor
from apps.people.models import User
from apps.rules import vat_table
from apps.sandbox import seed, switches
from tests.matrix.kind import Kind

FIRST = 4_200_001
SUPPLIERS = 3
NEEDED = "relations bank_accounts gl_accounts vat_codes vat_percentages journals payment_conditions periods".split()
MINUTE_LIMIT = 60


def bookkeeper() -> User:
    """Return who accepts."""
    return User.objects.create_user("bookkeeper@matrix.example")


def found(kinds: Sequence[Kind]) -> list[Division]:
    """Fill the sandbox with an administration for each of `kinds`, sign in, and link them.

    What nobody needs here is not read.
    """
    wanted = dict(enumerate(kinds, start=FIRST))
    for code, kind in wanted.items():
        seed.add_division(code, relations=SUPPLIERS, bank_share=1)
        kind.stock(code)
    sign_in(list(wanted))
    switches.change(minute_limit=10_000)
    divisions = Division.objects.select_related("app", "connection").order_by("code")
    made = [_linked(division, wanted[division.code].mirrors) for division in divisions]
    switches.change(minute_limit=MINUTE_LIMIT)
    return made


def sign_in(codes: list[int]) -> Connection:
    """Go the whole way through the consent page."""
    consent = signing_in.begin(registration.default_app())
    return signing_in.complete(Visitor().consent(consent, divisions=codes))


def _linked(division: Division, mirrors: Sequence[str]) -> Division:
    mirror.sync(division, [*NEEDED, *mirrors])
    administration = linking.create_for(division)
    vat_table.propose(administration)
    vat_table.confirm(administration, by="a bookkeeper")
    administration.purchase_journal = vat_table.propose_journal(administration)
    administration.save(update_fields=["purchase_journal"])
    return division
