"""A list of rules between the page that shows it and the press that confirms it."""

import pytest

from apps.people.models import Role
from apps.rules import kept_lists
from apps.rules.exchange import Line
from tests import office

pytestmark = pytest.mark.django_db


def test_a_list_is_kept_for_who_uploaded_it_alone() -> None:
    user = office.person(Role.REVIEWER)
    rows = [Line(2, name="a"), Line(3, parts="ü" * 500)]
    token = kept_lists.keep(user, rows, {2: ["new", "", ""]})
    assert kept_lists.kept(user, token) == (rows, {2: ["new", "", ""]})
    assert kept_lists.kept(office.person(Role.ADMINISTRATOR), token) is None
