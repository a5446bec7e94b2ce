"""From the network to the books: what a sender puts into Peppol arrives once, whatever happens on the way."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from apps.econnect import answering, fetching, hook_calls, hooks, parties, tasks
from apps.econnect.models import Account, HookCall, Inbound, Party, Stage
from apps.econnect.registration import default_account
from apps.exact.models import Division
from apps.intake import announcements, peppol
from apps.intake.models import Part, PartOutcome, Receipt
from apps.intake.tasks import fetch_peppol, reconcile_peppol
from apps.invoices.demo import FIXTURES
from apps.invoices.models import Invoice
from apps.invoices.processing import process
from apps.sandbox import faults, time
from apps.sandbox.econnect import network
from apps.sandbox.models import FaultKind

pytestmark = pytest.mark.django_db
SAMPLE = Path(FIXTURES / "documents" / "01-zwaluw-bloem.xml")


@pytest.fixture
def account(bakery: Division, settings: Any) -> Account:
    """The firm at eConnect: hooks by call and by mail, and the bakery's party linked as it was proposed."""
    settings.ECONNECT_MAIL_HOOK = "peppol@firm.example"
    made = default_account()
    parties.refresh(made)
    hooks.register(made)
    made.refresh_from_db()
    assert made.hook_trouble == ""
    assert parties.link_proposed(Party.objects.all()) >= 1
    return made


@pytest.fixture
def party(account: Account, bakery: Division) -> Party:
    found = Party.objects.filter(administration=bakery.administration).first()
    assert found is not None
    return found


def work(minutes: int = 1) -> None:
    """What the worker does each minute: hooks come in, documents are fetched, read and removed."""
    for _minute in range(minutes):
        network.deliver_due()
        fetch_peppol()
        tasks.give_answers()
        tasks.remove_kept()
        for receipt in Receipt.objects.filter(parts__outcome=PartOutcome.RECEIVED).distinct():
            process(receipt.pk)
        time.advance(timedelta(minutes=1))


def send(party: Party, content: bytes = b"") -> str:
    return network.send(party.party_id, content or SAMPLE.read_bytes())


def only() -> Inbound:
    return Inbound.objects.get()


def test_a_message_becomes_a_document_in_the_right_administration(party: Party) -> None:
    send(party)
    work()
    assert only().stage == Stage.KEPT
    assert Part.objects.get().outcome == PartOutcome.DOCUMENT
    assert Invoice.objects.get().administration == party.administration


def test_doubled_and_reordered_hooks_make_each_document_once(party: Party) -> None:
    network.change(hook_times=3, hooks_reversed=True)
    contents = [
        SAMPLE.read_bytes(),
        b"<Invoice><ID>second</ID></Invoice>",
        b"<Invoice><ID>third</ID></Invoice>",
    ]
    for content in contents:
        send(party, content)
    work(3)
    assert HookCall.objects.count() >= 3
    assert Inbound.objects.filter(stage=Stage.KEPT).count() == 3
    assert Receipt.objects.count() == 3


