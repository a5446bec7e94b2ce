from email import message_from_bytes, policy
from typing import Any

import pytest

from apps.econnect import hooks, parties
from apps.econnect.announcing import Announcement, announce
from apps.econnect.models import Family, Inbound, Party, Stage
from apps.econnect.registration import default_account
from apps.intake.announcements import is_sender, told_by_mail
from apps.sandbox.econnect import network
from tests.econnect.factories import PartyFactory

pytestmark = pytest.mark.django_db
FROM = "eConnect <noreply@econnect.eu>"
ID = "f96bad15-0500-4d80-b883-1a82c01b8f93"
OTHER = "0b0f1c1e-0000-4000-8000-000000000001"


@pytest.fixture
def party(db: None) -> Party:
    made: Party = PartyFactory(account=default_account(), party_id="0106:34567892")
    return made


def test_the_mail_of_a_mail_hook_announces_its_document(settings: Any) -> None:
    settings.ECONNECT_MAIL_HOOK = "peppol@firm.example"
    account = default_account()
    parties.refresh(account)
    hooks.register(account)
    network.change(hooks_lost=True)
    to = Party.objects.order_by("pk")[0]
    document_id = network.send(to.party_id, b"<Invoice/>")
    network.deliver_due()
    (mail,) = [message_from_bytes(one, policy=policy.default) for one in network.mails("peppol@firm.example")]
    body = mail.get_body(("plain",))
    assert body is not None
    assert told_by_mail(str(mail["From"]), body.get_content()) == 1
    inbound = Inbound.objects.get()
    assert (inbound.document_id, inbound.party, inbound.told_by) == (document_id, to, "mail")


def test_the_same_mail_twice_is_one_document(party: Party) -> None:
    text = f"Document: {ID.upper()}\nParty: NL:KVK:34567892"
    assert [told_by_mail(FROM, text) for _time in range(2)] == [1, 1]
    assert Inbound.objects.get().document_id == ID


@pytest.mark.parametrize(
    "text",
    [
        f"documentId: {ID}, recipient: NL:KVK:34567892, sender: 0106:12345678",
        f'{{"sender": "0106:12345678", "partyId": "NL:KVK:34567892", "documentId": "{ID}", "hookId": "{OTHER}"}}',
        f"A document {ID} came from 0106:12345678 for iso6523-actorid-upis::0106:34567892.",
        f"Message-ID <{OTHER}@econnect.eu>: {ID} for 0106:34567892",
    ],
)
def test_ids_are_found_however_the_mail_reads(party: Party, text: str) -> None:
    assert told_by_mail(FROM, text) == 1
    inbound = Inbound.objects.get()
    assert (inbound.document_id, inbound.party) == (ID, party)


def test_the_labelled_party_wins_over_a_sister_company_that_sent_it(party: Party) -> None:
    sister = PartyFactory(account=party.account, party_id="0106:34567893")
    told_by_mail(FROM, f"Sender: {sister.party_id}\nRecipient: {party.party_id}\nDocument: {ID}")
    assert Inbound.objects.get().party == party


def test_a_single_unknown_party_is_taken_and_several_unknown_ones_are_not() -> None:
    assert told_by_mail(FROM, f"{ID} 0106:11111111 0106:22222222") == 0
    assert told_by_mail(FROM, f"{ID} 0106:11111111") == 1


def test_orders_and_errors_are_told_apart(party: Party) -> None:
    told_by_mail(FROM, f"OrderReceived {ID} {party.party_id}")
    assert Inbound.objects.get().family == Family.ORDER
    told_by_mail(FROM, f"Topic: InvoiceReceivedError\nDocument: {OTHER}\nParty: {party.party_id}")
    assert Inbound.objects.get(document_id=OTHER).trouble


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("a@stranger.example", f"InvoiceReceived {ID} 0106:34567892"),
        ("econnect.eu@stranger.example", f"InvoiceReceived {ID} 0106:34567892"),
        (FROM, f"InvoiceSent {ID} 0106:34567892"),
        (FROM, f"InvoiceReceived {ID}"),
        (FROM, "InvoiceReceived 0106:34567892"),
        (FROM, ""),
    ],
)
def test_other_mails_announce_nothing(party: Party, sender: str, text: str) -> None:
    assert told_by_mail(sender, text) == 0
    assert not Inbound.objects.exists()


@pytest.mark.parametrize(
    ("sender", "is_theirs"),
    [
        ("noreply@econnect.eu", True),
        ("E <no-reply@mail.econnect.eu>", True),
        ("a@everbinding.nl", True),
        ("a@noteconnect.eu", False),
        ('"a@econnect.eu" <b@c.nl>', False),
        ("", False),
        ("econnect.eu", False),
    ],
)
def test_senders(sender: str, is_theirs: bool) -> None:
    assert is_sender(sender) is is_theirs


def test_the_hook_knows_better_than_a_mail_whose_document_it_is(party: Party) -> None:
    right = PartyFactory(account=party.account, party_id="0106:12345678")
    told_by_mail(FROM, f"Document: {ID}\nParty: NL:KVK:34567892")
    Inbound.objects.update(stage=Stage.FAILED, attempts=8, next_attempt_at=None)
    announce(party.account, Announcement("0106:12345678", ID))
    inbound = Inbound.objects.get()
    assert (inbound.party, inbound.stage, inbound.attempts) == (right, Stage.KNOWN, 0)
    told_by_mail(FROM, f"Document: {ID}\nParty: NL:KVK:34567892")
    inbound.refresh_from_db()
    assert inbound.party == right
