"""From the network to Exact: an order that a sender puts into Peppol is read, accepted and made there once."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from apps.econnect import hooks, parties
from apps.econnect.models import Account, Family, Inbound, Party, Stage
from apps.econnect.registration import default_account
from apps.exact.models import Division
from apps.intake.models import Channel
from apps.intake.tasks import fetch_peppol
from apps.orders.models import State
from apps.sandbox import switches, time
from apps.sandbox.econnect import network
from tests.flows.arriving import by_upload, work
from tests.flows.ordering import accept, is_done_and_found_again, person
from tests.flows.purchasing import Order as Meant
from tests.flows.purchasing import card, in_exact, is_posted_as_meant, offers, order, stored, wish

pytestmark = pytest.mark.django_db

MILL = "10001"


@pytest.fixture
def party(bakery: Division) -> Party:
    """The bakery at eConnect, linked as it was proposed."""
    switches.change(minute_limit=10_000)
    made: Account = default_account()
    parties.refresh(made)
    hooks.register(made)
    assert parties.link_proposed(Party.objects.all()) >= 1
    return Party.objects.get(administration=bakery.administration)


@pytest.fixture
def browser(party: Party) -> Browser:
    return person()


def meant() -> Meant:
    mill = card(MILL)
    return order(mill, "BGA-P1", *(wish(one, number) for number, one in enumerate(offers(mill)[:4])))


def received(party: Party, content: bytes, times: int = 1) -> None:
    """Let the network bring an order, and tell of it `times`; it is taken off there once it is kept here."""
    key = network.send(party.party_id, content, family="order")
    for _more in range(times - 1):
        network.tell_again(key)
    for _minute in range(3):
        network.deliver_due()
        fetch_peppol()
        work()
        time.advance(timedelta(minutes=1))


@pytest.mark.parametrize("times", [1, 3])
def test_an_order_from_the_network_is_made_in_exact_once(browser: Browser, party: Party, times: int) -> None:
    wanted = meant()
    received(party, wanted.ubl(), times)
    inbound, ours = Inbound.objects.get(), stored(wanted.number)
    assert (inbound.family, inbound.stage, ours.state) == (Family.ORDER, Stage.REMOVED, State.PROPOSED), (
        ours.detail
    )
    assert (ours.part.receipt.channel, ours.administration) == (Channel.PEPPOL, party.administration)
    accept(browser, wanted.number)
    is_posted_as_meant(wanted, wanted.ubl(), ours.part.filename)
    is_done_and_found_again(browser, wanted.number, wanted.ubl())


def test_the_same_order_by_the_network_and_as_a_file_is_one(browser: Browser, party: Party) -> None:
    wanted = meant()
    received(party, wanted.ubl())
    by_upload(browser, wanted.ubl().replace(b"><", b">\n<"), "copy.xml")
    accept(browser, wanted.number)
    assert len(in_exact(wanted.number)) == 1
