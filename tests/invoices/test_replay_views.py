"""The page of a replay, and how it is asked for and kept."""

from typing import Any

import pytest

from apps.invoices import replay
from apps.people.models import Role
from apps.rules import ruling
from apps.rules.models import BookingRule, Replay
from apps.rules.replay_spec import spec_of
from tests import office
from tests.invoices.conftest import Books, make_books
from tests.invoices.pasts import in_ledger, more_accounts, our_own
from tests.rules.factories import BookingRuleFactory, RuleSplitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ASK = "/invoices/invoice/rules/replay/"


@pytest.fixture
def person(books: Books) -> Any:
    more_accounts(books, "4510")
    return office.person(Role.REVIEWER, books.administration.client)


@pytest.fixture
def browser(person: Any) -> Any:
    return office.browser(person)


def form_of(browser: Any, address: str) -> dict[str, Any]:
    """Return what the form of a rule holds, as a browser would send it."""
    context = browser.get(address).context
    forms = [context["adminform"].form]
    for one in context.get("inline_admin_formsets") or ():
        forms += [one.formset.management_form, *one.formset.forms]
    found = {field.html_name: field.value() for form in forms for field in form}
    return {name: value for name, value in found.items() if value is not None and value is not False}


def filled_in(browser: Any, books: Books, **values: Any) -> dict[str, Any]:
    form = form_of(browser, "/rules/bookingrule/add/")
    owned = {
        "administration": books.administration.pk,
        "name": "New",
        "supplier_contains": "anker",
        "gl_code": "4000",
    }
    return {**form, **owned, **values}


def run() -> Replay:
    replay.run(Replay.objects.get().pk)
    return Replay.objects.get()


def test_a_rule_is_tried_as_it_is_filled_in_and_nothing_is_saved(books: Books, browser: Any) -> None:
    in_ledger(books)
    answer = browser.post(ASK, filled_in(browser, books), follow=True)
    assert "It begins in a moment." in answer.content.decode()
    assert 'http-equiv="refresh"' in answer.content.decode()
    assert not BookingRule.objects.exists()
    found = run()
    assert (found.rule, found.agrees) == (None, 1)
    shown = browser.get(f"{ASK}{found.pk}/").content.decode()
    assert "It would have booked 1 line, of which 1 as you did." in shown
    assert 'http-equiv="refresh"' not in shown
    assert "Save this rule" in shown


def test_a_form_that_is_wrong_comes_back_as_it_was_filled_in(books: Books, browser: Any) -> None:
    answer = browser.post(ASK, filled_in(browser, books, supplier_contains="", name="Empty"))
    shown = answer.content.decode()
    assert "errornote" in shown or "condition" in shown
    assert 'value="Empty"' in shown
    assert "/rules/bookingrule/add/" in shown
    assert not Replay.objects.exists()
    assert not BookingRule.objects.exists()


