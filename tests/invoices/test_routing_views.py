"""A choice that is remembered: the next one goes by itself, and what waits follows."""

from typing import Any

import pytest
from django.urls import reverse

from apps.clients.models import Administration
from apps.core.causes import Cause
from apps.intake.keeping import keep
from apps.intake.models import Channel, Evidence, Part, RoutingRule
from apps.invoices import tasks
from apps.invoices.models import Invoice, State
from apps.invoices.processing import process
from apps.people.models import Role, User
from tests import office
from tests.clients.factories import AdministrationIdentifierFactory, AssignmentFactory
from tests.intake.factories import AllowedSenderFactory, RoutingRuleFactory
from tests.intake.parties import invoice, party
from tests.invoices.conftest import Books, make_books

pytestmark = pytest.mark.django_db

VAT = "NL809561074B01"
UNITY = party("De Molen B.V.", vat=VAT)


def came_in(content: bytes, **arrival: Any) -> Invoice:
    receipt = keep([("factuur.xml", content)], channel=arrival.pop("channel", Channel.MAIL), **arrival)
    process(receipt.pk)
    return Invoice.objects.get(part__receipt=receipt)


@pytest.fixture
def sisters(db: None) -> list[Books]:
    """Two administrations with one VAT number."""
    found = [make_books(kvk="17131131"), make_books(kvk="17131132")]
    for books in found:
        AdministrationIdentifierFactory(administration=books.administration, kind="vat", value=VAT)
    return found


@pytest.fixture
def reviewer(sisters: list[Books]) -> User:
    return office.person(Role.REVIEWER, *(books.administration.client for books in sisters))


@pytest.fixture
def browser(reviewer: User) -> Any:
    return office.browser(reviewer)


def act(browser: Any, document: Invoice, verb: str, **data: Any) -> str:
    address = reverse("admin:invoices_invoice_act", args=(document.pk, verb))
    answer = browser.post(address, {"version": document.version, **data}, follow=True)
    document.refresh_from_db()
    return str(answer.content.decode())


def test_the_page_offers_those_that_are_possible_and_no_others(sisters: list[Books], browser: Any) -> None:
    other = make_books(kvk="17131133")
    document = came_in(invoice(UNITY))
    assert document.cause == Cause.SEVERAL_ADMINISTRATIONS
    page = browser.get(reverse("admin:invoices_invoice_change", args=(document.pk,))).content.decode()
    for books in sisters:
        assert f'name="candidate" value="{books.administration.pk}"' in page
    assert f'name="candidate" value="{other.administration.pk}"' not in page
    assert '<select name="administration"' not in page


def test_a_receiver_without_numbers_is_offered_to_whoever_has_its_name(browser: Any, reviewer: User) -> None:
    mine, theirs = make_books(kvk="1"), make_books(kvk="2")
    Administration.objects.filter(pk__in=(mine.administration.pk, theirs.administration.pk)).update(
        name="Bakkerij Zon BV"
    )
    AssignmentFactory(user=reviewer, client=mine.administration.client)
    document = came_in(invoice(party("Bakkerij Zon B.V.")))
    assert document.cause == Cause.NOT_OURS
    page = browser.get(reverse("admin:invoices_invoice_change", args=(document.pk,))).content.decode()
    assert f'name="candidate" value="{mine.administration.pk}"' in page
    assert f'name="candidate" value="{theirs.administration.pk}"' not in page
    assert '<select name="administration"' in page


def test_one_click_chooses_and_the_next_one_goes_by_itself(sisters: list[Books], browser: Any) -> None:
    chosen = sisters[1].administration
    first = came_in(invoice(UNITY))
    page = act(browser, first, "route", candidate=chosen.pk, remember=Evidence.RECEIVER)
    assert (first.administration, first.touched) == (chosen, True)
    rule = RoutingRule.objects.get()
    assert (rule.administration, rule.made_from) == (chosen, first.part)
    assert "de molen bv" in page
    second = came_in(invoice(UNITY, number="2"))
    assert (second.administration, second.touched, str(rule) in second.routing_why) == (chosen, False, True)


def test_without_remembering_the_next_one_waits_again(sisters: list[Books], browser: Any) -> None:
    act(browser, came_in(invoice(UNITY)), "route", candidate=sisters[0].administration.pk)
    assert not RoutingRule.objects.exists()
    assert came_in(invoice(UNITY, number="2")).state == State.ATTENTION


