from typing import Any

import pytest

from apps.clients.models import Administration, Client, Package
from apps.core import queue
from apps.exact import choosing, linking
from apps.exact.choosing import Choice, Outcome
from apps.exact.models import Division, DivisionStatus
from apps.exact.proposals import Advice
from apps.people.models import Role, User
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory, ClientFactory
from tests.exact.factories import ConnectionFactory, DivisionFactory
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
KVK = "64134164"


@pytest.fixture
def user() -> User:
    made: User = UserFactory(role=Role.ADMINISTRATOR)
    return made


def ours(kvk: str = KVK, **more: Any) -> Administration:
    administration: Administration = AdministrationFactory(**more)
    AdministrationIdentifierFactory(administration=administration, kind="kvk", value=kvk)
    return administration


def bells() -> list[str]:
    return [bell.func() for bell in queue.OrmQ.objects.all()]


def done(user: User, *choices: Choice) -> list[Outcome]:
    return choosing.carry_out(choices, by=user)


def test_free_divisions_are_offered_with_what_is_proposed(user: User) -> None:
    connection = ConnectionFactory()
    ours(name="Ours B.V.")
    known = ClientFactory(name="The owner")
    fits = DivisionFactory(connection=connection, chamber_of_commerce=KVK)
    new = DivisionFactory(connection=connection, chamber_of_commerce="17131139", customer_name="The owner")
    old = DivisionFactory(connection=connection, status=DivisionStatus.ARCHIVED)
    shut = DivisionFactory(connection=connection, blocking=3)
    elsewhere = DivisionFactory()
    DivisionFactory(connection=connection, administration=AdministrationFactory())
    offer = choosing.offer(user, connection)
    found = {row.division: row for row in offer.rows}
    assert set(found) == {fits, new, old, shut}
    assert {division: row.proposal.advice for division, row in found.items()} == {
        fits: Advice.LINK,
        new: Advice.CREATE,
        old: Advice.NOT_FOR_USE,
        shut: Advice.NOT_FOR_USE,
    }
    assert (found[new].proposal.client, found[new].client) == (known.pk, "The owner")
    assert found[old].client == old.customer_name
    assert (old.unused, shut.unused) == ("archived", "blocked")
    assert [row.division for row in offer.rows][:2] == [new, fits], "what is to be looked at comes first"
    assert elsewhere in [row.division for row in choosing.offer(user).rows]
    assert len(offer.free) == 1 and offer.free[0].startswith("Ours B.V. (")


def test_books_in_exact_globe_get_the_division_of_their_mailbox(user: User) -> None:
    books = ours(name="In Globe", package=Package.EXACT_GLOBE)
    division = DivisionFactory(connection=ConnectionFactory(), chamber_of_commerce=KVK)
    offer = choosing.offer(user)
    assert [row.proposal.advice for row in offer.rows] == [Advice.LINK]
    assert offer.free[0].startswith("In Globe (")
    assert done(user, Choice(division.pk, administration=books.pk))[0].is_linked


def test_proposals_cost_the_same_at_any_number(user: User, django_assert_max_num_queries: Any) -> None:
    connection = ConnectionFactory()
    for at in range(30):
        ours(f"6{at:07}")
        DivisionFactory(connection=connection, chamber_of_commerce=f"6{at:07}")
    with django_assert_max_num_queries(4):
        offer = choosing.offer(user, connection)
    assert offer.count(Advice.LINK) == 30


