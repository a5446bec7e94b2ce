"""A document waits for an account: from one of its lines a rule is made, tried on the past, saved, and followed."""

from typing import Any

import pytest
from django.urls import reverse

from apps.core.causes import Cause
from apps.core.queue import OrmQ
from apps.exact.models import Relation
from apps.invoices import tasks
from apps.invoices.models import Invoice, InvoiceLine, State, ValueSource
from apps.people.models import Role, User
from apps.rules.models import BookingRule, Replay
from tests import office
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import changed, xml
from tests.invoices.pasts import in_ledger, more_accounts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WORK = {"replay_rule": tasks.replay_rule, "rules_changed": tasks.rules_changed}


@pytest.fixture
def books() -> Books:
    """Books in which the supplier's card names no account, so that its documents wait; a year was booked on 4510."""
    found = make_books()
    more_accounts(found, "4510")
    Relation.objects.update(gl_account_purchase=None)
    return found


@pytest.fixture
def reviewer(books: Books) -> User:
    return office.person(Role.REVIEWER, books.administration.client)


def work() -> None:
    """Do what the bells of rules and replays ask, as the worker would."""
    for bell in OrmQ.objects.order_by("pk"):
        task = WORK.get(bell.func().rpartition(".")[2])
        if task:
            task(*bell.args())
            bell.delete()


def waiting(number: str, *texts: str) -> Invoice:
    content = xml(number=number, lines=len(texts))
    for position, text in enumerate(texts, start=1):
        content = changed(content, f"<cbc:Name>Touw {position} mm</cbc:Name>", f"<cbc:Name>{text}</cbc:Name>")
    invoice = coded(content, name=f"{number}.xml")
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.NO_GL_ACCOUNT)
    return invoice


def lines(invoice: Invoice) -> list[tuple[str, str]]:
    rows = InvoiceLine.objects.filter(invoice=invoice).order_by("position")
    return list(rows.values_list("gl_code", "gl_source"))


def choose(browser: Any, invoice: Invoice, code: str) -> InvoiceLine:
    """Choose the account of the first line on the page of its document."""
    line: InvoiceLine = invoice.lines.order_by("position")[0]
    form = {"version": invoice.version, f"gl_code-{line.pk}": code}
    browser.post(reverse("admin:invoices_invoice_act", args=(invoice.pk, "edit")), form)
    line.refresh_from_db()
    assert (line.gl_code, line.gl_source) == (code, ValueSource.PERSON)
    return line


def test_from_a_line_to_a_rule_that_codes_the_documents_that_wait(books: Books, reviewer: User) -> None:
    here, other = waiting("1", "Glasvezel", "Router"), waiting("2", "Telefoon")
    browser = office.browser(reviewer)
    line = choose(browser, here, "4510")
    for month in range(1, 4):
        in_ledger(books, "4510", f"Internet {month}", days=30 * month)
    page = browser.get(reverse("admin:invoices_invoice_change", args=(here.pk,))).content.decode()
    offers = reverse("admin:invoices_bookingrule_from_line", args=(line.pk,))
    assert offers in page

    chosen = {"kind": "supplier", "owner": "administration", "act": "try"}
    answer = browser.post(offers, chosen, follow=True)
    assert "It begins in a moment." in answer.content.decode()
    work()
    tried = browser.get(answer.redirect_chain[-1][0]).content.decode()
    assert "It would have booked 3 lines, of which 3 as you did." in tried
    assert "All purchases from supplier 10023 Anker en Touw B.V. → 4510" in tried
    assert not BookingRule.objects.exists()
    assert lines(other) == [("", "")]

    keep = reverse("admin:invoices_bookingrule_replay_keep", args=(Replay.objects.get().pk,))
    assert keep in tried
    answer = browser.post(keep, follow=True)
    rule = BookingRule.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("admin:rules_bookingrule_change", args=(rule.pk,))
    row = rule.history.get()
    assert (row.history_user, row.history_change_reason) == (reviewer, "tried on the past")

    work()
    assert lines(here) == [("4510", ValueSource.PERSON), ("4510", ValueSource.RULE)]
    assert lines(other) == [("4510", ValueSource.RULE)]
    for invoice in (here, other):
        invoice.refresh_from_db()
        assert invoice.cause == ""
        assert invoice.events.latest("pk").why == "booking rules were changed"


def test_made_without_trying_it_is_followed_as_well(books: Books, reviewer: User) -> None:
    here, other = waiting("1", "Glasvezel", "Router"), waiting("2", "Telefoon")
    browser = office.browser(reviewer)
    line = choose(browser, here, "4510")
    offers = reverse("admin:invoices_bookingrule_from_line", args=(line.pk,))
    browser.post(offers, {"kind": "supplier", "owner": "administration", "act": "make"})
    work()
    assert lines(here)[1] == ("4510", ValueSource.RULE)
    assert lines(other) == [("4510", ValueSource.RULE)]


def test_a_rule_with_parts_is_tried_unsaved_and_then_changed_from_its_own_page(
    books: Books, reviewer: User
) -> None:
    in_ledger(books, "4510", "Internet")
    browser = office.browser(reviewer)
    add = reverse("admin:rules_bookingrule_add")
    form = {
        "name": "Half",
        "administration": books.administration.pk,
        "supplier_contains": "anker",
        "position": "100",
        "active": "on",
        "text_in": "line",
        "text_match": "contains",
        "splits-TOTAL_FORMS": "2",
        "splits-INITIAL_FORMS": "0",
        "splits-0-position": "2",
        "splits-0-gl_code": "4000",
        "splits-1-position": "1",
        "splits-1-percentage": "50",
        "splits-1-gl_code": "4510",
    }
    page = browser.get(add).content.decode()
    ask = reverse("admin:invoices_bookingrule_replay")
    assert f'formaction="{ask}"' in page
    shown = browser.post(ask, form, follow=True)
    assert "50 % on 4510 General costs + the rest on 4000 General costs" in shown.content.decode()
    browser.post(reverse("admin:invoices_bookingrule_replay_keep", args=(Replay.objects.get().pk,)))
    rule = BookingRule.objects.get()
    parts = list(rule.splits.values_list("position", "gl_code"))
    assert parts == [(1, "4510"), (2, "4000")]

    page = browser.get(reverse("admin:rules_bookingrule_change", args=(rule.pk,))).content.decode()
    assert f'formaction="{ask}?rule={rule.pk}"' in page
    keys = list(rule.splits.values_list("pk", flat=True))
    form |= {"splits-INITIAL_FORMS": "2", "splits-0-id": keys[0], "splits-1-id": keys[1]}
    form |= {"splits-0-rule": rule.pk, "splits-1-rule": rule.pk, "splits-0-gl_code": "4510"}
    browser.post(f"{ask}?rule={rule.pk}", form)
    change = Replay.objects.latest("pk")
    assert (change.rule, BookingRule.objects.count()) == (rule, 1)
    browser.post(reverse("admin:invoices_bookingrule_replay_keep", args=(change.pk,)))
    assert set(rule.splits.values_list("gl_code", flat=True)) == {"4510"}
    who = rule.splits.model.history.filter(rule_id=rule.pk).values_list("history_user", flat=True)
    assert set(who) == {reviewer.pk}
    assert rule.history.latest().history_change_reason.startswith("parts: ")
