from datetime import timedelta

import pytest
from django.utils.translation import gettext as _

from apps.core import clock
from apps.econnect import hook_calls
from apps.econnect.models import Account, Family, HookCall, Inbound, Party, Stage
from apps.sandbox import time
from tests.econnect.conftest import post, told
from tests.econnect.factories import HookCallFactory

pytestmark = pytest.mark.django_db
ID = "f96bad15-0500-4d80-b883-1a82c01b8f93"


def handled(account: Account, *bodies: bytes) -> None:
    for body in bodies:
        assert post(account, body) == 200
    hook_calls.handle()


def test_an_invoice_becomes_a_document_to_fetch(account: Account, party: Party) -> None:
    handled(account, told(partyId=party.party_id, documentId=ID))
    inbound = Inbound.objects.get()
    assert (inbound.party, inbound.document_id, inbound.family) == (party, ID, Family.INVOICE)
    assert (inbound.stage, inbound.sender, inbound.number) == (Stage.KNOWN, "0106:34567892", "F-1")
    assert inbound.next_attempt_at is not None
    assert inbound.next_attempt_at <= clock.now()
    call = HookCall.objects.get()
    assert (call.outcome, call.handled_at is not None) == (_("announced"), True)


def test_an_order_becomes_one_too(account: Account) -> None:
    handled(account, told(topic="OrderReceived"))
    assert Inbound.objects.get().family == Family.ORDER


def test_an_unknown_party_is_kept_without_administration(account: Account) -> None:
    handled(account, told(partyId="NL:KVK:12345678"))
    party = Party.objects.get()
    assert (party.party_id, party.administration, party.account) == ("0106:12345678", None, account)


def test_the_same_document_told_often_and_in_either_form_is_one(account: Account) -> None:
    handled(
        account,
        told(documentId=ID, partyId="NL:KVK:12345678"),
        told(documentId=ID.upper(), partyId="0106:12345678", message="again"),
    )
    assert Inbound.objects.count() == 1
    assert Party.objects.count() == 1
    assert sorted(HookCall.objects.values_list("outcome", flat=True)) == [_("announced"), _("known already")]


def test_an_error_is_seen_by_a_person_and_tried_later(account: Account) -> None:
    handled(account, told(topic="InvoiceReceivedError", documentId=ID, message="XML is broken"))
    inbound = Inbound.objects.get()
    assert (inbound.stage, inbound.trouble) == (Stage.KNOWN, "XML is broken")
    assert inbound.next_attempt_at is not None
    assert inbound.next_attempt_at > clock.now() + timedelta(minutes=30)


def test_an_error_before_or_after_the_invoice_changes_nothing_that_is_kept(account: Account) -> None:
    error = told(topic="InvoiceReceivedError", documentId=ID, message="XML is broken")
    handled(account, error)
    handled(account, told(documentId=ID))
    inbound = Inbound.objects.get()
    assert inbound.next_attempt_at is not None
    assert inbound.next_attempt_at <= clock.now()
    Inbound.objects.update(stage=Stage.KEPT, sha256="a" * 64, kept_at=clock.now(), trouble="")
    time.advance(1)
    handled(account, told(topic="InvoiceReceivedError", documentId=ID, message="late"))
    inbound.refresh_from_db()
    assert (inbound.stage, inbound.trouble) == (Stage.KEPT, "")


def test_a_document_that_was_given_up_is_tried_again_when_it_is_told_anew(account: Account) -> None:
    handled(account, told(documentId=ID))
    Inbound.objects.update(stage=Stage.FAILED, attempts=9, next_attempt_at=None)
    handled(account, told(documentId=ID, message="repaired"))
    inbound = Inbound.objects.get()
    assert (inbound.stage, inbound.attempts, inbound.next_attempt_at is not None) == (Stage.KNOWN, 0, True)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"topic": "InvoiceSent"}, "not for us yet"),
        ({"topic": "Ping"}, "not for us yet"),
        ({"documentId": None}, "it names no document of a party"),
        ({"partyId": ""}, "it names no document of a party"),
    ],
)
def test_other_calls_are_kept_with_what_became_of_them(
    account: Account, changes: dict[str, str], outcome: str
) -> None:
    handled(account, told(**changes))
    assert HookCall.objects.get().outcome == _(outcome)
    assert not Inbound.objects.exists()


def test_a_worker_that_is_killed_between_two_calls_loses_none(account: Account) -> None:
    handled(account, told(documentId=ID))
    HookCall.objects.update(handled_at=None, outcome="")
    hook_calls.handle()
    assert Inbound.objects.count() == 1
    assert HookCall.objects.filter(handled_at=None).count() == 0


def test_old_calls_are_removed_but_never_unhandled_ones() -> None:
    long_ago = clock.now() - timedelta(days=400)
    HookCallFactory(received_at=long_ago, handled_at=long_ago)
    kept = [HookCallFactory(received_at=long_ago), HookCallFactory(handled_at=clock.now())]
    hook_calls.prune()
    assert set(HookCall.objects.all()) == set(kept)
