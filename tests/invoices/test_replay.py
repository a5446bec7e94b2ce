"""A rule tried on the last twelve months."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import regex
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.clients.models import Administration
from apps.core import clock, leases, queue
from apps.invoices import replay, tasks
from apps.invoices.models import InExact
from apps.invoices.replay_past import usual_codes, year_until
from apps.people.models import Role, User
from apps.rules.models import BookingRule, Replay
from apps.rules.replay_spec import spec_of
from apps.rules.words import TextMatch
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import (
    DivisionFactory,
    GLAccountFactory,
    ItemFactory,
    ItemGroupFactory,
    SupplierItemFactory,
)
from tests.invoices.conftest import Books, make_books
from tests.invoices.pasts import in_ledger, more_accounts, our_own
from tests.rules.factories import BookingRuleFactory

pytestmark = pytest.mark.django_db
COUNTS = ("looked_at", "agrees", "differs", "changes", "cannot_say", "not_concerned")


@pytest.fixture
def person(books: Books) -> User:
    more_accounts(books, "4510", "4600")
    return office.person(Role.REVIEWER, books.administration.client)


def asked(by: User, **values: Any) -> Replay:
    rule = BookingRule(**{"name": "Tried", "supplier_contains": "anker", "gl_code": "4000", **values})
    return replay.ask(spec_of(rule, []), rule=None, by=by)


def tried(by: User, **values: Any) -> Replay:
    found = asked(by, **values)
    replay.run(found.pk)
    found.refresh_from_db()
    assert found.finished_at is not None
    assert found.total == found.looked_at
    assert found.looked_at == found.agrees + found.differs + found.cannot_say + found.not_concerned
    return found


def counts(found: Replay) -> dict[str, int]:
    return {name: getattr(found, name) for name in COUNTS if getattr(found, name)}


def test_what_it_would_have_booked_is_held_against_what_was_booked(books: Books, person: User) -> None:
    our_own(books, "4000")
    our_own(books, "4510", "Boei")
    in_ledger(books, "4000")
    in_ledger(books, "4600", "Anker")
    in_ledger(books, "4000", relation=uuid4())
    found = tried(person)
    assert counts(found) == {"looked_at": 5, "agrees": 2, "differs": 2, "cannot_say": 1}
    wrong = [one for one in found.examples if one["kind"] == "differs"]
    assert [(one["text"], one["booked"]["gl_code"], one["would"]["gl_code"]) for one in wrong] == [
        ("Boei", "4510", "4000"),
        ("Anker", "4600", "4000"),
    ]


def test_an_entry_of_ours_is_counted_once(books: Books, person: User) -> None:
    entry = uuid4()
    our_own(books, entry=entry)
    in_ledger(books, entry=entry)
    assert counts(tried(person)) == {"looked_at": 1, "agrees": 1}


def test_what_people_booked_or_changed_in_exact_is_asked_of_the_ledger(books: Books, person: User) -> None:
    changed, adopted = uuid4(), uuid4()
    our_own(books, "4000", entry=changed, in_exact=InExact.CHANGED)
    our_own(books, "4000", entry=adopted, adopted=True)
    in_ledger(books, "4600", entry=changed)
    in_ledger(books, "4600", entry=adopted)
    assert counts(tried(person)) == {"looked_at": 2, "differs": 2}


def test_headers_vat_other_journals_and_older_years_are_not_looked_at(books: Books, person: User) -> None:
    vat = GLAccountFactory(division=books.division, code="1500", type=24)
    in_ledger(books, line_number=0)
    in_ledger(books, "1500", gl_account=vat.exact_id)
    in_ledger(books, type=20)
    in_ledger(books, days=400)
    in_ledger(books, days=364)
    assert counts(tried(person)) == {"looked_at": 1, "agrees": 1}


def test_what_only_a_document_tells_is_known_of_our_own_alone(books: Books, person: User) -> None:
    our_own(books, payment={"order_reference": "PO-1"})
    our_own(books, payment={"order_reference": "X"})
    in_ledger(books)
    in_ledger(books)
    found = tried(person, order_number="PO")
    assert counts(found) == {"looked_at": 4, "agrees": 1, "not_concerned": 1, "cannot_say": 2}
    [why] = [one for one in found.examples if one["kind"] == "cannot_say"]
    assert (why["why"], why["times"]) == ("order_number", 2)


def test_the_scenario_of_a_ledger_line_is_that_of_its_vat_code(books: Books, person: User) -> None:
    in_ledger(books)
    in_ledger(books, vat_code="VX")
    found = tried(person, scenario="nl_high")
    assert counts(found) == {"looked_at": 2, "agrees": 1, "cannot_say": 1}


def test_the_proposal_without_it_is_that_of_other_rules_the_card_or_what_is_usual(
    books: Books, person: User
) -> None:
    for _time in range(2):
        in_ledger(books, "4510")
    assert counts(tried(person, gl_code="4510")) == {
        "looked_at": 2,
        "agrees": 2,
        "changes": 2,
    }  # the card says 4000
    books.supplier.gl_account_purchase = None
    books.supplier.save()
    assert counts(tried(person, gl_code="4510")) == {"looked_at": 2, "agrees": 2}
    weaker = BookingRuleFactory(supplier_contains="anker", gl_code="4600", position=200)
    assert counts(tried(person, gl_code="4510"))["changes"] == 2
    weaker.position = 1
    weaker.save()
    assert counts(tried(person, gl_code="4510")) == {"looked_at": 2, "not_concerned": 2}


def test_a_saved_rule_does_not_stand_in_its_own_way(books: Books, person: User) -> None:
    in_ledger(books)
    rule = BookingRuleFactory(supplier_contains="anker", gl_code="4000")
    found = replay.ask(spec_of(rule, []), rule=rule, by=person)
    replay.run(found.pk)
    found.refresh_from_db()
    assert counts(found) == {"looked_at": 1, "agrees": 1}


def test_item_groups_are_those_of_the_sellers_items(books: Books, person: User) -> None:
    group = ItemGroupFactory(division=books.division, code="ROPE")
    item = ItemFactory(division=books.division, item_group=group.exact_id)
    SupplierItemFactory(
        division=books.division, supplier=books.supplier.exact_id, item=item.exact_id, supplier_code="T-1"
    )
    line = our_own(books)
    line.seller_item = "T-1"
    line.save()
    our_own(books)
    assert counts(tried(person, item_group="rope")) == {"looked_at": 2, "agrees": 1, "not_concerned": 1}


def test_it_is_tried_where_it_would_speak_and_its_asker_may_look(books: Books, person: User) -> None:
    other = make_books(kvk="34567892")
    sister = AdministrationFactory(client=books.administration.client)
    DivisionFactory(administration=sister)
    unlinked = AdministrationFactory(client=books.administration.client)
    assert unlinked.pk
    here = books.administration
    assert asked(person).administrations == sorted([here.pk, sister.pk])
    assert asked(person, administration=here).administrations == [here.pk]
    assert asked(person, client=here.client).administrations == sorted([here.pk, sister.pk])
    assert asked(person, administration=other.administration).administrations == []
    everything = office.person(Role.ADMINISTRATOR)
    assert other.administration.pk in asked(everything).administrations


def test_the_same_is_asked_once_while_it_runs(books: Books, person: User) -> None:
    assert asked(person).pk == asked(person).pk
    assert asked(person).pk != asked(person, gl_code="4510").pk


def test_in_many_chunks_it_finds_the_same(books: Books, person: User, monkeypatch: Any) -> None:
    for number in range(7):
        in_ledger(books, "4000" if number % 3 else "4600")
        our_own(books, "4000" if number % 2 else "4510")
    whole = counts(tried(person))
    monkeypatch.setattr(replay, "CHUNK", 2)
    assert counts(tried(person)) == whole == {"looked_at": 14, "agrees": 7, "differs": 7}


def test_a_spell_ends_and_the_next_one_goes_on(books: Books, person: User, monkeypatch: Any) -> None:
    for _line in range(5):
        in_ledger(books)
    monkeypatch.setattr(replay, "CHUNK", 2)
    rung: list[int] = []
    monkeypatch.setattr(queue, "ring", lambda _name, key: rung.append(key))
    found = asked(person)
    seen = []
    for _spell in range(4):
        replay.run(found.pk, seconds=0)
        found.refresh_from_db()
        seen.append((found.total, found.looked_at, found.lease))
    assert seen == [(5, 2, None), (5, 4, None), (5, 5, None), (5, 5, None)]
    assert found.finished_at is not None
    assert found.agrees == 5
    assert rung == [found.pk] * 4  # asked for, and after each spell that left something


def test_who_comes_second_leaves(books: Books, person: User) -> None:
    in_ledger(books)
    found = asked(person)
    assert leases.take(found, seconds=60)
    replay.run(found.pk)
    found.refresh_from_db()
    assert (found.looked_at, found.total) == (0, None)
    assert replay.due() == []


def test_who_lost_the_lease_counts_nothing(books: Books, person: User, monkeypatch: Any) -> None:
    for _line in range(3):
        in_ledger(books)
    found = asked(person)
    looked = replay._look

    def stolen(*arguments: Any) -> None:
        Replay.objects.filter(pk=found.pk).update(lease=uuid4())
        looked(*arguments)

    monkeypatch.setattr(replay, "_look", stolen)
    replay.run(found.pk)
    found.refresh_from_db()
    assert (found.looked_at, found.agrees, found.finished_at) == (0, 0, None)
    monkeypatch.undo()
    Replay.objects.update(leased_until=clock.now() - timedelta(seconds=1))
    replay.run(found.pk)
    found.refresh_from_db()
    assert counts(found) == {"looked_at": 3, "agrees": 3}


def test_what_dies_five_times_at_one_place_ends_and_says_so(
    books: Books, person: User, monkeypatch: Any
) -> None:
    in_ledger(books)
    found = asked(person)

    def dies(*_arguments: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(replay, "_look", dies)
    for _try in range(replay.MOST_TRIES):
        with pytest.raises(MemoryError):
            replay.run(found.pk)
        Replay.objects.update(leased_until=clock.now() - timedelta(seconds=1))
    replay.run(found.pk)
    found.refresh_from_db()
    assert found.trouble
    assert found.finished_at is not None


def test_what_was_left_lying_is_due_and_what_is_done_is_not(books: Books, person: User) -> None:
    found = asked(person)
    assert replay.due() == []
    Replay.objects.update(asked_at=clock.now() - timedelta(minutes=2))
    assert replay.due() == [found.pk]
    Replay.objects.update(lease=uuid4(), leased_until=clock.now() - timedelta(seconds=1))
    assert replay.due() == [found.pk]
    replay.run(found.pk)
    assert replay.due() == []


def test_the_number_of_queries_does_not_grow_with_the_lines(books: Books, person: User) -> None:
    needed = []
    for more in (3, 30):
        for _line in range(more):
            in_ledger(books)
            our_own(books)
        found = asked(person)
        with CaptureQueriesContext(connection) as queries:
            replay.run(found.pk)
        needed.append(len(queries))
    assert needed[1] <= needed[0] <= 40


@pytest.mark.parametrize("make", [in_ledger, our_own])
def test_what_waits_on_the_suspense_account_cannot_say(books: Books, person: User, make: Any) -> None:
    Administration.objects.update(suspense_account="4600")
    make(books, "4600")
    assert (tried(person).cannot_say, tried(person).differs) == (1, 0)
    assert tried(person, vat_code="V9").differs == 0
    assert "4600" not in str(usual_codes(books.administration.pk, year_until(clock.today())))


def test_a_replay_is_kept_for_thirty_days(books: Books, person: User) -> None:
    old, new = asked(person, name="Old"), asked(person, name="New")
    Replay.objects.filter(pk=old.pk).update(asked_at=clock.now() - timedelta(days=30, minutes=1))
    Replay.objects.filter(pk=new.pk).update(asked_at=clock.now() - timedelta(days=29))
    tasks.prune_replays()
    assert list(Replay.objects.all()) == [new]


def test_an_expression_that_is_too_slow_is_tried_once_in_a_chunk_and_cannot_say(
    books: Books, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried_on: list[object] = []

    def search(_pattern: str, text: str, *_flags: object, **_how: object) -> None:
        tried_on.append(text)
        raise TimeoutError

    for _line in range(3):
        in_ledger(books, "4000")
    monkeypatch.setattr(regex, "search", search)
    found = tried(person, text="(a+)+$", text_match=TextMatch.REGEX)
    assert counts(found) == {"looked_at": 3, "cannot_say": 3}
    assert len(tried_on) == 1
