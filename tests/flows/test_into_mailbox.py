"""Into the digital mailbox of an Exact Online and an Exact Globe administration, by API and e-mail, under faults."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
from pytest_django import Settings

from apps.clients.models import Package
from apps.core import clock, queue
from apps.exact import mirror
from apps.exact.models import DigitalMailbox, Division, LedgerLine, MailboxState
from apps.invoices import processed, tasks
from apps.invoices.arriving import handed_over
from apps.invoices.delivering import deliver, mailbox_opened
from apps.invoices.mail_settling import settle_mail
from apps.invoices.models import Invoice, Outcome, State, WaitsFor
from apps.invoices.reviewing import Refused, undo
from apps.people.models import User
from apps.posting.models import PostingState
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import messages, store
from apps.sandbox.models import Row
from config import settings as written
from tests.flows.conftest import BAKERY, TakeIn
from tests.flows.mailboxes import ADDRESS, OURS, by_mail, prepare
from tests.people.factories import UserFactory
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db
BLOOM = "01-zwaluw-bloem.xml"
FAULTS = (
    "dropped_answer",
    "dropped_before",
    "error_after_commit",
    "error_before_commit",
    "too_many",
    "gateway",
    "garbled",
)


@pytest.fixture
def person() -> User:
    user: User = UserFactory()
    return user


@pytest.fixture(params=[Package.EXACT_ONLINE, Package.EXACT_GLOBE])
def bakery_in(request: pytest.FixtureRequest, bakery: Division) -> Division:
    """The bakery, once in Exact Online and once in Exact Globe."""
    return prepare(bakery, request.param)


@pytest.fixture
def online(bakery: Division) -> Division:
    return prepare(bakery, Package.EXACT_ONLINE)


def again(invoice: Invoice) -> Invoice:
    return Invoice.objects.select_related("posting", "administration").get(pk=invoice.pk)


def rows(resource: str) -> list[Row]:
    return list(store.rows(resource, BAKERY))


def documents() -> list[Row]:
    return [row for row in rows("documents/Documents") if "[PK-" in (row.data.get("Subject") or "")]


def on_and_on(division: Division, times: int = 6) -> None:
    """Let the worker come back several times, each after every pause."""
    for _round in range(times):
        time.advance(timedelta(minutes=10))
        deliver(division, at_once=True)


def assert_handed_over(invoice: Invoice) -> None:
    invoice = again(invoice)
    assert (invoice.state, invoice.outcome) == (State.DONE, Outcome.HANDED_OVER), invoice.detail
    assert invoice.administration
    assert handed_over(invoice.administration) == 1


def in_exact(server: MailServer) -> list[Row]:
    """Let Exact take in what the mail server has."""
    taken = [row for to, content in server.mails for row in messages.take_mail(content, to=to)]
    server.mails.clear()
    return taken


def test_by_api_it_lies_there_once_with_its_file(bakery_in: Division, take_in: TakeIn, person: User) -> None:
    (invoice,) = take_in(BLOOM)
    deliver(bakery_in, at_once=True)
    assert_handed_over(invoice)
    (message,), files = rows(messages.MESSAGES), rows(messages.FILES)
    posting = again(invoice).posting
    assert posting
    assert (str(posting.exact_id), f"[{posting.reference}]" in message.data["Subject"]) == (message.key, True)
    assert message.data["SenderMailboxID"] == message.data["RecipientMailboxID"]
    assert [(row.data["AttachmentFileName"], row.data["Type"]) for row in files] == [(BLOOM, 23)]
    assert len(documents()) == 1
    assert rows("purchaseentry/PurchaseEntries") == [
        row for row in rows("purchaseentry/PurchaseEntries") if "PK-" not in str(row.data)
    ]
    with pytest.raises(Refused):
        undo(again(invoice), by=person, version=again(invoice).version)


def test_by_mail_it_lies_there_once_with_its_file(
    bakery_in: Division, take_in: TakeIn, server: MailServer
) -> None:
    by_mail()
    (invoice,) = take_in(BLOOM)
    deliver(bakery_in, at_once=True)
    assert_handed_over(invoice)
    on_and_on(bakery_in, 2)
    ((to, content),) = server.mails
    mail, posting = message_from_bytes(content, policy=policy.SMTP), again(invoice).posting
    assert posting
    assert (to, mail["Message-ID"]) == (ADDRESS, f"<{posting.reference}@linde.example>")
    assert posting.steps["mail"]["id"] == mail["Message-ID"]
    (document,) = in_exact(server)
    assert posting.reference in document.data["Subject"]
    assert len(rows("documents/DocumentAttachments")) == 1


@pytest.mark.parametrize("path", [messages.MESSAGES, messages.FILES])
@pytest.mark.parametrize("kind", FAULTS)
def test_by_api_under_each_fault_it_lies_there_once(
    bakery_in: Division, take_in: TakeIn, kind: str, path: str
) -> None:
    (invoice,) = take_in(BLOOM)
    faults.arm(kind, method="POST", path=path)
    on_and_on(bakery_in)
    assert_handed_over(invoice)
    assert (len(rows(messages.MESSAGES)), len(rows(messages.FILES)), len(documents())) == (1, 1, 1)


@pytest.mark.parametrize(
    "trouble",
    [
        ("MAIL", ""),
        ("RCPT", ""),
        ("MAIL", "451 later"),
        ("RCPT", "450 busy"),
        ("DATA", "421 no"),
        (".", "452 full"),
    ],
)
def test_what_the_mail_server_has_not_is_sent_again_by_itself(
    bakery_in: Division, take_in: TakeIn, server: MailServer, trouble: tuple[str, str]
) -> None:
    by_mail()
    (invoice,) = take_in(BLOOM)
    server.troubles.append(trouble)
    deliver(bakery_in, at_once=True)
    assert again(invoice).state == State.POSTING
    assert server.mails == []
    on_and_on(bakery_in)
    assert_handed_over(invoice)
    assert len(server.mails) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
def test_what_the_mail_server_refuses_waits_for_a_person_with_its_words(
    bakery_in: Division, take_in: TakeIn, server: MailServer, command: str
) -> None:
    by_mail()
    (invoice,) = take_in(BLOOM)
    server.troubles.append((command, "550 wij kennen u niet"))
    on_and_on(bakery_in)
    assert again(invoice).state == State.ATTENTION
    assert "550 wij kennen u niet" in again(invoice).detail
    assert server.mails == []


@pytest.mark.parametrize("trouble", ["DATA", ".", "taken"])
def test_what_may_have_arrived_is_never_sent_a_second_time_by_itself(
    bakery_in: Division, take_in: TakeIn, server: MailServer, trouble: str
) -> None:
    by_mail()
    (invoice,) = take_in(BLOOM)
    server.troubles.append((trouble, ""))
    on_and_on(bakery_in, 12)
    time.advance(timedelta(days=3))
    on_and_on(bakery_in, 12)
    assert again(invoice).state == State.UNCERTAIN
    assert len(server.mails) == (1 if trouble == "taken" else 0)


def test_what_did_arrive_is_found_in_exact(bakery_in: Division, take_in: TakeIn, server: MailServer) -> None:
    by_mail()
    (invoice,) = take_in(BLOOM)
    server.troubles.append(("taken", ""))
    deliver(bakery_in, at_once=True)
    assert again(invoice).state == State.UNCERTAIN
    assert len(in_exact(server)) == 1
    on_and_on(bakery_in, 1)
    assert_handed_over(invoice)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_person_says_whether_it_arrived(
    bakery_in: Division, take_in: TakeIn, server: MailServer, person: User, is_there: bool
) -> None:
    by_mail()
    (invoice,) = take_in(BLOOM)
    server.troubles.append(("taken" if is_there else ".", ""))
    on_and_on(bakery_in)
    settle_mail(again(invoice), is_there=is_there, by=person, version=again(invoice).version)
    on_and_on(bakery_in, 2)
    assert_handed_over(invoice)
    assert len(server.mails) == 1
    assert invoice.events.filter(who=str(person)).exists()
    with pytest.raises(Refused):
        settle_mail(again(invoice), is_there=False, by=person, version=again(invoice).version)


def test_a_worker_that_died_while_it_sent_leaves_a_question(
    bakery_in: Division, take_in: TakeIn, server: MailServer
) -> None:
    by_mail()
    (invoice,) = take_in(BLOOM)
    server.troubles.append(("MAIL", "451 later"))
    deliver(bakery_in, at_once=True)
    posting = again(invoice).posting
    assert posting
    posting.claim()
    posting.keep("mail", state="started")  # and here it was killed
    on_and_on(bakery_in)
    assert again(invoice).state == State.UNCERTAIN
    assert server.mails == []


def test_nothing_is_mailed_before_somebody_confirmed_that_exact_takes_it(
    bakery_in: Division, take_in: TakeIn, server: MailServer
) -> None:
    by_mail()
    DigitalMailbox.objects.update(sender_allowed="")
    (invoice,) = take_in(BLOOM)
    deliver(bakery_in, at_once=True)
    waiting = again(invoice)
    assert (waiting.state, waiting.waits_for, server.mails) == (State.READY, WaitsFor.MAILBOX, [])
    assert OURS in waiting.detail
    DigitalMailbox.objects.update(sender_allowed="Anna")
    on_and_on(bakery_in, 1)
    assert_handed_over(invoice)


def test_a_sender_that_exact_does_not_know_is_blocked_there(
    online: Division, take_in: TakeIn, server: MailServer
) -> None:
    by_mail()
    switches.change(mailbox_senders=[])
    take_in(BLOOM)
    deliver(online, at_once=True)
    assert (in_exact(server), messages.blocked(BAKERY), documents()) == ([], 1, [])


def test_it_is_booked_once_the_proposal_is_processed(online: Division, take_in: TakeIn) -> None:
    (invoice,) = take_in(BLOOM)
    deliver(online, at_once=True)
    assert processed.look(online) == 0
    messages.process(documents()[0])
    assert processed.look(online) == 1
    done = again(invoice)
    assert (done.state, done.outcome) == (State.DONE, Outcome.BOOKED)
    assert re.search("DocView", done.exact_url)
    assert processed.look(online) == 0


def test_another_vendor_who_writes_its_mark_does_not_make_it_booked(
    online: Division, take_in: TakeIn
) -> None:
    (invoice,) = take_in(BLOOM)
    deliver(online, at_once=True)
    posting = again(invoice).posting
    assert posting
    subject = f"Kwaad BV [{posting.reference}] [PK-FFFFFFFFFFFF]"
    processed_one = {"ID": str(uuid4()), "Subject": subject, "Type": 20, "ProposedEntryStatus": 50}
    store.put("documents/Documents", BAKERY, processed_one)
    assert processed.look(online) == 0
    assert_handed_over(invoice)


def test_it_is_booked_with_its_number_once_the_ledger_shows_the_entry(
    online: Division, take_in: TakeIn, person: User
) -> None:
    (invoice,) = take_in(BLOOM)
    deliver(online, at_once=True)
    supplier = next(row.key for row in rows("crm/Accounts") if row.data.get("IsSupplier"))
    account = next(row.key for row in rows("financial/GLAccounts") if row.data.get("Type") == 121)
    entry = {
        "Journal": "60",
        "Supplier": supplier,
        "EntryDate": "2026-09-15",
        "PurchaseEntryLines": [{"GLAccount": account, "AmountFC": 10.0, "VATCode": "2"}],
    }
    done = messages.process(documents()[0], entry=entry)
    mirror.sync(online, ["ledger"])
    tasks.follow(online.pk)
    booked, head = (
        again(invoice),
        LedgerLine.objects.get(entry_id=done.data["FinancialTransactionEntryID"], line_number=0),
    )
    assert (booked.outcome, booked.exact_number) == (Outcome.BOOKED, str(head.entry_number))
    assert booked.administration
    assert handed_over(booked.administration) == 0
    with pytest.raises(Refused):
        undo(booked, by=person, version=booked.version)


def test_trouble_while_looking_is_no_news(online: Division, take_in: TakeIn) -> None:
    (invoice,) = take_in(BLOOM)
    deliver(online, at_once=True)
    messages.process(documents()[0])
    faults.arm("gateway", method="GET", path="documents/Documents")
    assert processed.look(online) == 0
    assert_handed_over(invoice)
    assert processed.look(online) == 1


def test_looking_costs_one_call_and_none_when_nothing_waits(
    online: Division, take_in: TakeIn, count_calls: Callable[..., int]
) -> None:
    processed.look(online)
    assert count_calls(division=BAKERY) == 0
    take_in(BLOOM)
    deliver(online, at_once=True)
    before = count_calls(division=BAKERY)
    processed.look(online)
    assert count_calls(division=BAKERY) - before == 1


def test_exact_globe_tells_nothing_so_it_stays_handed_over(bakery: Division, take_in: TakeIn) -> None:
    globe = prepare(bakery, Package.EXACT_GLOBE)
    (invoice,) = take_in(BLOOM)
    deliver(globe, at_once=True)
    messages.process(documents()[0])
    assert processed.look(globe) == 0
    assert_handed_over(invoice)


def test_a_user_without_rights_on_the_mailbox_holds_nothing_else_up(
    bakery_in: Division, take_in: TakeIn
) -> None:
    switches.lack_rights("Communication mailboxes")
    (invoice,) = take_in(BLOOM)
    deliver(bakery_in, at_once=True)
    assert again(invoice).state == State.ATTENTION
    posting = again(invoice).posting
    assert posting
    assert (posting.state, clock.now() >= posting.created_at) == (PostingState.REFUSED, True)


def test_in_sandbox_mode_the_mail_reaches_the_simulated_mailbox(
    bakery_in: Division, take_in: TakeIn, settings: Settings
) -> None:
    settings.EMAIL_BACKEND, settings.EXACT_MAILBOX_FROM = written.EMAIL_BACKEND, OURS
    by_mail()
    (invoice,) = take_in(BLOOM)
    deliver(bakery_in, at_once=True)
    assert_handed_over(invoice)
    assert len(documents()) == 1


def bells() -> list[str]:
    return [bell.func() for bell in queue.OrmQ.objects.order_by("pk")]


@pytest.mark.parametrize("opens", [{"state": MailboxState.ACTIVE}, {"sender_allowed": "Anna"}])
def test_what_waits_goes_on_at_once_when_the_mailbox_can_be_used(
    bakery_in: Division, take_in: TakeIn, server: MailServer, opens: dict[str, str]
) -> None:
    by_mail()
    DigitalMailbox.objects.update(**dict.fromkeys(opens, ""))
    (invoice,) = take_in(BLOOM)
    deliver(bakery_in, at_once=True)
    assert bakery_in.administration
    tasks.mailbox_changed(bakery_in.administration.pk)
    waiting = again(invoice)
    assert waiting.waits_until and waiting.waits_until > clock.now()
    assert (waiting.waits_for, bool(waiting.detail)) == (WaitsFor.MAILBOX, True)
    assert "apps.invoices.tasks.deliver" not in bells()
    DigitalMailbox.objects.update(**opens)
    queue.ring("mailbox_changed", bakery_in.administration.pk)
    assert bells()[-1] == "apps.invoices.tasks.mailbox_changed"
    for _twice in range(2):
        tasks.mailbox_changed(bakery_in.administration.pk)
    ready = again(invoice)
    assert (ready.waits_for, ready.waits_until, ready.detail) == (WaitsFor.NOTHING, None, "")
    assert bells().count("apps.invoices.tasks.deliver") == 1
    deliver(bakery_in)
    assert_handed_over(invoice)


def test_what_waits_for_the_connection_or_for_its_minutes_is_left_to_that(
    online: Division, take_in: TakeIn
) -> None:
    (invoice,) = take_in(BLOOM)
    later = clock.now() + timedelta(minutes=5)
    for waits in ({"waits_for": WaitsFor.CONNECTION, "waits_until": None}, {"waits_for": WaitsFor.HOLD_BACK}):
        Invoice.objects.update(**{"state": State.READY, "waits_until": later, **waits})
        assert online.administration
        assert mailbox_opened(online.administration.pk) == []
        assert again(invoice).waits_for == waits["waits_for"]


@pytest.mark.parametrize(
    ("change", "stands"),
    [
        ({"state": MailboxState.ELSEWHERE, "for_division": 3100201}, (State.POSTING, "")),
        ({"address": "9@facturen.example"}, (State.READY, WaitsFor.MAILBOX)),
    ],
)
def test_what_was_planned_for_a_mailbox_that_changed_is_not_sent_there(
    online: Division,
    take_in: TakeIn,
    server: MailServer,
    change: dict[str, str | int],
    stands: tuple[str, str],
) -> None:
    by_mail()
    (invoice,) = take_in(BLOOM)
    server.troubles.append(("RCPT", "450 greylisted"))
    deliver(online, at_once=True)
    DigitalMailbox.objects.update(**change)
    time.advance(timedelta(minutes=30))
    deliver(online)
    waiting = again(invoice)
    assert (waiting.state, waiting.waits_for, server.mails) == (*stands, [])
    assert waiting.detail or (waiting.posting and waiting.posting.words)
    DigitalMailbox.objects.update(state=MailboxState.ACTIVE, for_division=BAKERY)
    on_and_on(online, 1)
    assert_handed_over(invoice)
    assert [to for to, _content in server.mails] == [change.get("address", ADDRESS)]


def test_a_message_that_lacks_a_file_is_finished_the_way_it_was_begun(
    online: Division, take_in: TakeIn, server: MailServer
) -> None:
    (invoice,) = take_in(BLOOM)
    faults.arm("gateway", method="POST", path=messages.FILES)
    deliver(online, at_once=True)
    posting = again(invoice).posting
    assert posting
    posting.keep("mailbox file 1", state="refused")
    posting.refuse(cause="rejected_by_exact", words="te groot")
    Invoice.objects.update(state=State.READY, cause="", waits_for="")
    by_mail()
    on_and_on(online, 2)
    assert_handed_over(invoice)
    assert (server.mails, len(rows(messages.MESSAGES)), len(rows(messages.FILES))) == ([], 1, 1)
