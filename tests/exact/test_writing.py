from typing import Any

from django.db.models import Q

from apps.core import clock
from apps.exact import writing
from apps.exact.models import Division, GLAccount, JournalStatus
from apps.exact.resources import MIRRORS

GUID = "3b6a1c1e-5d51-4c8e-9a5b-0123456789ab"
ACCOUNTS = MIRRORS["gl_accounts"]


def test_rows_of_another_division_and_rows_without_an_id_are_left_out(division: Division) -> None:
    page: list[dict[str, Any]] = [
        {"ID": GUID, "Division": division.code + 1, "Code": "1"},
        {"ID": None, "Division": division.code, "Code": "2"},
        {"ID": GUID.replace("ab", "ac"), "Division": division.code, "Code": ""},
    ]
    assert writing.entities(ACCOUNTS, division, page) == []


def test_a_row_that_comes_twice_on_a_page_is_written_once_as_it_was_last(division: Division) -> None:
    page = [{"ID": GUID, "Code": "1000", "Description": text, "Timestamp": "5"} for text in ("old", "new")]
    assert writing.write(ACCOUNTS, division, 1, page) == 1
    assert GLAccount.objects.get(division=division).description == "new"


def test_values_too_long_for_their_column_are_cut(division: Division) -> None:
    writing.write(ACCOUNTS, division, 1, [{"ID": GUID, "Code": "9" * 99, "Description": "x" * 999}])
    account = GLAccount.objects.get(division=division)
    assert (len(account.code), len(account.description)) == (60, 255)


def test_a_key_of_several_parts_needs_them_all(division: Division) -> None:
    statuses = MIRRORS["journal_statuses"]
    page = [{"Journal": "60", "Period": 3, "Year": 2026, "Status": 1}, {"Journal": "60", "Period": 4}]
    assert writing.write(statuses, division, 1, page) == 1
    row = JournalStatus.objects.get(division=division)
    assert (row.key, row.closed) == ("60|3|2026", True)


def test_what_a_full_pass_did_not_see_is_gone_and_comes_back_when_it_is_seen_again(
    division: Division,
) -> None:
    row = {"ID": GUID, "Code": "1000"}
    writing.write(ACCOUNTS, division, 1, [row])
    assert writing.mark_gone(ACCOUNTS, division, 1, clock.now(), Q()) == 0
    assert writing.mark_gone(ACCOUNTS, division, 2, clock.now(), Q(code="other")) == 0
    assert writing.mark_gone(ACCOUNTS, division, 2, clock.now(), Q()) == 1
    assert not GLAccount.objects.filter(division=division).exists()
    writing.write(ACCOUNTS, division, 2, [row])
    assert GLAccount.objects.get(division=division).gone_at is None
    assert GLAccount.everything.filter(division=division).count() == 1
