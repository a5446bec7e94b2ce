"""Questions to clients, document by document: who reads them, what is left behind, and what stops."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import OperationalError
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from apps.clients.models import Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import GLAccount, Relation, VATCode
from apps.invoices import client_questions, coding, question_mails, retabling
from apps.invoices.models import ClientQuestion, Invoice, State
from apps.invoices.reviewing import LineEdit, accept, edit_lines, ignore, reopen, route, undo
from apps.people.models import User
from apps.rules import rechecking, vat_table
from apps.rules.models import VATTable
from tests.exact.factories import GLAccountFactory, LedgerLineFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import xml
from tests.posting.factories import PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def asking(settings: Settings) -> Books:
    """Books of a client with an address for questions, and two accounts that can be the suspense account."""
    settings.PUBLIC_URL = "https://postkamer.example"
    books = make_books(mode=Mode.PROPOSE)
    for number in ("1998", "1999"):
        GLAccountFactory(division=books.division, code=number)
    books.administration.suspense_account = "1999"
    books.administration.save()
    books.administration.client.question_email = "bakker@klant.example"
    books.administration.client.save()
    return books


def ask(by: User, number: str = "Q-1") -> ClientQuestion:
    invoice = coded(xml(number=number), name=f"{number}.xml")
    return client_questions.ask(invoice, "Waarvoor?", by=by, version=invoice.version)


def again(asked: ClientQuestion) -> Invoice:
    rows = Invoice.objects.select_related("administration__client", "posting", "part", "double_of", "removal")
    return rows.get(pk=asked.invoice_id)


def page_of(asked: ClientQuestion) -> str:
    """Return the page of the link, within the days that it holds."""
    secret = question_mails.secret_of(asked)  # its digest is kept when the mail is sent
    ends = clock.now() + timedelta(days=5)
    ClientQuestion.objects.update(digest=question_mails.digest_of(secret), expires_at=ends)
    link = reverse("questions:answer", args=(secret,))
    page = Browser().get(link)
    assert page.status_code == 200
    return page.content.decode()


def make_due() -> None:
    earlier = clock.now() - timedelta(minutes=1)
    ClientQuestion.objects.update(next_attempt_at=earlier)
    Invoice.objects.update(waits_until=earlier)


def is_ended(asked: ClientQuestion, mails: list[EmailMessage]) -> bool:
    """Tell whether nothing is asked any more: no mail goes, and the link says so and nothing of the document."""
    make_due()
    assert question_mails.send_due() == 0
    page = page_of(asked)
    asked.refresh_from_db()
    is_told = "Deze vraag is niet meer nodig" in page and "Anker en Touw" not in page
    return is_told and asked.closed_at is not None and not mails


def test_a_client_is_not_asked_about_a_document_that_went_to_another(
    asking: Books, reviewer: User, mailoutbox: list[Any]
) -> None:
    question = ask(reviewer)
    other = make_books(kvk="11112222", mode=Mode.AUTOMATIC)
    other.administration.name = "Concurrent BV"
    other.administration.save()
    assert "Anker en Touw" in page_of(question)
    invoice = again(question)
    route(invoice, other.administration, by=reviewer, version=invoice.version)
    assert is_ended(question, mailoutbox)
    assert "Concurrent" not in page_of(question)
    assert not client_questions.answer(question, "te laat", who="klant")


def test_a_client_is_not_asked_about_a_document_that_is_put_aside(
    asking: Books, reviewer: User, mailoutbox: list[Any]
) -> None:
    question = ask(reviewer)
    ignore(again(question), by=reviewer, why="dubbel")
    assert is_ended(question, mailoutbox)
    reopen(again(question), by=reviewer)
    assert [line.gl_code for line in again(question).lines.all()] == ["4000"]


def test_a_client_is_not_asked_about_a_booking_that_is_taken_back(
    asking: Books, reviewer: User, mailoutbox: list[Any]
) -> None:
    question = ask(reviewer)
    undo(again(question), by=reviewer)
    assert is_ended(question, mailoutbox)
    assert again(question).state == State.PROPOSED
    assert [line.gl_code for line in again(question).lines.all()] == ["4000"]


def test_an_answer_that_came_before_the_booking_was_taken_back_is_still_told(
    asking: Books, reviewer: User
) -> None:
    question = ask(reviewer)
    assert client_questions.answer(question, "touw", who="klant")
    undo(again(question), by=reviewer)
    client_questions.settle()
    assert "touw" in again(question).events.order_by("-pk")[0].why


def test_nothing_is_asked_while_the_booking_is_removed_from_exact(
    asking: Books, reviewer: User, mailoutbox: list[Any]
) -> None:
    question = ask(reviewer)
    removal = PostingFactory(division=asking.division)
    Invoice.objects.update(state=State.POSTING, waits_for="", posting=removal, removal=removal)
    make_due()
    assert question_mails.send_due() == 0
    page = page_of(question)
    assert "Deze vraag is niet meer nodig" in page and "Anker en Touw" not in page


def test_the_answer_takes_it_off_the_account_on_which_it_was_put(asking: Books, reviewer: User) -> None:
    question = ask(reviewer)
    asking.administration.suspense_account = "1998"
    asking.administration.save()
    assert client_questions.answer(question, "Touw voor de zaak", who="klant")
    assert client_questions.settle() == 1
    assert again(question).state == State.PROPOSED
    assert [line.gl_code for line in again(question).lines.all()] == ["4000"]


def test_history_does_not_propose_an_account_that_was_the_suspense_account(
    asking: Books, reviewer: User
) -> None:
    Relation.objects.update(gl_account_purchase=None)
    account = GLAccount.objects.get(code="1999")
    for _time in range(5):
        LedgerLineFactory(
            division=asking.division,
            relation=asking.supplier.exact_id,
            type=30,
            line_number=1,
            gl_account=account.exact_id,
            gl_code="1999",
            date=clock.today(),
            description="Touw",
        )
    ask(reviewer)
    asking.administration.suspense_account = "1998"
    asking.administration.save()
    assert coded(xml(number="H-2"), name="2.xml").cause == Cause.NO_GL_ACCOUNT


@pytest.fixture
def poisoned(asking: Books, reviewer: User, monkeypatch: pytest.MonkeyPatch) -> list[ClientQuestion]:
    """Two questions that are answered; the document of the first one cannot be coded."""
    questions = [ask(reviewer, "Q-1"), ask(reviewer, "Q-2")]
    for one in questions:
        assert client_questions.answer(one, "ja", who="klant")
    real = coding._book

    def book(invoice: Invoice, *args: Any) -> Any:
        if invoice.pk == questions[0].invoice_id:
            raise ZeroDivisionError
        return real(invoice, *args)

    monkeypatch.setattr(coding, "_book", book)
    return questions


def test_one_that_cannot_be_coded_does_not_stop_the_answers_behind_it(poisoned: list[ClientQuestion]) -> None:
    assert client_questions.settle() == 1
    first, second = ClientQuestion.objects.order_by("pk")
    assert (first.closed_at, second.closed_at is not None) == (None, True)
    assert "ZeroDivisionError" in first.trouble


def test_a_database_that_is_away_is_no_trouble_of_a_question(
    asking: Books, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = ask(reviewer)
    client_questions.answer(question, "ja", who="klant")

    def away(*_args: Any, **_how: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(client_questions, "code", away)
    with pytest.raises(OperationalError):
        client_questions.settle()
    assert ClientQuestion.objects.get().trouble == ""


def test_a_doubted_vat_code_does_not_close_a_question(asking: Books, reviewer: User) -> None:
    vat_table.confirm_rows(VATTable.objects.all(), "Sanne")
    rechecking.recheck(asking.administration)
    question = ask(reviewer)
    VATCode.objects.update(type="I")
    rechecking.recheck(asking.administration)
    retabling.table_changed(asking.administration.pk)
    client_questions.settle()
    vat_table.confirm(asking.administration, "Sanne")
    retabling.table_changed(asking.administration.pk)
    client_questions.settle()
    question.refresh_from_db()
    invoice = again(question)
    assert (invoice.state, question.closed_at) == (State.PROPOSED, None)
    accept(invoice, by=reviewer, version=invoice.version)
    make_due()
    assert question_mails.send_due() == 1


def test_a_question_ends_when_a_person_codes_the_document(asking: Books, reviewer: User) -> None:
    question = ask(reviewer)
    Invoice.objects.update(state=State.PROPOSED, waits_for="", waits_until=None)
    (line,) = again(question).lines.all()
    edit_lines(again(question), [LineEdit(line.pk, "4000", "V21")], by=reviewer)
    client_questions.settle()
    question.refresh_from_db()
    assert question.closed_at is not None
