"""A table between the page that shows it and the press that confirms it."""

import pytest

from apps.core.tables import kept

pytestmark = pytest.mark.django_db  # it is kept in the cache


def test_a_table_is_kept_for_one_person_and_one_kind() -> None:
    token = kept.keep("rules", 1, [[2, "ü"]], {2: ["new"]})
    assert kept.kept("rules", 1, token) == ([[2, "ü"]], {2: ["new"]})
    assert kept.kept("rules", 2, token) is None
    assert kept.kept("mappings", 1, token) is None
    assert kept.kept("rules", 1, f"{token}é") is None
