"""The firm of the matrix: so many administrations, each with proposed bookings that a bookkeeper may accept."""

from apps.core import clock
from apps.exact import linking, mirror, registration, signing_in
from apps.exact.models import Connection, Division
from apps.exact.visitor import Visitor
from apps.intake.keeping import keep
from apps.invoices.models import Invoice, State
from apps.invoices.processing import process
from apps.invoices.reviewing import accept
from apps.rules import vat_table
from apps.sandbox import seed, switches
from apps.sandbox.exact import store
from tests.matrix.paper import Party, invoice

FIRST = 4_200_001
SUPPLIERS = 3
NEEDED = "relations bank_accounts gl_accounts vat_codes vat_percentages journals payment_conditions periods".split()
BOOKKEEPER = "a bookkeeper"
MINUTE_LIMIT = 60


def found(divisions: int) -> list[Division]:
    """Fill the sandbox with administrations, sign in, and link them; what nobody needs here is not read."""
    codes = list(range(FIRST, FIRST + divisions))
    for code in codes:
        seed.add_division(code, relations=SUPPLIERS, bank_share=1)
    sign_in(codes)
    switches.change(minute_limit=10_000)
    made = [_linked(division) for division in Division.objects.select_related("app", "connection")]
    switches.change(minute_limit=MINUTE_LIMIT)
    return made


def sign_in(codes: list[int]) -> Connection:
    """Go the whole way through the consent page."""
    consent = signing_in.begin(registration.default_app())
    return signing_in.complete(Visitor().consent(consent, divisions=codes))


def _linked(division: Division) -> Division:
    mirror.sync(division, NEEDED)
    administration = linking.create_for(division)
    vat_table.propose(administration)
    vat_table.confirm(administration, by=BOOKKEEPER)
    administration.purchase_journal = vat_table.propose_journal(administration)
    administration.save(update_fields=["purchase_journal"])
    return division


def take_in(division: Division, count: int) -> None:
    """Receive and code so many invoices for `division`; every second has a PDF inside."""
    suppliers, customer = _suppliers(division.code), _customer(division.code)
    files = []
    for number in range(1, count + 1):
        name, supplier = f"M{division.code % 1000:03}-{number:04}", suppliers[number % len(suppliers)]
        content = invoice(name, clock.today(), supplier, customer, with_pdf=number % 2 == 0)
        files.append((f"{name}.xml", content))
    process(keep(files, channel="upload").pk)


def _suppliers(code: int) -> list[Party]:
    banks = {row.data["Account"]: row.data["BankAccount"] for row in store.rows("crm/BankAccounts", code)}
    rows = [row.data for row in store.rows("crm/Accounts", code)]
    return [
        Party(row["Name"], row["ChamberOfCommerce"], row["VATNumber"], banks[row["ID"]])
        for row in rows
        if row["ID"] in banks
    ]


def _customer(code: int) -> Party:
    row = store.rows("system/Divisions", code).get(key=str(code)).data
    return Party(row["Description"], row["ChamberOfCommerceNumber"], row["VATNumber"])


def proposed(division: Division) -> list[Invoice]:
    """Return what waits for a bookkeeper."""
    administration = division.administration_id
    return list(Invoice.objects.filter(administration=administration, state=State.PROPOSED).order_by("pk"))


def agree(invoices: list[Invoice]) -> None:
    """Accept these proposals as they are."""
    for each in invoices:
        accept(each, by=BOOKKEEPER, version=each.version)
