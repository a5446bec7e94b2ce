"""The e-mail door as people see it."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from apps.intake import releasing, tasks
from apps.intake.models import AllowedSender, Channel, Hold, Mailbox, PartOutcome, Receipt
from apps.people.models import Role
from tests import office
from tests.bells import calls, forget, rung
from tests.intake.factories import MailboxFactory, PartFactory, ReceiptFactory
from tests.office import Books

pytestmark = pytest.mark.django_db

LIST = "admin:intake_receipt_changelist"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


@pytest.fixture
def chief() -> Any:
    return office.browser(office.person(Role.ADMINISTRATOR))


@pytest.fixture
def held(books: Books) -> Receipt:
    made: Receipt = ReceiptFactory(
        channel=Channel.MAIL,
        sender="x@vreemd.example",
        subject="waiting-mail",
        administration=books.administration,
    )
    PartFactory(receipt=made, administration=books.administration, filename="factuur.pdf")
    assert releasing.hold(made)
    return made


def page(browser: Any, name: str, *args: Any) -> str:
    text: str = browser.get(reverse(name, args=args)).content.decode()
    return text


def test_the_page_of_a_waiting_mail_says_so_and_stands_still(browser: Any, held: Receipt) -> None:
    text = page(browser, "admin:intake_receipt_change", held.pk)
    assert "This mail waits: x@vreemd.example" in text
    assert "Always let in this sender" in text
    assert 'http-equiv="refresh"' not in text


def test_it_is_found_by_its_filter(browser: Any, held: Receipt) -> None:
    text = browser.get(reverse(LIST), {"hold__exact": Hold.SENDER}).content.decode()
    assert "waiting-mail" in text
    assert "Ooievaar-done.xml" not in text


def test_letting_in_once_and_always(browser: Any, held: Receipt, books: Books) -> None:
    address = reverse("admin:intake_receipt_let_in", args=(held.pk,))
    assert browser.get(address).status_code == 405
    text = browser.post(address, follow=True).content.decode()
    assert "let in and being read" in text
    held.refresh_from_db()
    assert held.hold == Hold.NONE
    assert not AllowedSender.objects.filter(pattern="x@vreemd.example").exists()
    assert LogEntry.objects.filter(object_id=str(held.pk)).exists()
    assert "does not wait any more" in browser.post(address, follow=True).content.decode()
    Receipt.objects.filter(pk=held.pk).update(hold=Hold.SENDER, released_by="")
    browser.post(address, {"always": "1"})
    assert AllowedSender.objects.get(pattern="x@vreemd.example").administration == books.administration


def test_turning_away(browser: Any, held: Receipt) -> None:
    address = reverse("admin:intake_receipt_turn_away", args=(held.pk,))
    text = browser.post(address, {"why": "advertising\0"}, follow=True).content.decode()
    part = held.parts.get()
    assert (part.outcome, part.reason) == (PartOutcome.IGNORED, "advertising")
    assert "advertising" in text


def test_a_partner_looks_only(books: Books, held: Receipt) -> None:
    browser = office.browser(office.person(Role.PARTNER, books.client))
    assert "Let in once" not in page(browser, "admin:intake_receipt_change", held.pk)
    for name in ("let_in", "turn_away"):
        assert browser.post(reverse(f"admin:intake_receipt_{name}", args=(held.pk,))).status_code == 403
    held.refresh_from_db()
    assert held.hold == Hold.SENDER


def test_somebody_of_another_client_decides_nothing(held: Receipt) -> None:
    other = office.books("Zwijgzaam")
    browser = office.browser(office.person(Role.REVIEWER, other.client))
    for name in ("let_in", "turn_away"):
        assert browser.post(reverse(f"admin:intake_receipt_{name}", args=(held.pk,))).status_code == 404
    held.refresh_from_db()
    assert held.hold == Hold.SENDER


@pytest.mark.parametrize("name", ["let_in", "turn_away"])
def test_nobody_decides_about_parts_of_others_in_the_same_mail(
    browser: Any, books: Books, held: Receipt, name: str
) -> None:
    hidden = PartFactory(receipt=held, administration=office.books("Zwijgzaam").administration)
    address = reverse(f"admin:intake_receipt_{name}", args=(held.pk,))
    assert "Let in once" not in page(browser, "admin:intake_receipt_change", held.pk)
    assert browser.post(address).status_code == 403
    hidden.refresh_from_db()
    held.refresh_from_db()
    assert (held.hold, hidden.outcome) == (Hold.SENDER, PartOutcome.RECEIVED)


def test_a_sender_without_an_address_is_let_in_once_only(browser: Any, held: Receipt) -> None:
    Receipt.objects.filter(pk=held.pk).update(sender="")
    text = page(browser, "admin:intake_receipt_change", held.pk)
    assert "Let in once" in text
    assert "Always let in" not in text


READ = "apps.intake.tasks.read_mailbox"
FORM = {
    "address": "Post@Kantoor.example",
    "is_open": "on",
    "host": "imap.kantoor.example",
    "port": "993",
    "security": "tls",
    "username": "post",
    "new_password": " geheim ",
    "inbox": "INBOX",
    "done_folder": "Postkamer",
    "failed_folder": "Te groot",
}


def test_setting_a_mailbox_up(chief: Any) -> None:
    forget()
    chief.post(reverse("admin:intake_mailbox_add"), FORM)
    made = Mailbox.objects.get(address="post@kantoor.example")
    assert made.password == " geheim "
    assert rung() == calls(READ, made.pk)
    text = page(chief, "admin:intake_mailbox_change", made.pk)
    assert "geheim" not in text
    chief.post(
        reverse("admin:intake_mailbox_change", args=(made.pk,)), {**FORM, "new_password": "", "port": 994}
    )
    made.refresh_from_db()
    assert (made.password, made.port) == (" geheim ", 994)
    assert "geheim" not in page(chief, "admin:intake_mailbox_history", made.pk)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"security": "none"}, "without encryption"),
        ({"done_folder": "INBOX"}, "another folder"),
        ({"new_password": ""}, "Fill in the password"),
    ],
)
def test_what_a_mailbox_may_not_be(chief: Any, change: dict[str, str], words: str) -> None:
    answer = chief.post(reverse("admin:intake_mailbox_add"), {**FORM, **change})
    assert words in answer.content.decode()
    assert not Mailbox.objects.exists()


def test_a_kept_password_is_not_sent_to_another_server(chief: Any) -> None:
    made = MailboxFactory(host="imap.kantoor.example", password="geheim")
    change = {**FORM, "address": made.address, "host": "imap.elders.example", "new_password": ""}
    answer = chief.post(reverse("admin:intake_mailbox_change", args=(made.pk,)), change)
    assert "Fill in the password" in answer.content.decode()
    made.refresh_from_db()
    assert made.host == "imap.kantoor.example"


def test_its_page_tells_trouble_and_addresses_and_looks_when_asked(chief: Any, books: Books) -> None:
    made = MailboxFactory(address="post@kantoor.example", trouble="The password is wrong.")
    text = page(chief, "admin:intake_mailbox_change", made.pk)
    assert "The password is wrong." in text
    assert f"post+{books.administration.slug}@kantoor.example" in text
    forget()
    answer = chief.post(reverse("admin:intake_mailbox_look", args=(made.pk,)), follow=True)
    assert "A worker looks into it now" in answer.content.decode()
    assert rung() == calls(READ, made.pk)
    assert "The password is wrong." in page(chief, "admin:intake_mailbox_changelist")


def test_others_see_the_mailboxes_of_their_clients_and_change_none(browser: Any, books: Books) -> None:
    mine = Mailbox.objects.get(administration=books.administration)
    MailboxFactory(address="geheim@kantoor.example")
    text = page(browser, "admin:intake_mailbox_changelist")
    assert mine.address in text
    assert "geheim@kantoor.example" not in text
    assert "new_password" not in page(browser, "admin:intake_mailbox_change", mine.pk)
    assert browser.post(reverse("admin:intake_mailbox_look", args=(mine.pk,))).status_code == 403


def test_many_senders_at_once(browser: Any, books: Books) -> None:
    address = reverse("admin:intake_allowedsender_paste")
    lines = "Jan <Jan@leverancier.example>;\n\n*@Groothandel.example\nnobody\n"
    send = {"administration": books.administration.pk, "lines": lines}
    assert "nobody is neither" in browser.post(address, send).content.decode()
    text = browser.post(address, {**send, "lines": lines.replace("nobody", "")}, follow=True).content.decode()
    assert "2 senders are added" in text
    added = AllowedSender.objects.exclude(added_by="").order_by("pattern")
    assert [one.pattern for one in added] == ["@groothandel.example", "jan@leverancier.example"]
    other = office.books("Zwijgzaam")
    wrong = browser.post(address, {"administration": other.administration.pk, "lines": "a@b.example"})
    assert wrong.status_code == 200
    assert not AllowedSender.objects.filter(pattern="a@b.example").exists()


def test_one_sender_by_hand(books: Books) -> None:
    browser = office.browser(office.person(Role.REVIEWER, books.client))
    send = {"administration": books.administration.pk, "pattern": "Anna <A@b.example>"}
    browser.post(reverse("admin:intake_allowedsender_add"), send)
    made = AllowedSender.objects.get(pattern="a@b.example")
    assert made.added_by
    assert (
        "neither"
        in browser.post(
            reverse("admin:intake_allowedsender_add"), {**send, "pattern": "nobody"}
        ).content.decode()
    )


def test_lists_cost_the_same_at_any_size(
    chief: Any, books: Books, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        MailboxFactory(administration=books.administration if number % 2 else None)
    for name in ("mailbox", "allowedsender"):
        with django_assert_max_num_queries(20):
            page(chief, f"admin:intake_{name}_changelist")


def test_each_due_mailbox_gets_a_bell_of_its_own() -> None:
    due = {MailboxFactory().pk, MailboxFactory().pk}
    MailboxFactory(is_open=False)
    forget()
    tasks.read_mailboxes()
    assert sorted(rung()) == sorted(call for key in due for call in calls(READ, key))


def test_a_closed_mailbox_is_not_read() -> None:
    made = MailboxFactory(is_open=False)
    tasks.read_mailbox(made.pk)
    tasks.read_mailbox(0)
    made.refresh_from_db()
    assert made.checked_at is None


def test_a_mail_with_parts_of_others_is_decided_by_who_sees_them_all(
    browser: Any, chief: Any, held: Receipt
) -> None:
    PartFactory(receipt=held, administration=None, filename="van-een-ander.pdf")
    assert "Let in once" not in page(browser, "admin:intake_receipt_change", held.pk)
    for name in ("admin:intake_receipt_let_in", "admin:intake_receipt_turn_away"):
        assert browser.post(reverse(name, args=[held.pk])).status_code == 403
    held.refresh_from_db()
    assert held.hold == Hold.SENDER
    assert chief.post(reverse("admin:intake_receipt_let_in", args=[held.pk])).status_code == 302
