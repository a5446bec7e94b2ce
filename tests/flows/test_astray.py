"""Stories of money that must not go astray: doubles in disguise, ended pilots, mappings to one card."""

import pytest
from pytest_django import Settings

from apps.clients.models import Administration, Mode
from apps.core.causes import Cause
from apps.exact.models import Division, LedgerLine, Relation
from apps.intake.keeping import keep
from apps.invoices import reviewing
from apps.invoices.management.commands.deliver import deliver_patiently
from apps.invoices.models import Invoice, State, WaitsFor
from apps.invoices.processing import process
from apps.posting.models import Posting
from tests.flows.conftest import TakeIn
from tests.invoices.documents import anonymous
from tests.people.factories import UserFactory


@pytest.fixture(autouse=True)
def _nothing_is_awaited(settings: Settings) -> None:
    settings.SETTLE_SECONDS = 0


def test_two_senders_on_one_card_with_one_number_and_amount_do_not_swallow_each_other(
    bakery: Division,
) -> None:
    first, second = (nameless(bakery, name) for name in ("Kiosk Noord", "Kiosk Zuid"))
    card = Relation.objects.filter(division=bakery, is_supplier=True, blocked=False).exclude(
        gl_account_purchase=None
    )[0]
    LedgerLine.objects.filter(division=bakery, relation=card.exact_id).delete()  # no amount is unusual
    for invoice in (first, second):
        assert invoice.question
        reviewing.map_vendor(invoice.question, card, by=UserFactory(role="administrator"))
    deliver_patiently(bakery)
    ends = sorted(invoice.state for invoice in Invoice.objects.all())
    assert ends == [State.ATTENTION, State.DONE]
    waiting = Invoice.objects.get(state=State.ATTENTION)
    assert waiting.cause == Cause.POSSIBLE_DOUBLE
    assert Posting.objects.filter(exact_id__isnull=False).count() == 1


def nameless(division: Division, name: str) -> Invoice:
    """Take in an invoice of a sender without a single number."""
    assert division.administration
    ours = division.administration.identifiers.get(kind="kvk").value
    content = anonymous(vendor=name, receiver=ours)
    receipt = keep([(f"{name}.xml", content)], channel="upload", administration=division.administration)
    process(receipt.pk)
    return Invoice.objects.get(part__receipt=receipt)


def test_what_waited_for_a_pilot_goes_on_when_the_pilot_ends(bakery: Division, take_in: TakeIn) -> None:
    Administration.objects.filter(division=bakery).update(mode=Mode.PILOT)
    (invoice,) = take_in("01-zwaluw-bloem.xml")
    assert (invoice.state, invoice.waits_for) == (State.READY, WaitsFor.PILOT)
    Administration.objects.filter(division=bakery).update(mode=Mode.PROPOSE)
    process()
    invoice.refresh_from_db()
    assert (invoice.state, invoice.waits_for) == (State.PROPOSED, "")
