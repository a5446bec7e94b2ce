"""A new item is asked for by a person, written once, and becomes the answer to its question."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from apps.clients.models import Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import SyncState
from apps.items.models import ItemQuestion
from apps.orders import item_making, item_settling
from apps.orders.item_plans import NewItem, wrong_with
from apps.orders.models import ItemWrite
from apps.orders.refused import Refused
from apps.people.models import Role, User
from apps.posting.models import Method, Posting, PostingState
from tests import office
from tests.exact.factories import ItemFactory, ItemGroupFactory, SyncStateFactory
from tests.items.factories import ItemQuestionFactory
from tests.orders.buying import Buying, make_buying
from tests.orders.factories import ItemWriteFactory
from tests.people.factories import UserFactory

LIST = "/orders/purchaseorder/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEW = NewItem(
    code="NIEUW",
    description="Touw 14 mm",
    unit="pc",
    purchase_unit="box",
    factor=Decimal(12),
    price=Decimal(180),
)


@pytest.fixture
def buying(db: None) -> Buying:
    return make_buying()


@pytest.fixture
def person(db: None) -> User:
    made: User = UserFactory()
    return made


@pytest.fixture
def question(buying: Buying) -> ItemQuestion:
    made: ItemQuestion = ItemQuestionFactory(
        administration=buying.administration,
        supplier=buying.supplier.exact_id,
        seller_item="T-14",
        gtin="08712345678906",
    )
    return made


def test_an_item_and_its_link_are_planned(question: ItemQuestion, person: User, buying: Buying) -> None:
    group = ItemGroupFactory(division=buying.division)
    write = item_making.make(question, replace(NEW, group=str(group.exact_id)), by=person)
    posting = write.posting
    item, link = posting.plan["steps"]
    assert (posting.method, posting.state) == (Method.ITEM, PostingState.WAITING)
    assert item["payload"] == {
        "Code": "NIEUW",
        "Description": "Touw 14 mm",
        "Unit": "pc",
        "ItemGroup": str(group.exact_id),
        "Barcode": "8712345678906",
        "IsPurchaseItem": True,
        "IsFractionAllowedItem": False,
        "SearchCode": posting.reference,
    }
    assert link["needs"] == {"Item": "item"}
    assert (link["payload"]["SupplierItemCode"], link["payload"]["PurchaseUnit"]) == ("T-14", "box")
    assert (link["payload"]["PurchaseUnitFactor"], link["payload"]["PurchasePrice"]) == (12.0, 180.0)
    assert link["payload"]["Currency"] == "EUR"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("code", {"code": " "}),
        ("code", {"code": "TOUW12"}),
        ("code", {"code": "X" * 31}),
        ("description", {"description": ""}),
        ("unit", {"unit": "kg"}),
        ("purchase_unit", {"purchase_unit": "kg"}),
        ("group", {"group": "nothing"}),
        ("group", {"group": str(uuid4())}),
        ("vat_code", {"vat_code": "NO"}),
        ("factor", {"factor": Decimal(0)}),
        ("price", {"price": None}),
        ("price", {"price": Decimal(-1)}),
    ],
)
def test_what_exact_would_refuse_is_not_sent(
    buying: Buying, question: ItemQuestion, person: User, field: str, values: dict[str, Any]
) -> None:
    wrong = replace(NEW, **values)
    assert field in wrong_with(wrong, buying.division)
    with pytest.raises(Refused):
        item_making.make(question, wrong, by=person)
    assert not Posting.objects.exists()


def test_one_item_is_made_at_a_time(buying: Buying, question: ItemQuestion, person: User) -> None:
    item_making.make(question, NEW, by=person)
    other = ItemQuestionFactory(administration=buying.administration, supplier=buying.supplier.exact_id)
    for asked in (question, other):
        with pytest.raises(Refused, match="already"):
            item_making.make(asked, NEW, by=person)


def test_on_pilot_and_once_answered_nothing_is_made(
    buying: Buying, question: ItemQuestion, person: User
) -> None:
    assert item_making.hindrance(buying.administration) == ""
    question.administration.mode = Mode.PILOT
    with pytest.raises(Refused, match="pilot"):
        item_making.make(question, NEW, by=person)
    question.administration.mode = Mode.PROPOSE
    question.answered_at = clock.now()
    with pytest.raises(Refused, match="colleague"):
        item_making.make(question, NEW, by=person)


def test_what_exact_refused_is_mended_and_sent_again(question: ItemQuestion, person: User) -> None:
    write = item_making.make(question, NEW, by=person)
    write.posting.refuse(cause=Cause.REJECTED_BY_EXACT, words="Omschrijving: ongeldig")
    assert ItemWrite.objects.get().is_refused
    assert "Omschrijving" in ItemWrite.objects.get().sentence
    again = item_making.make(question, replace(NEW, description="Touw"), by=person)
    assert (again.pk, again.posting.state) == (write.pk, PostingState.WAITING)
    assert again.posting.plan["steps"][0]["payload"]["Description"] == "Touw"


def made(write: ItemWrite, buying: Buying) -> None:
    """Exact has the item, and our mirrors were read since."""
    write.posting.finish(exact_id=str(uuid4()), number="NIEUW", url="", adopted=False)
    for name in ("items", "supplier_items"):
        SyncStateFactory(division=buying.division, resource=name, synced_at=clock.now())


def test_the_new_item_is_the_answer_once_the_mirror_has_it(
    buying: Buying, question: ItemQuestion, person: User
) -> None:
    write = item_making.make(question, NEW, by=person)
    assert item_settling.settle() == 0
    made(write, buying)
    ItemFactory(division=buying.division, exact_id=write.posting.exact_id, code="NIEUW")
    assert item_settling.settle(buying.division.pk) == 1
    question.refresh_from_db()
    assert (str(question.item), question.answered_by) == (str(write.posting.exact_id), person)
    assert item_settling.settle() == 0
    assert "in Exact" in ItemWrite.objects.get().sentence


def test_a_mirror_that_is_behind_is_waited_for(buying: Buying, question: ItemQuestion, person: User) -> None:
    write = item_making.make(question, NEW, by=person)
    made(write, buying)
    SyncState.objects.update(synced_at=clock.now() - clock.now().resolution * 10**9)
    assert item_settling.settle() == 0
    assert "being read" in ItemWrite.objects.get().sentence


def test_an_item_that_is_gone_again_leaves_a_remark(
    buying: Buying, question: ItemQuestion, person: User
) -> None:
    made(item_making.make(question, NEW, by=person), buying)
    assert item_settling.settle() == 1
    assert ItemWrite.objects.get().remark
    assert set(ItemWrite.objects.last_of([question])) == {question.pk}


def test_what_was_refused_ends_when_its_question_is_answered_otherwise(
    question: ItemQuestion, person: User
) -> None:
    write = item_making.make(question, NEW, by=person)
    write.posting.refuse(cause=Cause.REJECTED_BY_EXACT, words="no")
    assert item_settling.settle() == 0
    ItemQuestion.objects.update(answered_at=clock.now(), item=uuid4())
    assert item_settling.settle() == 1
    assert ItemWrite.objects.last_of([question]) == {}


def test_an_item_that_was_made_for_nothing_is_told(
    buying: Buying, question: ItemQuestion, person: User
) -> None:
    write = item_making.make(question, NEW, by=person)
    write.posting.keep("item", state="done", id=str(uuid4()))
    write.posting.refuse(cause=Cause.REJECTED_BY_EXACT, words="no")
    assert not ItemWrite.objects.all().to_tidy()
    ItemQuestion.objects.update(answered_at=clock.now(), item=uuid4())
    assert item_settling.settle() == 1
    assert "NIEUW" in ItemWrite.objects.get().remark
    assert list(ItemWrite.objects.all().to_tidy()) == [write]
    page = office.browser(office.person(Role.ADMINISTRATOR)).get(LIST).content.decode()
    assert "another one was chosen" in page


def test_one_that_was_linked_and_not_chosen_is_told_as_well(
    buying: Buying, question: ItemQuestion, person: User
) -> None:
    write = item_making.make(question, NEW, by=person)
    made(write, buying)
    ItemFactory(division=buying.division, exact_id=write.posting.exact_id, code="NIEUW")
    ItemQuestion.objects.update(answered_at=clock.now(), item=uuid4())
    assert item_settling.settle() == 1
    assert list(ItemWrite.objects.all().to_tidy()) == [write]


def test_a_row_is_seen_with_its_administration(person: User) -> None:
    write = ItemWriteFactory()
    assert list(ItemWrite.objects.all().visible_to(UserFactory(role="administrator"))) == [write]
