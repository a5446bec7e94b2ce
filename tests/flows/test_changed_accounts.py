"""A supplier asks to be paid to a new account: everything of it waits until two people know that it is true."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest

from apps.clients.models import Administration, Mode
from apps.core.causes import Cause
from apps.core.queue import OrmQ
from apps.exact import mirror
from apps.exact.models import BankAccount, Division, Relation
from apps.intake.keeping import keep
from apps.invoices import reviewing, tasks
from apps.invoices.case_page import on_documents
from apps.invoices.delivering import deliver
from apps.invoices.demo import FIXTURES
from apps.invoices.models import Invoice, State, WaitsFor
from apps.invoices.processing import process
from apps.people.models import User
from apps.sandbox import switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from apps.vendors import iban_cases
from apps.vendors.iban_cases import CaseRefused
from apps.vendors.models import CaseState, IBANCase
from tests.flows.conftest import BAKERY
from tests.intake.samples import replaced
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db

SAMPLE = (FIXTURES / "documents" / "53-wintershof-koeling.xml").read_text()
NUMBER, NEW, OLD = "WK-26-2208", "NL61KNAB0378426944", "NL23BUNQ0446386958"
PHONE, CARD = "0320-123456", "10020"
HELD = (State.ATTENTION, Cause.IBAN_CHANGED)

Arrive = Callable[..., Invoice]


@pytest.fixture
def arrive(bakery: Division) -> Arrive:
    """Take in an invoice of the supplier; the card in Exact carries a telephone number."""
    switches.change(minute_limit=10_000)
    card = next(row for row in store.rows("crm/Accounts", BAKERY) if row.data["Code"].strip() == CARD)
    store.put("crm/Accounts", BAKERY, {**card.data, "Phone": PHONE})
    mirror.sync(bakery, ["relations"])

    def run(number: str, iban: str = OLD) -> Invoice:
        text = replaced(replaced(SAMPLE, NUMBER, number), NEW, iban)
        receipt = keep([(f"{number}.xml", text.encode())], channel="upload")
        process(receipt.pk)
        return Invoice.objects.get(part__receipt=receipt)

    return run


@pytest.fixture
def ada(db: None) -> User:
    made: User = UserFactory()
    return made


@pytest.fixture
def ben(db: None) -> User:
    made: User = UserFactory()
    return made


def work() -> None:
    """Do what the bells asked for, each of it twice: a queue delivers at least once."""
    for bell in list(OrmQ.objects.order_by("pk")):
        task = bell.task
        if "account_" in task["func"]:
            module, _, name = task["func"].rpartition(".")
            for _time in range(2):
                getattr(import_module(module), name)(*task["args"])
    OrmQ.objects.all().delete()


def stands(*invoices: Invoice) -> list[tuple[str, str]]:
    return [Invoice.objects.values_list("state", "cause").get(pk=invoice.pk) for invoice in invoices]


def entries() -> list[str]:
    rows = Row.objects.filter(resource="purchaseentry/PurchaseEntries", division=BAKERY)
    return sorted(row.data["YourRef"] for row in rows if str(row.data.get("YourRef")).startswith("N-"))


def book(bakery: Division) -> None:
    """Let the minutes for undo pass, and write what is ready."""
    time.advance(timedelta(minutes=6))
    deliver(Division.objects.select_related("app", "connection", "administration").get(pk=bakery.pk))


def call(case: IBANCase, by: User) -> None:
    iban_cases.record_call(
        case,
        by=by,
        number=PHONE,
        source="card",
        spoke_to="Mrs Wintershof",
        on_documents=on_documents(case),
    )


def test_a_new_account_waits_for_two_people_and_then_everything_is_booked(
    bakery: Division, arrive: Arrive, ada: User, ben: User
) -> None:
    before = arrive("N-1")  # coded, and still in its minutes for undo
    asking = arrive("N-2", NEW)
    work()
    after = arrive("N-3")
    assert stands(before, asking, after) == [HELD] * 3
    book(bakery)
    assert entries() == []

    case = IBANCase.objects.get()
    assert (case.iban, case.known, case.part) == (NEW, [OLD], asking.part)
    call(case, ada)
    work()
    assert stands(before, asking, after) == [HELD] * 3
    with pytest.raises(CaseRefused):
        iban_cases.accept(case, by=ada)
    with pytest.raises(reviewing.Refused):
        reviewing.book_anyway(Invoice.objects.get(pk=asking.pk), by=ada)
    iban_cases.accept(case, by=ben)
    work()
    assert stands(before, asking, after) == [(State.READY, "")] * 3
    book(bakery)
    assert stands(before, asking, after) == [(State.DONE, "")] * 3

    later = arrive("N-4", NEW)
    assert stands(later) == [(State.READY, "")]
    book(bakery)
    assert entries() == ["N-1", "N-2", "N-3", "N-4"]
    assert IBANCase.objects.count() == 1
    assert [change.history_user for change in case.history.order_by("pk")] == [None, ada, ben]


def test_a_rejected_account_never_is_booked_and_the_old_one_is(
    bakery: Division, arrive: Arrive, ada: User
) -> None:
    asking, known = arrive("N-1", NEW), arrive("N-2")
    case = IBANCase.objects.get()
    iban_cases.reject(case, by=ada, note="They know nothing of it.")
    work()
    assert stands(asking, known) == [HELD, (State.READY, "")]
    later = arrive("N-3", NEW)
    assert stands(later) == [HELD]
    reviewing.retry(Invoice.objects.get(pk=later.pk), by=ada)
    tasks.sweep()
    book(bakery)
    assert (stands(asking, later), entries()) == ([HELD, HELD], ["N-2"])


def test_an_account_of_a_factoring_company_is_accepted_as_such(
    bakery: Division, arrive: Arrive, ada: User, ben: User
) -> None:
    asking = arrive("N-1", NEW)
    case = IBANCase.objects.get()
    call(case, ada)
    iban_cases.accept(case, by=ben, is_factoring=True)
    work()
    assert stands(asking) == [(State.READY, "")]
    assert iban_cases.factoring() == {NEW}
    book(bakery)
    assert entries() == ["N-1"]


def test_lost_bells_cost_a_minute_and_nothing_else(
    bakery: Division, arrive: Arrive, ada: User, ben: User
) -> None:
    before, asking = arrive("N-1"), arrive("N-2", NEW)
    OrmQ.objects.all().delete()
    assert stands(before, asking) == [(State.READY, ""), HELD]
    book(bakery)  # the last guard: no bell came, and the minutes for undo passed
    assert (stands(before), entries()) == ([HELD], [])
    case = IBANCase.objects.get()
    call(case, ada)
    iban_cases.accept(case, by=ben)
    OrmQ.objects.all().delete()
    tasks.sweep()
    tasks.sweep()
    book(bakery)
    assert entries() == ["N-1", "N-2"]


def test_what_is_under_way_to_exact_is_not_called_back(bakery: Division, arrive: Arrive) -> None:
    sent = arrive("N-1")
    book(bakery)
    arrive("N-2", NEW)
    work()
    assert stands(sent) == [(State.DONE, "")]


@pytest.mark.parametrize(("mode", "state"), [(Mode.PILOT, State.READY), (Mode.PROPOSE, State.PROPOSED)])
def test_in_every_mode_it_waits_and_then_goes_on_as_that_mode_says(
    bakery: Division, arrive: Arrive, ada: User, ben: User, mode: str, state: str
) -> None:
    Administration.objects.filter(division=bakery).update(mode=mode)
    before, asking = arrive("N-1"), arrive("N-2", NEW)
    work()
    assert stands(before, asking) == [HELD, HELD]
    case = IBANCase.objects.get()
    call(case, ada)
    iban_cases.accept(case, by=ben)
    work()
    assert stands(before, asking) == [(state, ""), (state, "")]
    waits = set(Invoice.objects.values_list("waits_for", flat=True))
    assert waits == ({WaitsFor.PILOT} if mode == Mode.PILOT else {WaitsFor.NOTHING})
    book(bakery)
    assert entries() == []


def test_the_account_on_the_card_in_exact_meanwhile_still_waits_for_two_people(
    bakery: Division, arrive: Arrive, ada: User, ben: User
) -> None:
    asking = arrive("N-1", NEW)
    card = Relation.objects.get(division=bakery, code=CARD)
    (bank,) = [row for row in store.rows("crm/BankAccounts", BAKERY) if row.data["IBAN"] == OLD]
    new = {**bank.data, "ID": "11111111-2222-3333-4444-555555555555", "IBAN": NEW, "BankAccount": NEW}
    store.put("crm/BankAccounts", BAKERY, new)
    mirror.sync(bakery, ["bank_accounts"])
    assert BankAccount.objects.filter(relation=card.exact_id, iban=NEW).exists()
    reviewing.retry(Invoice.objects.get(pk=asking.pk), by=ada)
    assert stands(asking) == [HELD]
    case = IBANCase.objects.get()
    call(case, ada)
    iban_cases.accept(case, by=ben)
    work()
    assert (stands(asking), case.state) == ([(State.READY, "")], CaseState.ACCEPTED)
