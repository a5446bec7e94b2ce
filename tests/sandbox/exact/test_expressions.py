"""The filter language, beside what the reading tests show."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sandbox.exact import expressions, table
from apps.sandbox.exact.errors import Refused

ACCOUNTS = table.get("crm/Accounts")
WORDS = [
    "Name",
    "Blocked",
    "Created",
    "eq",
    "ne",
    "gt",
    "and",
    "or",
    "not",
    "(",
    ")",
    ",",
    "'a'",
    "5",
    "5L",
    "null",
]
WORDS += ["true", "trim", "substringof", "guid'x'", "datetime'2026-01-01'", "year"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)))
def test_any_text_is_a_filter_or_is_refused(text: str) -> None:
    try:
        found = expressions.parse(text, ACCOUNTS)
    except Refused as refused:
        assert refused.status == 400
        return
    assert found.test({"Name": "a", "Blocked": True, "Created": "2026-01-01"}) in (True, False)
    assert found.test({}) in (True, False)


@pytest.mark.parametrize(
    ("text", "equal"),
    [
        ("Name eq 'a'", {"Name": "a"}),
        ("Name eq 'a' and (Status eq 'C' and Blocked eq true)", {"Name": "a", "Status": "C"}),
        ("Name eq 'a' or Status eq 'C'", {}),
        ("Name eq 'a' and (Status eq 'C' or Status eq 'A')", {"Name": "a"}),
        ("not (Name eq 'a')", {}),
        ("(Name eq 'a') eq false", {}),
        ("trim(Code) eq '1'", {}),
        ("Code eq '1'", {}),
        ("Name eq null", {}),
    ],
)
def test_only_what_must_hold_narrows_the_search(text: str, equal: dict[str, Any]) -> None:
    assert expressions.parse(text, ACCOUNTS).equal == equal


def test_nothing_is_smaller_than_nothing() -> None:
    assert not expressions.parse("Created gt datetime'2026-01-01'", ACCOUNTS).test({})
    assert expressions.parse("Name ne 'a'", ACCOUNTS).test({})