def test_a_page_holds_so_many_and_says_how_many_are_left(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MOST", 2)
    connection = ConnectionFactory()
    for _at in range(5):
        DivisionFactory(connection=connection)
    offer = choosing.offer(user, connection)
    assert (len(offer.rows), offer.left_off) == (2, 3)


def test_many_choices_are_done_at_once_and_the_round_is_rung_once(user: User) -> None:
    first, second, third = (DivisionFactory(chamber_of_commerce=kvk) for kvk in (KVK, "17131139", ""))
    administration, client = ours(name="Ours B.V."), ClientFactory(name="Aar Groep")
    outcomes = done(
        user,
        Choice(first.pk, administration=administration.pk),
        Choice(second.pk, client=client.pk),
        Choice(third.pk),
    )
    assert [outcome.is_linked for outcome in outcomes] == [True] * 3
    assert outcomes[0].words == "It is linked to Ours B.V.."
    made = Administration.objects.get(division=second)
    assert made.client == client
    assert made.identifiers.get().value == "17131139"
    assert f"{made.name} of client Aar Groep is made" in outcomes[1].words
    assert Administration.objects.get(division=third).client.name == third.customer_name
    assert bells().count("apps.exact.tasks.sync_round") == 1
    assert all(division.sync_plan.due_at for division in Division.objects.all())


def test_a_refusal_undoes_nothing_else_and_says_why(user: User) -> None:
    first, second, third = DivisionFactory(), DivisionFactory(), DivisionFactory()
    administration = ours(name="Ours B.V.")
    outcomes = done(
        user, *(Choice(one.pk, administration=administration.pk) for one in (first, second)), Choice(third.pk)
    )
    assert [outcome.is_linked for outcome in outcomes] == [True, False, True]
    assert outcomes[1].words == f"Ours B.V. is linked to division {first} already."
    second.refresh_from_db()
    assert second.administration is None


def test_sending_the_form_twice_makes_nothing_twice(user: User) -> None:
    first, second = DivisionFactory(), DivisionFactory()
    administration = ours()
    choices = (Choice(first.pk, administration=administration.pk), Choice(second.pk))
    done(user, *choices)
    count = Administration.objects.count()
    again = done(user, *choices)
    assert [outcome.is_linked for outcome in again] == [True, False]
    assert Administration.objects.count() == count
    assert Client.objects.filter(name=second.customer_name).count() == 1


@pytest.mark.parametrize("choice", [{"administration": 0}, {"administration": 10**6}, {"client": 10**6}])
def test_what_is_not_there_is_refused_in_a_sentence(user: User, choice: dict[str, int]) -> None:
    (outcome,) = done(user, Choice(DivisionFactory().pk, **choice))
    assert not outcome.is_linked
    assert outcome.words.startswith("There is no such ")
    assert bells() == []


def test_two_people_at_the_same_moment_are_told_apart_by_the_database(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    division, other = DivisionFactory(), DivisionFactory()
    administration = ours()

    def link_late(*args: Any, **more: Any) -> None:
        Division.objects.filter(pk=division.pk).update(administration=administration)
        monkeypatch.undo()
        Division.objects.filter(pk=other.pk).update(administration=administration)

    monkeypatch.setattr(linking, "link", link_late)
    (outcome,) = done(user, Choice(other.pk, administration=administration.pk))
    assert not outcome.is_linked
    assert "at the same moment" in outcome.words


def test_nobody_links_what_he_may_not_see() -> None:
    reviewer, division = UserFactory(role=Role.REVIEWER), DivisionFactory()
    assert choosing.carry_out([Choice(division.pk)], by=reviewer) == []
    assert choosing.offer(reviewer).rows == []
    assert choosing.offer(reviewer).free == []


@pytest.mark.parametrize(
    ("value", "certain", "rest", "meant"),
    [
        ("certain:5", True, False, Choice(1, administration=5)),
        ("certain:5", False, True, None),
        ("link:5", False, False, Choice(1, administration=5)),
        ("create:", False, False, Choice(1)),
        ("create:7", False, False, Choice(1, client=7)),
        ("rest:7", False, True, Choice(1, client=7)),
        ("rest:", True, False, None),
        ("none", True, True, None),
        ("", True, True, None),
        ("link:x", True, True, Choice(1, administration=0)),
        ("create:x", True, True, Choice(1, client=0)),
    ],
)
def test_a_value_of_the_form_means_one_thing(
    value: str, certain: bool, rest: bool, meant: Choice | None
) -> None:
    assert choosing.read_choice(1, value, certain=certain, rest=rest) == meant


def test_an_administration_may_be_written_as_the_list_writes_it_or_by_its_name(user: User) -> None:
    administration, twin = AdministrationFactory(name="Ours [B.V.]"), AdministrationFactory(name="Twin")
    AdministrationFactory(name="Twin")
    (text,) = [one for one in choosing.offer(user).free if one.startswith("Ours")]
    assert choosing.read_written(1, text, user).administration == administration.pk
    assert choosing.read_written(1, "ours [b.v.]", user).administration == administration.pk
    assert choosing.read_written(1, "Twin", user).administration == 0
    assert choosing.read_written(1, f"Twin [{twin.pk}]", user).administration == twin.pk
    assert choosing.read_written(1, "nobody", user).administration == 0