def test_a_lost_hook_is_made_good_by_the_mail_hook(party: Party) -> None:
    network.change(hooks_lost=True)
    document_id = send(party)
    work()
    assert not Inbound.objects.exists()
    for content in network.mails("peppol@firm.example"):
        mail = message_from_bytes(content, policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        announcements.told_by_mail(str(mail["From"]), body.get_content())
    work()
    assert (only().document_id, only().stage, only().told_by) == (document_id, Stage.KEPT, "mail")
    network.change(hooks_lost=False)
    assert Receipt.objects.count() == 1


def test_hook_and_mail_of_one_document_make_one_receipt(party: Party) -> None:
    document_id = send(party)
    work()
    announcements.told_by_mail("a@econnect.eu", f"Document: {document_id}\nParty: {party.party_id}")
    work()
    assert Receipt.objects.count() == 1
    assert only().told_by == "hook"


@pytest.mark.parametrize("habit", [{"hooks_stale_seconds": 600}, {"hooks_badly_signed": True}])
def test_stale_and_forged_hooks_do_nothing_and_a_right_one_later_does(
    party: Party, habit: dict[str, Any]
) -> None:
    network.change(**habit)
    send(party)
    work(2)
    assert not HookCall.objects.exists()
    assert not Inbound.objects.exists()
    network.change(hooks_stale_seconds=0, hooks_badly_signed=False)
    time.advance(timedelta(hours=1))
    work()
    assert only().stage == Stage.KEPT


def test_a_late_hook_is_no_worse_than_an_early_one(party: Party) -> None:
    faults.arm(FaultKind.HOOK_LATE, path="InvoiceReceived", seconds=7200)
    send(party)
    work()
    assert not Inbound.objects.exists()
    time.advance(timedelta(hours=2))
    work()
    assert only().stage == Stage.KEPT


def test_faults_at_the_download_end_in_the_document(party: Party) -> None:
    faults.arm(FaultKind.ERROR_BEFORE_COMMIT, path="econnect/download")
    faults.arm(FaultKind.DROPPED_ANSWER, path="econnect/download")
    faults.arm(FaultKind.EXPIRED_TOKEN, path="econnect/download")
    send(party)
    work(12)
    assert (only().stage, only().trouble) == (Stage.KEPT, "")
    assert Receipt.objects.count() == 1


def test_killed_at_any_step_there_is_one_receipt_and_nothing_is_removed_too_early(
    party: Party, settings: Any
) -> None:
    settings.ECONNECT_REMOVE_AFTER_DAYS = 0
    document_id = send(party)
    network.deliver_due()  # the hook is kept, and the worker dies before it looks at it
    assert not Inbound.objects.exists()
    hook_calls.handle()
    inbound = only()
    with fetching.in_hand(inbound.pk) as held:  # dies after the download
        assert held is not None
        content = fetching.download(held)
    tasks.remove_kept()
    assert network.is_there(document_id)
    peppol.keep(inbound, content)  # dies before it is marked
    tasks.remove_kept()
    assert network.is_there(document_id)
    time.advance(timedelta(minutes=5))
    work()
    assert Receipt.objects.count() == 1
    assert only().stage == Stage.REMOVED
    assert not network.is_there(document_id)
    assert Part.objects.get().original.content() == content


def test_what_is_kept_is_removed_after_the_days_for_answers(party: Party, settings: Any) -> None:
    document_id = send(party)
    work()
    assert network.is_there(document_id)
    time.advance(timedelta(days=settings.ECONNECT_REMOVE_AFTER_DAYS))
    work()
    assert not network.is_there(document_id)
    assert only().stage == Stage.REMOVED


def test_a_question_sends_the_acknowledgement_first_and_a_rejection_is_the_end(party: Party) -> None:
    document_id = send(party)
    work()
    answering.ask(only(), "UQ", who="Els", reasons={"REF": "which order is this?"})
    work(2)
    assert [one.status for one in network.answers(document_id)] == ["AB", "UQ"]
    answering.ask(only(), "RE", who="Els", reasons={"UNR": "never ordered"})
    with pytest.raises(answering.AnswerRefused):
        answering.ask(only(), "UQ", who="Els", reasons={"REF": "x"})
    work(2)
    assert [one.status for one in network.answers(document_id)] == ["AB", "UQ", "RE"]
    assert only().stage == Stage.REMOVED


def test_a_party_that_acknowledges_by_itself(party: Party) -> None:
    Party.objects.filter(pk=party.pk).update(answers_itself=True)
    document_id = send(party)
    work()
    assert [one.status for one in network.answers(document_id)] == ["AB"]


def test_an_invoice_that_econnect_cannot_take_is_seen_and_not_forgotten(party: Party) -> None:
    network.fail_to_receive(party.party_id, SAMPLE.read_bytes(), words="BR-16 is broken")
    work()
    assert (only().stage, "BR-16" in only().trouble) == (Stage.KNOWN, True)
    for _day in range(12):
        time.advance(timedelta(hours=12))
        work()
    assert only().stage == Stage.FAILED
    assert not Receipt.objects.exists()


def test_a_new_secret_loses_no_document(party: Party, account: Account) -> None:
    send(party)
    hooks.register(account, new_secret=True)
    send(party, b"<Invoice><ID>second</ID></Invoice>")
    work()
    assert Inbound.objects.filter(stage=Stage.KEPT).count() == 2
    account.refresh_from_db()
    assert account.hook_former_secret == ""


def test_the_daily_pass_mends_what_lost_its_bell(party: Party) -> None:
    send(party)
    network.deliver_due()
    Inbound.objects.update(next_attempt_at=None)
    reconcile_peppol()
    assert only().stage == Stage.KEPT
