"""What people fill in about booking rules."""

from typing import Any

import pytest

from apps.people.models import Role
from apps.rules.forms import BulkForm, RuleForm
from apps.rules.models import BookingRule
from tests import office
from tests.exact.factories import GLAccountFactory
from tests.office import Books
from tests.rules.factories import BookingRuleFactory

pytestmark = pytest.mark.django_db


class Form(RuleForm):
    """The fields that the admin says."""

    class Meta(RuleForm.Meta):
        fields = ("name", "administration", "supplier_contains", "gl_code", "position", "active")


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


def filled(books: Books, rule: BookingRule | None = None, **values: Any) -> RuleForm:
    sent = {
        "name": "a",
        "administration": books.administration.pk,
        "supplier_contains": "x",
        "position": 1,
        **values,
    }
    return Form(sent, instance=rule)


def test_a_code_that_the_books_do_not_have_is_refused_where_it_is_filled_in(books: Books) -> None:
    GLAccountFactory(division=books.division, code="4510")
    assert filled(books, gl_code="4510").is_valid()
    assert "gl_code" in filled(books, gl_code="9999").errors


def test_a_rule_whose_account_is_gone_from_exact_can_be_switched_off(books: Books) -> None:
    rule = BookingRuleFactory(administration=books.administration, gl_code="9999")
    assert filled(books, rule, gl_code="9999").is_valid()
    assert "gl_code" in filled(books, rule, gl_code="9998").errors


def test_many_are_given_to_whom_one_works_for(books: Books) -> None:
    other = office.books("Zwijgzaam")
    reviewer = office.person(Role.REVIEWER, books.client)
    ours, theirs = (f"client {one.client.pk}" for one in (books, other))
    form = BulkForm({"owner": ours, "gl_code": "-", "vat_code": "4", "active": "off"}, user=reviewer)
    assert form.is_valid()
    edit = form.edit()
    assert edit.owner is not None
    assert (edit.codes, edit.owner.client, edit.active, edit.position) == (
        {"gl_code": "", "vat_code": "4"},
        books.client,
        False,
        None,
    )
    assert not BulkForm({"owner": theirs}, user=reviewer).is_valid()
    assert not BulkForm({"owner": "firm"}, user=reviewer).is_valid()
    assert BulkForm({}, user=reviewer).is_valid()