def test_how_far_it_is_and_what_differs_are_shown(books: Books, browser: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(replay, "CHUNK", 2)
    for number in range(3):
        in_ledger(books, "4510" if number == 1 else "4000", f"Boei {number}")
    line = our_own(books, "4510", "Ketting")
    browser.post(ASK, filled_in(browser, books))
    key = Replay.objects.get().pk
    replay.run(key, seconds=0)
    assert "1 of 4 booked lines" in browser.get(f"{ASK}{key}/").content.decode()
    while Replay.objects.get().finished_at is None:
        replay.run(key)
    shown = browser.get(f"{ASK}{key}/").content.decode()
    assert "It would have booked 4 lines, of which 2 as you did. Look at the 2 that differ." in shown
    assert "Boei 1" in shown
    assert "Boei 0" not in shown
    assert f"/invoices/invoice/{line.invoice_id}/change/" in shown


def test_a_tried_rule_is_saved_once(books: Books, browser: Any, person: Any) -> None:
    browser.post(ASK, filled_in(browser, books))
    found = run()
    for _press in range(2):
        answer = browser.post(f"{ASK}{found.pk}/keep/", follow=True)
        assert "counts from now on" in answer.content.decode()
    rule = BookingRule.objects.get()
    assert (rule.name, rule.administration, rule.gl_code) == ("New", books.administration, "4000")
    assert rule.history.get().history_user == person
    assert Replay.objects.get().rule == rule
    shown = browser.get(f"{ASK}{found.pk}/").content.decode()
    assert "Back to the rule" in shown
    assert "Save this" not in shown


def test_a_change_of_a_saved_rule_is_tried_before_it_is_saved(books: Books, browser: Any) -> None:
    rule = BookingRuleFactory(administration=books.administration, supplier_contains="anker", gl_code="4000")
    form = form_of(browser, f"/rules/bookingrule/{rule.pk}/change/")
    browser.post(ASK, {**form, "gl_code": "4510", "rule": rule.pk})
    rule.refresh_from_db()
    assert rule.gl_code == "4000"
    found = run()
    assert (found.rule, found.spec["gl_code"]) == (rule, "4510")
    assert "Save this change of the rule" in browser.get(f"{ASK}{found.pk}/").content.decode()
    browser.post(f"{ASK}{found.pk}/keep/")
    rule.refresh_from_db()
    assert rule.gl_code == "4510"


def test_a_rule_that_somebody_changed_since_is_not_overwritten(
    books: Books, browser: Any, person: Any
) -> None:
    rule = BookingRuleFactory(administration=books.administration, supplier_contains="anker", gl_code="4000")
    form = form_of(browser, f"/rules/bookingrule/{rule.pk}/change/")
    browser.post(ASK, {**form, "gl_code": "4510", "rule": rule.pk})
    rule.gl_code = "4999"
    ruling.save(rule, by=person)
    answer = browser.post(f"{ASK}{Replay.objects.get().pk}/keep/", follow=True)
    assert "Somebody else saved this rule meanwhile" in answer.content.decode()
    rule.refresh_from_db()
    assert rule.gl_code == "4999"


def test_a_saved_rule_is_tried_with_its_parts_from_its_key_alone(books: Books, browser: Any) -> None:
    rule = BookingRuleFactory(administration=books.administration, supplier_contains="anker")
    RuleSplitFactory(rule=rule, percentage=60, gl_code="4000")
    RuleSplitFactory(rule=rule, position=2, gl_code="4510")
    browser.post(ASK, {"rule": rule.pk})
    found = run()
    assert [part["gl_code"] for part in found.spec["splits"]] == ["4000", "4510"]
    assert "The rule stands as it was tried." in browser.get(f"{ASK}{found.pk}/").content.decode()


def test_who_makes_no_rules_tries_none(books: Books) -> None:
    bookkeeper = office.browser(office.person(Role.BOOKKEEPER, books.administration.client))
    assert bookkeeper.post(ASK, {"name": "New"}).status_code == 403
    assert bookkeeper.get(ASK).status_code == 405


def test_a_replay_is_its_askers_and_shows_no_client_that_they_lost(
    books: Books, browser: Any, person: Any
) -> None:
    in_ledger(books, "4510", "Boei")
    browser.post(ASK, filled_in(browser, books))
    found = run()
    colleague = office.browser(office.person(Role.REVIEWER, books.administration.client))
    assert colleague.get(f"{ASK}{found.pk}/").status_code == 404
    assert colleague.post(f"{ASK}{found.pk}/keep/").status_code == 404
    assert "Boei" in browser.get(f"{ASK}{found.pk}/").content.decode()
    person.assignments.all().delete()
    assert "Boei" not in browser.get(f"{ASK}{found.pk}/").content.decode()
    assert browser.post(f"{ASK}{found.pk}/keep/").status_code == 403
    assert not BookingRule.objects.exists()


def test_a_rule_of_the_firm_is_kept_by_administrators_alone(books: Books, browser: Any, person: Any) -> None:
    make_books(kvk="34567892")
    rule = BookingRule(name="Firm", supplier_contains="anker", gl_code="4000")
    found = replay.ask(spec_of(rule, []), rule=None, by=person)
    assert browser.post(f"{ASK}{found.pk}/keep/").status_code == 403
    administrator = office.browser(office.person(Role.ADMINISTRATOR, is_superuser=True))
    assert administrator.post(f"{ASK}{found.pk}/keep/").status_code == 302
    assert BookingRule.objects.get().owner
