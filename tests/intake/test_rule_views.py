"""The pages of routing rules, and the test box."""

from typing import Any

import pytest
from django.urls import reverse

from apps.intake.models import Comparison, Evidence, RoutingRule
from apps.people.models import Role
from tests import office
from tests.bells import calls, forget, rung
from tests.clients.factories import AdministrationIdentifierFactory
from tests.intake.factories import RoutingRuleFactory
from tests.intake.parties import invoice, party
from tests.invoices.conftest import read_in
from tests.office import Books

pytestmark = pytest.mark.django_db

TRY = "/intake/routingrule/try/"
KVK = "17131139"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


@pytest.fixture
def reviewing(books: Books) -> Any:
    return office.browser(office.person(Role.REVIEWER, books.client))


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_box_says_where_something_goes_and_why(books: Books, browser: Any) -> None:
    AdministrationIdentifierFactory(administration=books.administration, kind="kvk", value=KVK)
    page = text(browser.get(TRY, {"number": KVK}))
    assert "This would go to: Ooievaar B.V." in page
    assert KVK in page


def test_the_box_names_the_rules_that_hit(books: Books, browser: Any) -> None:
    RoutingRuleFactory(administration=books.administration, text="post@kantoor.example")
    page = text(browser.get(TRY, {"recipient": "Post@Kantoor.example"}))
    assert "This would go to: Ooievaar B.V." in page
    assert "What is sent to “post@kantoor.example”" in page


def test_the_box_says_nothing_of_another_client(books: Books, browser: Any) -> None:
    theirs = office.books("Zwijgzaam")
    AdministrationIdentifierFactory(administration=theirs.administration, kind="kvk", value=KVK)
    RoutingRuleFactory(administration=theirs.administration, text="post@kantoor.example")
    page = text(browser.get(TRY, {"number": KVK, "recipient": "post@kantoor.example"}))
    assert "Zwijgzaam" not in page
    assert "that you do not work for" in page


def test_a_part_is_read_again(books: Books, browser: Any) -> None:
    received = read_in(invoice(party("Nieuw B.V.")), administration=books.administration)
    assert "This would go to: Ooievaar B.V." in text(browser.get(TRY, {"part": received.part.pk}))
    broken = read_in(b"<x", administration=books.administration)
    assert "This would go" not in text(browser.get(TRY, {"part": broken.part.pk}))
    elsewhere = office.books("Zwijgzaam")
    hidden = elsewhere.invoices["vendor"].part_id
    assert "There is no part with this number." in text(browser.get(TRY, {"part": hidden}))


@pytest.mark.parametrize(
    "values",
    [{"number": "x" * 100}, {"number": "0106:"}, {"part": "²"}, {"text": "\x00"}, {"order_number": "%"}],
)
def test_the_box_takes_whatever_is_typed(browser: Any, values: dict[str, str]) -> None:
    text(browser.get(TRY, values))


def test_a_bookkeeper_makes_rules_from_documents_only(books: Books, browser: Any) -> None:
    assert browser.get(reverse("admin:intake_routingrule_changelist")).status_code == 200
    assert browser.get(reverse("admin:intake_routingrule_add")).status_code == 403
    rule = RoutingRuleFactory(administration=books.administration)
    change = reverse("admin:intake_routingrule_change", args=[rule.pk])
    assert browser.post(change, {"value": "fac"}).status_code == 403


def test_a_rule_made_by_hand_is_kept_in_its_normal_form(books: Books, reviewing: Any) -> None:
    forget()
    answer = reviewing.post(
        reverse("admin:intake_routingrule_add"),
        {
            "evidence": Evidence.RECEIVER,
            "comparison": Comparison.EQUALS,
            "value": "Stichting  De Zon",
            "administration": books.administration.pk,
            "is_active": "on",
        },
    )
    assert answer.status_code == 302
    rule = RoutingRule.objects.get(evidence=Evidence.RECEIVER)
    assert rule.value == "de zon stichting"
    assert rule.made_by
    assert rule.made_at
    assert rung() == calls("routing_changed")


def test_a_rule_that_would_hit_everything_or_is_for_another_client_is_refused(
    books: Books, reviewing: Any
) -> None:
    theirs = office.books("Zwijgzaam")
    count = RoutingRule.objects.count()
    for comparison, value, administration in (
        (Comparison.CONTAINS, "ab", books.administration.pk),
        (Comparison.EQUALS, "post@kantoor.example", theirs.administration.pk),
    ):
        answer = reviewing.post(
            reverse("admin:intake_routingrule_add"),
            {
                "evidence": Evidence.SENDER,
                "comparison": comparison,
                "value": value,
                "administration": administration,
                "is_active": "on",
            },
        )
        assert answer.status_code == 200
    assert RoutingRule.objects.count() == count


def test_rules_are_switched_from_the_list(books: Books, reviewing: Any) -> None:
    rule = RoutingRuleFactory(administration=books.administration)
    for action, on in (("switch_off", False), ("switch_on", True)):
        reviewing.post(
            reverse("admin:intake_routingrule_changelist"),
            {"action": action, "_selected_action": [rule.pk]},
        )
        rule.refresh_from_db()
        assert rule.is_active is on


@pytest.mark.parametrize("address", ["intake_routingrule", "intake_part"])
def test_a_list_costs_the_same_at_any_size(
    books: Books, reviewing: Any, address: str, django_assert_max_num_queries: Any
) -> None:
    RoutingRuleFactory.create_batch(30, administration=books.administration)
    with django_assert_max_num_queries(20):
        text(reviewing.get(reverse(f"admin:{address}_changelist")))


def test_other_post_and_what_was_rejected_are_two_lists(books: Books, reviewing: Any) -> None:
    address = reverse("admin:intake_part_changelist")
    other, rejected = text(reviewing.get(address)), text(reviewing.get(address, {"stage": "rejected"}))
    assert ("Ooievaar-herinnering.pdf" in other, "Ooievaar-kapot.xml" in other) == (True, False)
    assert ("Ooievaar-herinnering.pdf" in rejected, "Ooievaar-kapot.xml" in rejected) == (False, True)
    assert "Ooievaar-done" not in other + rejected
    narrowed = text(reviewing.get(address, {"kind__exact": "order"}))
    assert "Ooievaar-herinnering.pdf" not in narrowed
