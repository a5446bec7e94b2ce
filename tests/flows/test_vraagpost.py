"""A question to the client: booked on suspense meanwhile, mailed with a link, answered once, and coded anew."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client as Browser
from pytest_django import Settings

from apps.clients.models import Administration, Client
from apps.core import clock
from apps.exact.models import Division, GLAccount
from apps.invoices import client_questions, question_mails
from apps.invoices.delivering import deliver
from apps.invoices.models import ClientQuestion, InExact, Invoice, State
from apps.invoices.reviewing import Refused
from apps.people.models import Role, User
from apps.sandbox import switches, time
from tests import office
from tests.flows.conftest import TakeIn
from tests.flows.test_afterwards import BLOOM, ENTRIES, again, in_exact
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def suspense(bakery: Division) -> GLAccount:
    switches.change(minute_limit=10_000)
    Administration.objects.filter(division=bakery).update(mode="propose")
    Client.objects.update(question_email="klant@bakkerij.example")
    accounts = GLAccount.objects.filter(
        division=bakery, blocked=False, type__gte=110, use_cost_center=0, use_cost_unit=0
    )
    account = next(one for one in accounts.order_by("-code") if one.takes_entries)
    Administration.objects.filter(division=bakery).update(suspense_account=account.code)
    return account


@pytest.fixture
def asked(bakery: Division, suspense: GLAccount, take_in: TakeIn) -> ClientQuestion:
    (invoice,) = take_in(BLOOM)
    person: User = UserFactory()
    fresh = again(invoice)
    assert fresh.state == State.PROPOSED
    return client_questions.ask(fresh, "Waar was dit voor?", by=person, version=fresh.version)


def document(asked: ClientQuestion) -> Invoice:
    return again(asked.invoice)


def question(asked: ClientQuestion) -> ClientQuestion:
    return ClientQuestion.objects.get(pk=asked.pk)


def read(link: str) -> str:
    """Return the page of a link as somebody reads it who prefers English."""
    return Browser(headers={"accept-language": "en"}).get(link).content.decode()


def sent_link() -> str:
    """Send what is due, and return the path in the mail."""
    time.advance(timedelta(minutes=6))
    assert question_mails.send_due() == 1
    found = re.search(r"http://[^/]+(/questions/[0-9a-f]{64}/)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_it_is_booked_on_suspense_and_the_answer_brings_it_back(
    bakery: Division, asked: ClientQuestion, suspense: GLAccount
) -> None:
    assert document(asked).state == State.READY
    assert question_mails.send_due() == 0  # not within the minutes for undo
    link = sent_link()
    deliver(bakery, at_once=True)
    assert document(asked).state == State.DONE
    assert {line.gl_code for line in document(asked).lines.all()} == {suspense.code}
    assert len(in_exact(ENTRIES)) == 1
    page = Browser().get(link)
    assert page.status_code == 200
    assert "Waar was dit voor?" in page.content.decode()
    Browser().post(link, {"answer": "Bloem voor het brood"})
    assert question(asked).answer == "Bloem voor het brood"
    for _minute in range(3):
        client_questions.settle()
        deliver(bakery, at_once=True)
    client_questions.settle()
    invoice = document(asked)
    assert (invoice.state, in_exact(ENTRIES)) == (State.PROPOSED, [])
    assert suspense.code not in {line.gl_code for line in invoice.lines.all()}
    assert "Bloem voor het brood" in invoice.events.latest("pk").why
    assert question(asked).closed_at


def test_a_link_answers_once_and_an_unknown_one_never(asked: ClientQuestion) -> None:
    link = sent_link()
    browser = Browser()
    browser.post(link, {"answer": "eerste"})
    browser.post(link, {"answer": "tweede"})
    assert question(asked).answer == "eerste"
    assert browser.get("/questions/" + "0" * 64 + "/").status_code == 404
    assert browser.get("/questions/kort/").status_code == 404


def test_a_link_ends(asked: ClientQuestion, settings: Settings) -> None:
    link = sent_link()
    time.advance(timedelta(days=settings.CLIENT_QUESTION_DAYS, minutes=1))
    Browser().post(link, {"answer": "te laat"})
    assert question(asked).answer == ""


def test_a_post_needs_the_token_of_its_page(asked: ClientQuestion) -> None:
    link = sent_link()
    assert Browser(enforce_csrf_checks=True).post(link, {"answer": "vals"}).status_code == 403


def test_the_mail_tells_no_more_than_it_must_and_the_row_keeps_no_secret(asked: ClientQuestion) -> None:
    link = sent_link()
    secret = link.split("/")[2]
    assert secret not in str(ClientQuestion.objects.values().get(pk=asked.pk))
    body = str(mail.outbox[-1].body)
    assert document(asked).number in body
    assert "NL" not in re.sub(r"http\S+", "", body).split("---")[0].replace(document(asked).number, "")
    assert mail.outbox[-1].attachments == []


def test_a_mail_that_fails_is_tried_again_with_the_same_link(
    asked: ClientQuestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise OSError("no mail server")

    time.advance(timedelta(minutes=6))
    with monkeypatch.context() as patched:
        patched.setattr(question_mails, "send_mail", broken)
        assert question_mails.send_due() == 0
    assert "no mail server" in question(asked).trouble
    assert question_mails.send_due() == 0
    link = sent_link()
    assert question_mails.digest_of(link.split("/")[2]) == question(asked).digest
    assert question_mails.send_due() == 0
    assert len(mail.outbox) == 1


def test_undone_before_it_was_sent_nothing_is_asked(asked: ClientQuestion, suspense: GLAccount) -> None:
    client_questions.drop(question(asked), by=asked.asked_by, version=document(asked).version)
    time.advance(timedelta(minutes=6))
    assert question_mails.send_due() == 0
    assert document(asked).state == State.PROPOSED
    assert suspense.code not in {line.gl_code for line in document(asked).lines.all()}


def test_what_exact_processed_meanwhile_is_to_be_corrected_there(
    bakery: Division, asked: ClientQuestion
) -> None:
    deliver(bakery, at_once=True)
    Invoice.objects.filter(pk=asked.invoice_id).update(in_exact=InExact.PROCESSED)
    assert client_questions.answer(question(asked), "privé", who="klant")
    client_questions.settle()
    invoice = document(asked)
    assert invoice.state == State.DONE
    assert "privé" in invoice.to_correct
    assert client_questions.settle() == 0


def test_without_an_address_it_is_asked_by_hand(
    bakery: Division, suspense: GLAccount, take_in: TakeIn
) -> None:
    Client.objects.update(question_email="")
    (invoice,) = take_in(BLOOM)
    fresh = again(invoice)
    one = client_questions.ask(fresh, "Waarvoor?", by=UserFactory(), version=fresh.version)
    assert (one.to, bool(one.trouble), one.next_attempt_at) == ("", True, None)
    with pytest.raises(Refused):
        client_questions.ask(again(invoice), "Nog eens?", by=UserFactory(), version=again(invoice).version)
    client_questions.answer(one, "voor de zaak", who="telefoon")
    client_questions.settle()
    assert again(invoice).state == State.PROPOSED
    assert ClientQuestion.objects.filter(closed_at__lte=clock.now()).exists()


def test_without_a_suspense_account_nobody_is_asked(suspense: GLAccount, take_in: TakeIn) -> None:
    Administration.objects.update(suspense_account="")
    (invoice,) = take_in(BLOOM)
    fresh = again(invoice)
    with pytest.raises(Refused):
        client_questions.ask(fresh, "Waarvoor?", by=UserFactory(), version=fresh.version)
    assert not ClientQuestion.objects.exists()


def test_too_many_answers_from_one_place_are_refused(asked: ClientQuestion) -> None:
    browser, link = Browser(), sent_link()
    answers = [browser.post(link, {"answer": ""}).status_code for _time in range(21)]
    assert (answers[0], answers[-1]) == (200, 429)


def ended(asked: ClientQuestion, settings: Settings) -> str:
    link = sent_link()
    time.advance(timedelta(days=settings.CLIENT_QUESTION_DAYS, minutes=1))
    return link


def test_sent_again_it_has_a_new_link_and_the_old_one_says_so(
    bakery: Division, asked: ClientQuestion, settings: Settings
) -> None:
    old = ended(asked, settings)
    deliver(bakery, at_once=True)
    client_questions.send_again(question(asked))
    new = sent_link()
    assert new != old
    assert "a newer mail was sent" in read(old)
    Browser().post(old, {"answer": "te laat"})
    assert question(asked).answer == ""
    Browser().post(new, {"answer": "op tijd"})
    assert question(asked).answer == "op tijd"
    assert "a newer mail" not in read(old)


def test_sent_again_it_goes_to_the_address_of_now_after_eight_failed_attempts(
    asked: ClientQuestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise OSError("no such mailbox")

    with monkeypatch.context() as patched:
        patched.setattr(question_mails, "send_mail", broken)
        for _attempt in range(question_mails.MOST_ATTEMPTS):
            time.advance(timedelta(hours=5))
            question_mails.send_due()
    assert (question(asked).attempts, question(asked).next_attempt_at) == (8, None)
    Client.objects.update(question_email="nieuw@bakkerij.example")
    client_questions.send_again(question(asked))
    assert (question(asked).attempts, question(asked).trouble) == (0, "")
    sent_link()
    assert mail.outbox[-1].to == ["nieuw@bakkerij.example"]


def test_pressed_twice_one_mail_goes(asked: ClientQuestion) -> None:
    sent_link()
    seen = question(asked)
    client_questions.send_again(seen)
    with pytest.raises(Refused):
        client_questions.send_again(seen)
    client_questions.send_again(question(asked))
    sent_link()
    assert question_mails.send_due() == 0
    assert len(mail.outbox) == 2


def test_what_is_answered_or_has_no_address_is_not_sent_again(asked: ClientQuestion) -> None:
    Client.objects.update(question_email="")
    with pytest.raises(Refused, match="no e-mail address"):
        client_questions.send_again(question(asked))
    Client.objects.update(question_email="klant@bakkerij.example")
    client_questions.answer(question(asked), "privé", who="klant")
    with pytest.raises(Refused):
        client_questions.send_again(question(asked))


def test_a_key_that_is_changed_before_or_between_attempts_leaves_no_dead_link(
    asked: ClientQuestion, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECRET_KEY = "another key, before the first attempt"
    link = sent_link()
    assert Browser().get(link).context["words"] == ""
    ClientQuestion.objects.update(sent_at=None, next_attempt_at=clock.now())  # killed before it said so
    settings.SECRET_KEY = "another key, between two attempts"
    newer = sent_link()
    assert "a newer mail was sent" in read(link)
    Browser().post(newer, {"answer": "bloem"})
    assert question(asked).answer == "bloem"


def test_sent_again_while_a_mail_is_on_its_way_another_one_goes(
    asked: ClientQuestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_args: object) -> None:
        client_questions.send_again(question(asked))

    time.advance(timedelta(minutes=6))
    with monkeypatch.context() as patched:
        patched.setattr(question_mails, "send_mail", pressed)
        assert question_mails.send_due() == 0
    sent_link()
    assert question(asked).sent_at


def test_the_question_its_list_and_its_document_send_it_again(
    bakery: Division, asked: ClientQuestion, settings: Settings
) -> None:
    ended(asked, settings)
    client = Client.objects.get(administrations=asked.invoice.administration)
    browser = office.browser(office.person(Role.BOOKKEEPER, client))
    again_url = f"/invoices/clientquestion/{asked.pk}/again/"
    page, paper = (
        f"/invoices/clientquestion/{asked.pk}/change/",
        f"/invoices/invoice/{asked.invoice_id}/change/",
    )
    for shown in (page, paper):
        assert again_url in browser.get(shown).content.decode()
    assert browser.post(again_url, {"from": "document"})["Location"] == paper
    sent_link()
    assert browser.post(again_url)["Location"] == page
    sent_link()
    browser.post("/invoices/clientquestion/", {"action": "send_again", "_selected_action": [asked.pk]})
    sent_link()
    assert len(mail.outbox) == 4
    partner = office.browser(office.person(Role.PARTNER, client))
    assert partner.post(again_url).status_code == 403
    assert again_url not in partner.get(page).content.decode()
    stranger = office.browser(office.person(Role.BOOKKEEPER))
    assert stranger.post(again_url).status_code == 404
