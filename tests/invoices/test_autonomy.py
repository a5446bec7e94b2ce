"""Steps of a vendor: guarded, counted once, one after another, and what is proposed when it is switched on."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from apps.clients.models import Mode
from apps.core import clock
from apps.exact.models import LedgerLine
from apps.invoices import autonomy
from apps.invoices.autonomy import StepRefused
from apps.invoices.models import Autonomy, Held, Invoice, InvoiceLine, Level, State
from apps.invoices.own_past import amounts_of
from apps.people.models import Role, User
from tests import office
from tests.exact.factories import LedgerLineFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import xml
from tests.invoices.pasts import our_own
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def books() -> Books:
    return make_books(mode=Mode.PROPOSE)


@pytest.fixture
def person() -> User:
    user: User = UserFactory(role=Role.REVIEWER)
    return user


def stands(books: Books, **values: Any) -> Autonomy:
    common = {"supplier_name": books.supplier.name, "changed_at": clock.now(), "level": Level.OFFERED}
    more = {"untouched": 3, "scenarios": ["nl_high"]}
    key = {"administration": books.administration, "supplier": books.supplier.exact_id}
    row: Autonomy = Autonomy.objects.create(**{**key, **common, **more, **values})
    return row


def booked(books: Books, times: int, gross: str = "121.00") -> Invoice:
    line: InvoiceLine | None = None
    for _time in range(times):
        line = our_own(books, gross=Decimal(gross), accepted_by=UserFactory())
    assert line is not None
    return line.invoice


def test_without_enough_bookings_a_person_looks(books: Books) -> None:
    booked(books, 3)
    stands(books, level=Level.AUTOMATIC)
    invoice = coded(xml(number="N-4"))
    assert invoice.state == State.PROPOSED
    assert "not enough bookings yet to know what is usual" in invoice.proposed_because
    assert Autonomy.objects.get().level == Level.AUTOMATIC


def test_own_bookings_that_the_ledger_does_not_show_yet_count(books: Books) -> None:
    gross = coded(xml(number="N-0")).gross
    booked(books, 5, str(gross))
    stands(books, level=Level.AUTOMATIC)
    assert coded(xml(number="N-6")).state == State.READY


def test_an_amount_of_its_own_is_enough(books: Books) -> None:
    stands(books, level=Level.AUTOMATIC, up_to=Decimal(10_000))
    assert coded(xml(number="N-1")).state == State.READY


def test_a_booking_in_the_mirror_counts_once(books: Books) -> None:
    entry = uuid4()
    our_own(books, entry=entry, gross=Decimal(121))
    our_own(books, gross=Decimal(100), currency="USD", rate=Decimal("0.5"))
    our_own(books, gross=Decimal(100), currency="USD")
    LedgerLineFactory(
        division=books.division,
        entry_id=entry,
        type=30,
        relation=books.supplier.exact_id,
        amount=Decimal(-130),
        date=clock.today() - timedelta(days=1),
    )
    assert LedgerLine.objects.count() == 1
    found = amounts_of(books.division, books.supplier.exact_id)
    assert found == [Decimal(130), Decimal(50)]


def test_twice_the_largest_booking_is_proposed_rounded_up(books: Books, person: User) -> None:
    booked(books, 2)
    booked(books, 1, "96.40")
    row = stands(books)
    assert autonomy.proposed_limit(row) == Decimal(250)
    office_person = office.person(Role.REVIEWER, books.administration.client)
    page = office.browser(office_person).get(f"/invoices/autonomy/{row.pk}/change/").content.decode()
    assert 'value="250"' in page


def test_without_a_booking_nothing_is_proposed(books: Books) -> None:
    assert autonomy.proposed_limit(stands(books)) is None


def test_switched_on_in_bulk_each_gets_the_amount_that_its_page_proposes(books: Books) -> None:
    booked(books, 3)
    rows = [stands(books), stands(books, supplier=uuid4(), level=Level.PROPOSING, supplier_name="Too early")]
    browser = office.browser(office.person(Role.REVIEWER, books.administration.client))
    form = {"action": "switch_on", "_selected_action": [row.pk for row in rows]}
    text = browser.post("/invoices/autonomy/", form, follow=True).content.decode()
    assert "Done with 1 vendor." in text
    assert "Too early: This vendor did not earn it yet" in text
    rows[0].refresh_from_db()
    assert (rows[0].level, rows[0].up_to) == (Level.AUTOMATIC, Decimal(250))
    for act in ("switch_off", "start_again"):
        browser.post("/invoices/autonomy/", {**form, "action": act})
    assert {row.held for row in Autonomy.objects.all()} == {Held.FELL}


def test_who_may_only_look_switches_nothing(books: Books) -> None:
    row = stands(books)
    browser = office.browser(office.person(Role.PARTNER, books.administration.client))
    browser.post("/invoices/autonomy/", {"action": "switch_on", "_selected_action": [row.pk]})
    assert browser.post(f"/invoices/autonomy/{row.pk}/step/on/").status_code == 403
    row.refresh_from_db()
    assert row.level == Level.OFFERED


def test_two_at_once_do_a_step_once_each_on_what_is_there(books: Books, person: User) -> None:
    row = stands(books)
    other = Autonomy.objects.get(pk=row.pk)  # opened before the first one pressed
    autonomy.start_again(row, by=person)
    with pytest.raises(StepRefused):
        autonomy.switch_on(other, by=person)
    assert Autonomy.objects.get().level == Level.PROPOSING
    assert Autonomy.objects.get().history.count() == 2


def test_the_same_step_twice_is_one_row_of_history(books: Books, person: User) -> None:
    row = stands(books)
    for _press in range(2):
        autonomy.switch_off(row, by=person)
    assert row.history.count() == 2


def test_a_fall_twice_is_one_fall(books: Books) -> None:
    stands(books, level=Level.AUTOMATIC)
    key = (books.administration, books.supplier.exact_id, books.supplier.name)
    assert autonomy.fall_back(*key, why="an unusual amount")
    assert not autonomy.fall_back(*key, why="an unusual amount")
    assert Autonomy.objects.get().history.count() == 2


def test_a_booking_counts_once_whoever_counts_it(books: Books) -> None:
    invoice = booked(books, 1)
    stale = Invoice.objects.get(pk=invoice.pk)
    for one in (invoice, stale, invoice):
        autonomy.count(one)
    assert Autonomy.objects.get().untouched == 1


@pytest.mark.parametrize("values", [{"accepted_by": None}, {"outcome": "handed_over"}, {"adopted": True}])
def test_what_nobody_looked_at_or_we_did_not_book_is_not_counted(
    books: Books, values: dict[str, Any]
) -> None:
    line = our_own(books, **{"accepted_by": UserFactory(), **values})
    autonomy.count(line.invoice)
    assert not Autonomy.objects.exists()


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-5)])
def test_an_amount_up_to_which_is_more_than_nothing(books: Books, person: User, amount: Decimal) -> None:
    with pytest.raises(StepRefused):
        autonomy.switch_on(stands(books), by=person, up_to=amount)
