from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Division
from apps.preflight.gathering import gather
from apps.rules.scenario import Scenario
from tests.clients.factories import AdministrationFactory, ClientGroupFactory
from tests.exact.factories import (
    BankAccountFactory,
    GLAccountFactory,
    JournalFactory,
    LedgerLineFactory,
    RelationFactory,
    SyncStateFactory,
)
from tests.invoices.factories import InvoiceFactory, InvoiceLineFactory
from tests.rules.factories import BookingRuleFactory, VATTableFactory

pytestmark = pytest.mark.django_db


def test_without_a_division_nothing_is_known(books: Administration) -> None:
    facts = gather(books)
    assert not facts.user.is_linked
    assert facts.cards.count is None


def test_the_journal_is_judged_by_its_mirror(books: Administration, here: Division) -> None:
    assert gather(books).books.journal.exists is False
    JournalFactory(division=here, code="60", raw={"AllowVAT": False}, blocked=True)
    journal = gather(books).books.journal
    assert (journal.exists, journal.is_purchase, journal.is_blocked, journal.takes_vat) == (
        True,
        True,
        True,
        False,
    )


def test_a_scenario_that_came_in_without_a_code_is_lacking(books: Administration, here: Division) -> None:
    VATTableFactory(administration=books, scenario=Scenario.NL_HIGH, vat_code="4")
    invoice = InvoiceFactory(administration=books)
    InvoiceLineFactory(invoice=invoice, scenario=Scenario.EU_SERVICES)
    found = gather(books).books
    assert found.scenarios == (Scenario.EU_SERVICES, Scenario.NL_LOW)
    assert (found.blocked_codes, found.are_codes_read) == ((), False)  # nobody read which codes there are
    SyncStateFactory(division=here, resource="vat_codes", synced_at=clock.now())
    found = gather(books).books
    assert (found.blocked_codes, found.are_codes_read) == (("4",), True)


def test_blocked_accounts_are_found_in_settings_rules_and_cards(
    books: Administration, here: Division
) -> None:
    GLAccountFactory(division=here, code="1999", blocked=True)
    GLAccountFactory(division=here, code="4100", blocked=True)
    card = GLAccountFactory(division=here, code="4200", blocked=True)
    GLAccountFactory(division=here, code="4300")
    BookingRuleFactory(administration=books, gl_code="4100", name="Energy")
    BookingRuleFactory(administration=books, gl_code="4300")
    RelationFactory(division=here, name="Jansen", gl_account_purchase=card.exact_id)
    found = gather(books).books.accounts
    assert found[1:] == (("4100", "Energy"), ("4200", "Jansen"))
    assert found[0][0] == "1999"


def test_rules_of_the_firm_count_where_they_speak(books: Administration, here: Division) -> None:
    GLAccountFactory(division=here, code="4100", blocked=True)
    BookingRuleFactory(administration=None, gl_code="4100", name="Of the firm")
    BookingRuleFactory(
        administration=None, gl_code="4100", name="Of a group", client_group=ClientGroupFactory()
    )
    BookingRuleFactory(administration=AdministrationFactory(), gl_code="4100", name="Of others")
    assert gather(books).books.accounts == (("4100", "Of the firm"),)


def test_cards_are_compared_by_their_valid_numbers(books: Administration, here: Division) -> None:
    one = RelationFactory(division=here, chamber_of_commerce="34567892")
    two = RelationFactory(division=here, chamber_of_commerce="34.567.892", vat_number="NL004495445B01")
    for card in (one, two):
        BankAccountFactory(division=here, relation=card.exact_id, iban="NL41 RABO 0301 1223 34")
    RelationFactory(division=here, vat_number="none")
    RelationFactory(division=here, chamber_of_commerce="34567892", blocked=True)
    cards = gather(books).cards
    assert (cards.count, cards.bare) == (3, 1)
    assert cards.same["kvk"] == (("34567892", (str(one), str(two))),)
    assert cards.same["vat"] == ()
    assert [number for number, _names in cards.same["iban"]] == ["NL41RABO0301122334"]


def test_entries_of_the_last_month_that_are_not_ours_are_counted(
    books: Administration, here: Division
) -> None:
    LedgerLineFactory(division=here, type=30, booked_on=clock.today())
    LedgerLineFactory(division=here, type=30, booked_on=clock.today() - timedelta(days=40))
    LedgerLineFactory(division=here, type=20, booked_on=clock.today())
    assert gather(books).others.entries == 1


def test_the_number_of_queries_does_not_grow_with_the_cards(books: Administration, here: Division) -> None:
    RelationFactory(division=here)
    with CaptureQueriesContext(
        connection,
    ) as few:
        gather(books)
    for _each in range(20):
        card = RelationFactory(division=here)
        BankAccountFactory(division=here, relation=card.exact_id)
    with CaptureQueriesContext(connection) as many:
        gather(books)
    assert len(many) <= len(few) <= 25