def test_a_clash_of_door_and_document_is_settled_once(sisters: list[Books], browser: Any) -> None:
    content = invoice(party("De Molen Holding B.V.", kvk="17131132", vat=VAT))
    by_door, by_number = (books.administration for books in sisters)
    arrival = {"channel": Channel.PEPPOL, "administration": by_door}
    first = came_in(content, **arrival)
    assert (first.cause, first.administration) == (Cause.SEVERAL_ADMINISTRATIONS, None)
    act(browser, first, "route", candidate=by_number.pk, remember=Evidence.RECEIVER)
    second = came_in(content.replace(b"2026-0042", b"2026-0043"), **arrival)
    assert second.administration == by_number


def test_what_waits_for_the_same_follows_the_rule(sisters: list[Books], browser: Any) -> None:
    chosen = sisters[0].administration
    waiting = [came_in(invoice(UNITY, number=str(n))) for n in range(3)]
    other = came_in(invoice(party("Iemand Anders", kvk="99887766"), number="9"))
    act(browser, waiting[0], "route", candidate=chosen.pk, remember=Evidence.RECEIVER)
    tasks.routing_changed()
    tasks.routing_changed()
    for document in waiting:
        document.refresh_from_db()
        assert document.administration == chosen
        assert Part.objects.get(pk=document.part_id).administration == chosen
    version = other.version
    other.refresh_from_db()
    assert (other.cause, other.version) == (Cause.NOT_OURS, version)


def test_no_rule_lets_in_mail_of_a_sender_that_an_administration_does_not_take(
    sisters: list[Books], browser: Any
) -> None:
    listed = sisters[0].administration
    AllowedSenderFactory(administration=listed, pattern="@leverancier.example")
    document = came_in(invoice(UNITY), sender="x@vreemd.example")
    RoutingRuleFactory(administration=listed, evidence=Evidence.SENDER, text="x@vreemd.example")
    tasks.routing_changed()
    document.refresh_from_db()
    assert (document.state, document.administration) == (State.ATTENTION, None)
    act(browser, document, "retry")
    assert document.administration == listed


def test_a_lost_bell_is_mended_by_the_sweeper(sisters: list[Books], browser: Any) -> None:
    waiting = came_in(invoice(UNITY, number="1"))
    act(browser, came_in(invoice(UNITY, number="2")), "route", candidate=sisters[0].administration.pk,
        remember=Evidence.RECEIVER)  # fmt: skip
    tasks.sweep()
    waiting.refresh_from_db()
    assert waiting.administration == sisters[0].administration


def test_trying_again_asks_the_rules_of_now(sisters: list[Books], browser: Any) -> None:
    document = came_in(invoice(UNITY), recipient="post@kantoor.example")
    RoutingRuleFactory(administration=sisters[1].administration, text="post@kantoor.example")
    act(browser, document, "retry")
    assert document.administration == sisters[1].administration


def test_a_rule_is_made_of_a_routed_document_and_taken_back(sisters: list[Books], browser: Any) -> None:
    home = sisters[0].administration
    document = came_in(invoice(party("De Molen B.V.", kvk="17131131")), sender="a@bakker.example")
    page = browser.get(reverse("admin:invoices_invoice_change", args=(document.pk,))).content.decode()
    assert f'name="remember" value="{Evidence.SENDER}"' in page
    act(browser, document, "remember", remember=Evidence.SENDER)
    rule = RoutingRule.objects.get()
    assert (rule.value, rule.administration, rule.is_active) == ("a@bakker.example", home, True)
    act(browser, document, "forget", rule=rule.pk)
    rule.refresh_from_db()
    assert not rule.is_active
    assert document.administration == home


def test_what_is_no_proposal_or_no_rule_of_this_document_is_refused(
    sisters: list[Books], browser: Any
) -> None:
    document = came_in(invoice(UNITY))
    other = RoutingRuleFactory(administration=sisters[0].administration)
    for verb, data in (
        ("route", {"candidate": sisters[0].administration.pk, "remember": "everything"}),
        ("route", {"candidate": ""}),
        ("remember", {"remember": Evidence.RECEIVER}),
        ("forget", {"rule": other.pk}),
    ):
        act(browser, document, verb, **data)
    other.refresh_from_db()
    assert (document.state, document.administration, other.is_active) == (State.ATTENTION, None, True)
    assert RoutingRule.objects.count() == 1
