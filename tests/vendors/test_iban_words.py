"""Account numbers as people compare them."""

from hypothesis import given
from hypothesis import strategies as st

from apps.vendors.iban_words import beside, fours, grouped

IBANS = st.text("0123456789ABCDEFNL", min_size=1, max_size=34)


def test_an_account_is_read_in_fours_and_what_differs_is_marked() -> None:
    assert grouped("NL91ABNA0417164300") == "NL91 ABNA 0417 1643 00"
    groups = beside("NL91ABNA0417164300", "NL91ABNA0417164301")
    assert [group for group, differs in groups if differs] == ["00"]


def test_what_the_other_lacks_differs() -> None:
    assert beside("NL91ABNA", "NL91") == [("NL91", False), ("ABNA", True)]
    assert beside("NL91", "NL91ABNA") == [("NL91", False)]


@given(IBANS, IBANS)
def test_nothing_is_lost_and_only_what_differs_is_marked(one: str, other: str) -> None:
    groups = beside(one, other)
    assert "".join(group for group, _differs in groups) == one == "".join(fours(one))
    assert all(
        differs == (group != theirs) for (group, differs), theirs in zip(groups, fours(other), strict=False)
    )
    assert all(differs for _group, differs in groups[len(fours(other)) :])
