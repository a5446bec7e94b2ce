"""From a trial in a copy of the books to the books themselves: each document is booked there once, and only there."""

import re
from collections import Counter
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest

from apps.clients.models import Administration, Mode
from apps.exact import linking, mirror, registration, signing_in
from apps.exact.client import Exact
from apps.exact.models import Division
from apps.exact.visitor import Visitor
from apps.invoices import reviewing
from apps.invoices.delivering import deliver, plan_of
from apps.invoices.going_live import go_live
from apps.invoices.leaving_test import leave
from apps.invoices.models import Invoice, Outcome, State, WaitsFor
from apps.invoices.processing import process
from apps.invoices.trying import trial
from apps.people.models import Role, User
from apps.rules import vat_table
from apps.sandbox import switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Package, Row
from tests.flows.conftest import BAKERY, TakeIn
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db

COPY = 3100901
ENTRIES = "purchaseentry/PurchaseEntries"
DOCUMENTS = (
    "01-zwaluw-bloem.xml",
    "03-duinwind-stroom.xml",
    "05-noordkade-dozen.xml",
    "06-rietveen-eieren-credit.xml",
)
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOVEMENTS = ("financialtransaction/", "read/financial/", "salesentry/", "purchaseentry/", "sync/")


def own_guids(value: object) -> object:
    """Return fields with other guids in the place of the model's, the same one for the same one."""
    if isinstance(value, str):
        return GUID.sub(lambda found: str(uuid5(NAMESPACE_URL, f"{COPY} {found[0]}")), value)
    return value


def copy_of_the_bakery() -> None:
    """Make a division in Exact with the cards, accounts and codes of the bakery, under ids of its own."""
    masters = [
        row
        for row in Row.objects.filter(division=BAKERY).order_by("pk")
        if not row.resource.startswith(MOVEMENTS)
    ]
    copied = [
        (row.resource, COPY, {name: own_guids(value) for name, value in row.data.items()}) for row in masters
    ]
    listed = [
        (row.resource, 0, {**row.data, "Code": COPY, "Description": "Proefadministratie"})
        for row in Row.objects.filter(division=0, data__Code=BAKERY)
    ]
    store.fill([*copied, *listed])
    package = Package.objects.get(division=BAKERY)
    package.pk, package.division = None, COPY
    package.save(force_insert=True)


def division(code: int) -> Division:
    found: Division = Division.objects.select_related("app", "connection", "administration").get(code=code)
    return found


def entries(code: int) -> Counter[str]:
    """Return how many entries Exact has in a division for each number of a vendor, without the firm's own history."""
    numbers = set(Invoice.objects.values_list("number", flat=True))
    return Counter(
        row.data["YourRef"] for row in store.rows(ENTRIES, code) if row.data.get("YourRef") in numbers
    )


@pytest.fixture
def owner(db: None) -> User:
    switches.change(minute_limit=10_000)
    copy_of_the_bakery()
    app = registration.default_app()
    signing_in.complete(Visitor().consent(signing_in.begin(app), divisions=[BAKERY, COPY]))
    made: User = UserFactory(role=Role.ADMINISTRATOR)
    return made


def begin_trial() -> Administration:
    copy = division(COPY)
    administration = linking.create_for(copy, is_test=True)
    mirror.sync(copy)
    vat_table.propose(administration)
    vat_table.confirm(administration, by="test")
    vat_table.fill_journal(administration)
    administration.mode = Mode.AUTOMATIC
    administration.save(update_fields=["mode"])
    return administration


def book_by_hand(invoice: Invoice, real: Division) -> None:
    entry = plan_of(invoice, real, "nothing of ours")["steps"][-1]["payload"]
    del entry["ExternalLinkReference"]
    Exact(real).post(ENTRIES, entry)


def test_a_trial_ends_in_a_pilot_and_each_document_is_booked_once_where_it_belongs(
    owner: User, take_in: TakeIn
) -> None:
    administration = begin_trial()
    invoices = take_in(*DOCUMENTS)
    assert {one.administration_id for one in invoices} == {administration.pk}
    deliver(division(COPY), at_once=True)
    booked = {one.pk: one for one in Invoice.objects.select_related("posting__division")}
    assert {one.state for one in booked.values()} == {State.DONE}
    assert all(one.is_booked_in_test for one in booked.values())
    tried, untouched = entries(COPY), entries(BAKERY)
    assert set(tried.values()) == {1} and len(tried) == len(DOCUMENTS)
    mirror.sync_ledger(division(COPY))
    report = trial(division(COPY))
    assert (report.matched, report.coded, report.booked, report.refused) == (4, 4, 4, 0)
    assert report.is_exact
    assert set(report.totals) == {"EUR"}

    leave(administration, division(BAKERY), by=owner)
    process()
    assert {(one.state, one.posting) for one in Invoice.objects.all()} == {(State.RECEIVED, None)}
    time.advance(timedelta(minutes=1))
    mirror.sync(division(BAKERY))
    process()
    administration.refresh_from_db()
    vat_table.confirm(administration, by="test")
    reviewing.retry_all(list(Invoice.objects.select_related("administration", "posting")), by="test")
    assert set(Invoice.objects.values_list("state", "waits_for")) == {(State.READY, WaitsFor.PILOT)}
    assert entries(BAKERY) == untouched
    for invoice in Invoice.objects.all():
        assert invoice.supplier != booked[invoice.pk].supplier
        why = invoice.events.filter(to_state=State.RECEIVED).order_by("pk").last()
        assert why and booked[invoice.pk].exact_number in why.why

    by_hand, *others = Invoice.objects.select_related("administration", "part").order_by("pk")
    book_by_hand(by_hand, division(BAKERY))
    mirror.sync_ledger(division(BAKERY))
    go_live(administration, by="Rosa")
    process()
    by_hand.refresh_from_db()
    assert (by_hand.state, by_hand.outcome) == (State.DONE, Outcome.BOOKED)
    for other in others:
        invoice = Invoice.objects.select_related("administration").get(pk=other.pk)
        assert invoice.state == State.PROPOSED
        reviewing.accept(invoice, by=owner, version=invoice.version)
    deliver(division(BAKERY), at_once=True)
    rows = list(Invoice.objects.select_related("posting__division"))
    assert {(one.state, one.posting and one.posting.division.code) for one in rows} == {(State.DONE, BAKERY)}
    assert entries(BAKERY) - untouched == Counter({one.number: 1 for one in rows})
    assert entries(COPY) == tried
    numbers = {str(row.data["EntryNumber"]): row.data["YourRef"] for row in store.rows(ENTRIES, BAKERY)}
    assert {one.exact_number: one.number for one in rows} == {
        number: ref for number, ref in numbers.items() if number in {one.exact_number for one in rows}
    }
