import pytest

from apps.clients.models import AdministrationIdentifier
from apps.core.queue import OrmQ
from apps.econnect import parties
from apps.econnect.models import Account, Party
from apps.sandbox import faults, firm
from apps.sandbox.econnect import network
from apps.sandbox.models import FaultKind
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory, ClientFactory
from tests.econnect.factories import AccountFactory, PartyFactory

pytestmark = pytest.mark.django_db


def test_parties_are_read_with_what_they_may(account: Account) -> None:
    parties.refresh(account)
    expected = {party.party_id for party in firm.PARTIES if not party.username}
    assert set(Party.objects.values_list("party_id", flat=True)) == expected
    assert Party.objects.filter(permissions__canReceiveDocument=False).count() == 1
    account.refresh_from_db()
    assert (account.trouble, account.checked_at is not None) == ("", True)


def test_either_form_of_an_id_is_the_same_party(account: Account) -> None:
    parties.refresh(account)
    before = set(Party.objects.values_list("pk", flat=True))
    network.change(text_party_ids=True)
    parties.refresh(account)
    assert set(Party.objects.values_list("pk", flat=True)) == before


def test_a_party_that_is_no_longer_named_is_marked_and_comes_back(account: Account, party: Party) -> None:
    network.parties.remove(party.party_id)
    parties.refresh(account)
    party.refresh_from_db()
    assert party.is_gone
    network.parties.add(party.party_id, "Back")
    parties.refresh(account)
    party.refresh_from_db()
    assert (party.is_gone, party.name) == (False, "Back")


def test_a_call_that_fails_marks_nothing_gone(account: Account, party: Party) -> None:
    faults.arm(FaultKind.ERROR_BEFORE_COMMIT, path="econnect/me/party")
    faults.arm(FaultKind.ERROR_BEFORE_COMMIT, path="econnect/*")
    parties.refresh(account)
    account.refresh_from_db()
    party.refresh_from_db()
    assert (party.is_gone, bool(account.trouble)) == (False, True)


def test_a_party_that_a_hook_told_of_first_goes_to_the_account_that_acts_for_it(account: Account) -> None:
    told_id = next(party.party_id for party in firm.PARTIES if party.username)
    early = PartyFactory(account=account, party_id=told_id)
    own = AccountFactory(
        client=ClientFactory(),
        username=firm.parties.USERNAME,
        password=firm.parties.PASSWORD,
        base_url=account.base_url,
        identity_url=account.identity_url,
        app_id=account.app_id,
        client_secret=account.client_secret,
    )
    parties.refresh(own)
    parties.refresh(account)
    early.refresh_from_db()
    assert early.account == own
    assert Party.objects.filter(party_id=told_id).count() == 1


def test_the_administration_with_its_number_is_proposed() -> None:
    kvk = AdministrationIdentifierFactory(kind="kvk", value="34567892")
    AdministrationIdentifierFactory(kind="vat", value="34567892")  # another kind of number
    party = PartyFactory(party_id="0106:34567892")
    other = PartyFactory(party_id="0106:34567893")
    assert parties.proposals([party, other]) == {party.pk: [kvk.administration], other.pk: []}


def test_sister_companies_that_share_a_number_are_all_proposed_and_none_is_linked() -> None:
    one, two = (AdministrationIdentifierFactory(kind="kvk", value="34567892") for _ in range(2))
    party = PartyFactory(party_id="0106:34567892")
    assert set(parties.proposals([party])[party.pk]) == {one.administration, two.administration}
    assert parties.link_proposed([party]) == 0


def test_linking_lets_documents_for_the_id_find_the_administration() -> None:
    party, administration = PartyFactory(party_id="0106:34567892"), AdministrationFactory()
    for _time in range(2):
        parties.link(party, administration)
    party.refresh_from_db()
    assert party.administration == administration
    assert AdministrationIdentifier.objects.get(kind="peppol").value == "0106:34567892"
    assert party.history.count() >= 2


def test_another_link_takes_the_number_along() -> None:
    party, first, second = PartyFactory(), AdministrationFactory(), AdministrationFactory()
    parties.link(party, first)
    parties.link(party, second)
    assert AdministrationIdentifier.objects.get(kind="peppol").administration == second
    parties.link(party, None)
    assert not AdministrationIdentifier.objects.filter(kind="peppol").exists()


def test_many_are_linked_at_once_where_it_is_clear() -> None:
    found = [AdministrationIdentifierFactory(kind="kvk", value=f"3456789{n}") for n in (2, 3)]
    rows = [PartyFactory(party_id=f"0106:3456789{n}") for n in (2, 3, 4)]
    assert parties.link_proposed(rows) == 2
    assert [row.administration for row in rows] == [found[0].administration, found[1].administration, None]


def test_what_waits_for_its_administration_is_asked_again_when_a_party_gets_one() -> None:
    party = PartyFactory(administration=None)
    parties.link(party, AdministrationFactory())
    assert "apps.invoices.tasks.routing_changed" in {one.func() for one in OrmQ.objects.all()}
