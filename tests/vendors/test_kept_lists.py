"""A list between the page that shows it and the press that confirms it."""

import pytest

from apps.people.models import Role
from apps.vendors import kept_lists
from apps.vendors.exchange import Line
from tests import office

pytestmark = pytest.mark.django_db


def test_a_list_is_kept_for_who_uploaded_it_alone() -> None:
    user = office.person(Role.BOOKKEEPER)
    rows = [Line(2, "a"), Line(3, value="ü" * 500)]
    token = kept_lists.keep(user, rows, {2: ["new", "x", ""]})
    assert kept_lists.kept(user, token) == (rows, {2: ["new", "x", ""]})
    assert kept_lists.kept(office.person(Role.ADMINISTRATOR), token) is None
    for other in ("", "x", f"{token}x", "é", "a b\n", "x" * 5000):
        assert kept_lists.kept(user, other) is None
