from datetime import timedelta

import pytest

from apps.core import clock
from apps.exact import new_pair
from apps.exact.models import Connection, ConnectionStatus
from apps.exact.visitors import Visitor
from tests.exact.factories import ConnectionFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def draft_of(kept: Connection) -> Connection:
    now = clock.now() + timedelta(seconds=1)
    pair = {
        "access_token": "new",
        "refresh_token": "newer",
        "issued_at": now,
        "expires_at": now + timedelta(minutes=10),
    }
    return Connection(app=kept.app, **pair)


def who(kept: Connection) -> Visitor:
    return Visitor(kept.exact_user, "Another name", 0, is_portal=False, is_trial=False)


def old() -> Connection:
    kept: Connection = ConnectionFactory(owner=UserFactory(), issued_at=clock.now() - timedelta(hours=1))
    return kept


def test_a_living_chain_gets_the_pair_at_once_and_nothing_else() -> None:
    kept = old()
    saved = new_pair.rescue(draft_of(kept), who(kept))
    kept.refresh_from_db()
    assert saved == kept
    assert (kept.access_token, kept.version) == ("new", 2)
    assert kept.user_name != "Another name"
    again = new_pair.rescue(draft_of(kept), who(kept))
    assert again and again.version == 3


def test_what_is_stored_already_is_not_stored_again() -> None:
    kept = old()
    draft = draft_of(kept)
    draft.issued_at = clock.now()
    for _time in range(2):
        new_pair.rescue(draft, who(kept))
        new_pair.keep(draft, who(kept), None)
    kept.refresh_from_db()
    assert kept.version == 2


def test_a_lost_chain_is_left_alone_until_the_end() -> None:
    kept = old()
    Connection.objects.update(status=ConnectionStatus.LOST)
    assert new_pair.rescue(draft_of(kept), who(kept)) is None
    kept.refresh_from_db()
    assert (kept.access_token, kept.status) == ("access of a test", ConnectionStatus.LOST)


@pytest.mark.parametrize(
    ("was", "is_shared", "then"),
    [(True, None, True), (True, True, True), (False, True, False), (True, False, False)],
)
def test_only_the_office_makes_a_chain_of_somebody_outside_its_own(
    was: bool, is_shared: bool | None, then: bool
) -> None:
    kept = old()
    Connection.objects.update(is_shared=was)
    owner = kept.owner
    new_pair.keep(draft_of(kept), who(kept), UserFactory(), is_shared=is_shared)
    kept.refresh_from_db()
    assert kept.is_shared == then
    assert (kept.owner == owner) == bool(is_shared)
    assert kept.user_name == "Another name"
