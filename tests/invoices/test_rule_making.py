"""Rules made from a line."""

from datetime import timedelta
from typing import Any

import pytest

from apps.clients.models import ClientGroup
from apps.core import clock
from apps.invoices import rule_making
from apps.invoices.models import InvoiceLine, ValueSource
from apps.people.models import Role, User
from apps.rules.models import BookingRule, Replay
from tests import office
from tests.invoices.conftest import Books
from tests.invoices.pasts import our_own
from tests.rules.factories import RuleSplitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def reviewer(books: Books) -> User:
    return office.person(Role.REVIEWER, books.administration.client)


def by_hand(books: Books, code: str = "4000", text: str = "Touw, geslagen", **more: Any) -> InvoiceLine:
    line = our_own(books, code, text, **more)
    line.gl_source = ValueSource.PERSON
    line.save()
    return line


def found(line: InvoiceLine, user: User) -> dict[tuple[str, str], rule_making.Proposal]:
    row = InvoiceLine.objects.select_related("invoice__administration__client").get(pk=line.pk)
    return {(one.owner, one.kind): one for one in rule_making.proposals(row, user)}


def test_a_line_can_become_a_rule_by_supplier_text_item_and_commodity(books: Books, reviewer: User) -> None:
    line = by_hand(books)
    line.seller_item, line.commodity_code = "T-1", "56071000"
    line.save()
    here = {kind: one for (owner, kind), one in found(line, reviewer).items() if owner == "administration"}
    assert set(here) == {"supplier", "text", "item", "commodity"}
    assert here["supplier"].values["supplier_code"] == "10023"
    assert here["text"].values["text"] == "geslagen"
    assert here["item"].values["seller_item"] == "T-1"
    assert "supplier_code" not in here["commodity"].values
    assert here["text"].sentence == (
        "All purchases from supplier 10023 Anker en Touw B.V., with the word “geslagen” on the line"
        " → 4000 General costs, VAT as on the document"
    )


def test_only_administrators_rule_the_firm_and_cards_codes_stay_at_home(books: Books, reviewer: User) -> None:
    line = by_hand(books)
    assert {owner for owner, _kind in found(line, reviewer)} == {"administration", "client"}
    everything = found(line, office.person(Role.ADMINISTRATOR))
    assert everything["firm", "supplier"].values["vendor_key"] == "kvk 34567892"
    assert "supplier_code" not in everything["client", "supplier"].values
    line.invoice.vendor_key = "name anker"
    line.invoice.save()
    assert found(line, reviewer)["client", "supplier"].values["supplier_contains"] == "Anker en Touw B.V."


def test_it_saves_the_documents_on_which_a_person_chose_the_same(books: Books, reviewer: User) -> None:
    line = by_hand(books)
    for _document in range(4):
        by_hand(books)
    by_hand(books, text="Boei")
    by_hand(books, "4600")
    by_hand(books, received_at=clock.now() - timedelta(days=120))
    our_own(books)
    proposals = found(line, reviewer)
    assert proposals["administration", "supplier"].touches == 6
    assert proposals["administration", "text"].touches == 5
    assert proposals["administration", "supplier"].saves == "this rule would save 2 touches a month"
    assert proposals["client", "supplier"].touches == 6


def test_codes_that_a_person_chose_become_part_of_it(books: Books, reviewer: User) -> None:
    line = by_hand(books)
    line.cost_center, line.cost_center_source, line.vat_source = "K1", ValueSource.PERSON, ValueSource.TABLE
    line.save()
    values = found(line, reviewer)["administration", "supplier"].values
    assert values["cost_center"] == "K1"
    assert "vat_code" not in values


def test_without_a_supplier_or_an_account_there_is_none(books: Books, reviewer: User) -> None:
    assert found(by_hand(books, ""), reviewer) == {}
    assert found(by_hand(books, supplier=None), reviewer) == {}


def test_made_twice_is_once(books: Books, reviewer: User) -> None:
    proposal = found(by_hand(books), reviewer)["administration", "supplier"]
    first, second = (rule_making.make(proposal, by=reviewer) for _press in range(2))
    assert first == second
    assert first.history.get().history_user == reviewer
    other = found(by_hand(books), reviewer)["client", "supplier"]
    assert rule_making.make(other, by=reviewer) != first


def test_a_rule_that_is_switched_off_is_switched_on(books: Books, reviewer: User) -> None:
    proposal = found(by_hand(books), reviewer)["administration", "supplier"]
    rule = rule_making.make(proposal, by=reviewer)
    BookingRule.objects.update(active=False)
    assert rule_making.make(proposal, by=reviewer) == rule
    assert BookingRule.objects.get().active
    assert rule.history.count() == 2


@pytest.mark.parametrize("narrower", [{"text": "touw"}, {"amount_from": 100}, {"client_group": True}])
def test_a_narrower_rule_is_not_the_same(books: Books, reviewer: User, narrower: dict[str, Any]) -> None:
    owner = "firm" if "client_group" in narrower else "administration"
    person = office.person(Role.ADMINISTRATOR) if owner == "firm" else reviewer
    proposal = found(by_hand(books), person)[owner, "supplier"]
    values = {
        name: ClientGroup.objects.create(name="Horeca") if value is True else value
        for name, value in narrower.items()
    }
    other = BookingRule.objects.create(**{**proposal.values, **values})
    made = rule_making.make(proposal, by=person)
    assert made != other
    assert made.active


def test_a_rule_with_parts_is_not_the_same(books: Books, reviewer: User) -> None:
    proposal = found(by_hand(books), reviewer)["administration", "supplier"]
    split = RuleSplitFactory(rule=BookingRule.objects.create(**proposal.values), percentage=50)
    assert rule_making.make(proposal, by=reviewer) != split.rule


def test_the_page_makes_tries_and_fills_in(books: Books, reviewer: User) -> None:
    line = by_hand(books)
    browser, page = office.browser(reviewer), f"/invoices/invoice/rules/line/{line.pk}/"
    answer = browser.get(page)
    assert (
        "All purchases from supplier 10023 Anker en Touw B.V. → 4000 General costs" in answer.content.decode()
    )
    form = browser.get(answer.context["rows"][0][1]).content.decode()
    assert 'value="10023"' in form
    chosen = {"kind": "supplier", "owner": "administration"}
    answer = browser.post(page, {**chosen, "act": "try"}, follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"/replay/{Replay.objects.get().pk}/")
    assert not BookingRule.objects.exists()
    browser.post(page, {**chosen, "act": "make"})
    assert BookingRule.objects.get().supplier_code == "10023"
    assert browser.post(page, {**chosen, "owner": "firm", "act": "make"}).status_code == 404


def test_the_document_leads_there_for_who_makes_rules(books: Books, reviewer: User) -> None:
    line = by_hand(books)
    page = f"/invoices/invoice/{line.invoice_id}/change/"
    assert f"/rules/line/{line.pk}/" in office.browser(reviewer).get(page).content.decode()
    bookkeeper = office.browser(office.person(Role.BOOKKEEPER, books.administration.client))
    assert "/rules/line/" not in bookkeeper.get(page).content.decode()
    assert bookkeeper.get(f"/invoices/invoice/rules/line/{line.pk}/").status_code == 403


def test_another_clients_line_is_nobodys_business(books: Books) -> None:
    line = by_hand(books)
    stranger = office.browser(office.person(Role.REVIEWER))
    assert stranger.get(f"/invoices/invoice/rules/line/{line.pk}/").status_code == 404
