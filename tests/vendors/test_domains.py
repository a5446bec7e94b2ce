"""The domain in what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.vendors.domains import bare_domain, within


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("moneybird.com", "moneybird.com"),
        (" WWW.Moneybird.COM. ", "moneybird.com"),
        ("@moneybird.com", "moneybird.com"),
        ("info@mail.moneybird.com", "mail.moneybird.com"),
        ("Jan <info@moneybird.com>", "moneybird.com"),
        ("https://www.moneybird.com/nl?x=1", "moneybird.com"),
        ("moneybird.com:443", "moneybird.com"),
        ("nl", ""),
        (".nl", ""),
        ("co.uk", ""),
        ("www.co.uk", ""),
        ("two words.nl", ""),
        ("", ""),
        ("http://", ""),
        ("x" * 5000, ""),
    ],
)
def test_the_bare_domain_is_found_and_a_public_suffix_is_none(text: str, domain: str) -> None:
    assert bare_domain(text) == domain


@given(st.text(max_size=200))
def test_whatever_is_typed_gives_a_domain_that_is_its_own_bare_form(text: str) -> None:
    found = bare_domain(text)
    assert found == "" or (bare_domain(found) == found.removeprefix("www.") and "." in found)


def test_a_domain_lies_within_the_longest_parent() -> None:
    assert within("a.mail.shell.nl", ("shell.nl", "mail.shell.nl")) == "mail.shell.nl"
    assert within("shell.nl", ("mail.shell.nl",)) == ""
    assert within("eggshell.nl", ("shell.nl",)) == ""
