"""Collective vendors and shared domains in the admin."""

from typing import Any

import pytest
from django.urls import reverse

from apps.people.models import Role
from apps.vendors.models import CollectiveVendor, SharedDomain
from tests import office
from tests.exact.factories import RelationFactory
from tests.office import Books
from tests.vendors.factories import CollectiveVendorFactory, QuestionFactory, SharedDomainFactory

pytestmark = pytest.mark.django_db

ADD, DOMAINS = "/vendors/collectivevendor/add/", "/vendors/shareddomain/"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def reviewer(books: Books) -> Any:
    return office.browser(office.person(Role.REVIEWER, books.client))


def fuel(books: Books, **values: Any) -> dict[str, Any]:
    return {
        "administration": books.administration.pk,
        "name": "Fuel",
        "words": "Shell\n@shell.nl",
        "supplier": books.relation.code,
        "active": "on",
        **values,
    }


def test_a_collective_vendor_keeps_the_supplier_that_was_typed(books: Books, reviewer: Any) -> None:
    assert reviewer.post(ADD, fuel(books)).status_code == 302
    made = CollectiveVendor.objects.get(name="Fuel")
    assert (made.supplier, made.supplier_name) == (books.relation.exact_id, books.relation.name)
    assert made.history.get().history_user.role == Role.REVIEWER
    page = reverse("admin:vendors_collectivevendor_change", args=(made.pk,))
    assert f"{books.relation.code} {books.relation.name}" in reviewer.get(page).content.decode()
    other = RelationFactory(division=books.division, name="Fuel of all kinds")
    assert reviewer.post(page, fuel(books, supplier="of all kinds")).status_code == 302
    made.refresh_from_db()
    assert (made.supplier, made.supplier_name) == (other.exact_id, "Fuel of all kinds")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"words": "BP\nShell"}, "too short"),
        ({"words": "@gmail.com"}, "Many vendors write from gmail.com"),
        ({"words": "@portal.example"}, "Many vendors write from portal.example"),
        ({"words": " \n "}, "required"),
        ({"supplier": "nobody"}, "No supplier of this administration"),
        ({"supplier": "blocked"}, "is blocked in Exact"),
        ({"name": "Twice"}, "already exists"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    values: dict[str, str], words: str, books: Books, reviewer: Any
) -> None:
    SharedDomainFactory(domain="portal.example")
    RelationFactory(division=books.division, code="blocked", blocked=True)
    CollectiveVendorFactory(administration=books.administration, name="Twice")
    answer = reviewer.post(ADD, fuel(books, **values))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not CollectiveVendor.objects.filter(name="Fuel").exists()


def test_a_rule_whose_supplier_is_gone_can_be_put_out_of_use_but_not_kept(
    books: Books, reviewer: Any
) -> None:
    made = CollectiveVendorFactory(
        administration=books.administration, name="Fuel", supplier_name="Gone B.V."
    )
    page = reverse("admin:vendors_collectivevendor_change", args=(made.pk,))
    assert reviewer.post(page, fuel(books, supplier="Gone B.V.")).status_code == 200
    assert reviewer.post(page, fuel(books, supplier="Gone B.V.", active="")).status_code == 302
    made.refresh_from_db()
    assert (made.active, made.supplier_name) == (False, "Gone B.V.")


def test_an_administration_of_another_client_is_no_choice(books: Books, reviewer: Any) -> None:
    other = office.books("Zwijgzaam")
    assert "Zwijgzaam" not in reviewer.get(ADD).content.decode()
    answer = reviewer.post(ADD, fuel(books, administration=other.administration.pk))
    assert answer.status_code == 200
    assert "Zwijgzaam" not in answer.content.decode()


def test_a_bookkeeper_reads_the_lists_and_changes_none(books: Books) -> None:
    bookkeeper = office.browser(office.person(Role.BOOKKEEPER, books.client))
    assert bookkeeper.get(ADD).status_code == 403
    assert bookkeeper.get(f"{DOMAINS}add/").status_code == 403
    assert bookkeeper.get(DOMAINS).status_code == 200
    made = CollectiveVendorFactory(administration=books.administration, supplier_name="Pump and Son")
    page = reverse("admin:vendors_collectivevendor_change", args=(made.pk,))
    shown = bookkeeper.get(page)
    assert shown.status_code == 200
    assert "Pump and Son" in shown.content.decode()
    assert str(made.supplier) not in shown.content.decode()
    assert bookkeeper.post(page, fuel(books)).status_code == 403


def test_a_shared_domain_is_kept_bare_and_the_products_own_list_is_shown(reviewer: Any) -> None:
    values = {"domain": "https://WWW.Portal.example/x", "kind": "platform", "note": ""}
    assert reviewer.post(f"{DOMAINS}add/", values).status_code == 302
    assert SharedDomain.objects.get().domain == "portal.example"
    assert SharedDomain.objects.get().history.get().history_user.role == Role.REVIEWER
    shown = reviewer.get(DOMAINS).content.decode()
    assert "portal.example" in shown
    assert "moneybird.com" in shown


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("nl", "alone is none"),
        ("co.uk", "alone is none"),
        ("info@gmail.com", "own list already"),
        ("@portal.example", "already exists"),
    ],
)
def test_a_domain_that_cannot_be_is_refused(domain: str, words: str, reviewer: Any) -> None:
    SharedDomainFactory(domain="portal.example")
    answer = reviewer.post(f"{DOMAINS}add/", {"domain": domain, "kind": "freemail"})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert SharedDomain.objects.count() == 1


@pytest.mark.parametrize("address", [ADD, f"{DOMAINS}add/"])
def test_what_waits_for_its_vendor_is_looked_at_again(
    address: str, books: Books, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    monkeypatch.setattr("apps.core.queue.ring", lambda *call: heard.append(call))
    QuestionFactory(administration=books.administration, identity="domain portal.example")
    QuestionFactory(identity="domain elsewhere.example")
    sent = fuel(books) if address == ADD else {"domain": "portal.example", "kind": "platform"}
    assert reviewer.post(address, sent).status_code == 302
    assert heard == [("mappings_adopted", books.administration.pk)]
