import pytest

from apps.core import clock
from apps.econnect import checklist
from apps.econnect.models import Account, Party, Stage
from tests.econnect.factories import AccountFactory, InboundFactory, PartyFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db

ALL = {"canReceiveDocument": True, "canChangeDocumentStatus": True, "canRemoveDocument": True}


def levels(party: Party) -> dict[str, str]:
    return {str(point.name): point.level for point in checklist.points(party)}


@pytest.fixture
def party() -> Party:
    made: Party = PartyFactory(account=AccountFactory(hook_id="1"), seen_at=clock.now(), permissions=ALL)
    return made


def test_a_party_that_is_in_order(party: Party) -> None:
    found = levels(party)
    assert found["party id"] == found["may receive"] == found["hook"] == "good"
    assert found["last document"] == found["subscription"] == found["credit at eConnect"] == "fair"
    InboundFactory(party=party)
    assert levels(party)["last document"] == "good"


def test_missing_permissions_are_named(party: Party) -> None:
    party.permissions = dict.fromkeys(ALL, False)
    found = levels(party)
    assert (found["may receive"], found["may answer senders"]) == ("poor", "fair")
    party.permissions = {}
    assert levels(party)["may receive"] == "fair"


def test_a_party_that_is_gone_or_was_never_named(party: Party) -> None:
    party.seen_at = None
    assert levels(party)["party id"] == "poor"
    party.seen_at, party.is_gone = clock.now(), True
    assert levels(party)["party id"] == "poor"


def test_a_hook_in_trouble_is_everybodys(party: Party) -> None:
    Account.objects.update(hook_trouble="switched off")
    assert levels(party)["hook"] == "poor"


def test_a_person_confirms_what_no_call_shows(party: Party) -> None:
    somebody = UserFactory()
    checklist.confirm(party, "credit_confirmed", by=somebody)
    point = next(one for one in checklist.points(party) if one.confirm == "credit_confirmed")
    assert point.level == "good"
    assert str(somebody) in point.words
    assert party.history.count() == 2
    with pytest.raises(KeyError):
        checklist.confirm(party, "party_id", by=UserFactory())


@pytest.mark.parametrize(
    "words", ["Your subscription does not allow this.", "Tegoed is op", "Account blocked"]
)
def test_a_refusal_that_speaks_of_money_turns_both_red_until_it_is_over(party: Party, words: str) -> None:
    checklist.confirm(party, "subscription_confirmed", by=UserFactory())
    inbound = InboundFactory(party=party, trouble=words)
    found = {point.confirm: point for point in checklist.points(party)}
    assert (found["subscription_confirmed"].level, found["credit_confirmed"].words) == ("poor", words)
    inbound.stage, inbound.sha256, inbound.kept_at = Stage.KEPT, "a" * 64, clock.now()
    inbound.save(update_fields=["stage", "sha256", "kept_at"])
    assert levels(party)["subscription"] == "good"
