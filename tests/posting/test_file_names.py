"""Files on one document in Exact are told apart by their names."""

from hypothesis import given
from hypothesis import strategies as st

from apps.posting.file_names import left_out, told_apart

names = st.sampled_from(["a.pdf", "A.PDF", "a (2).pdf", "plan", "plan (2)", ".pdf"])


@given(st.lists(names, max_size=12))
def test_no_two_names_are_the_same(given_names: list[str]) -> None:
    taken: set[str] = set()
    found = [told_apart(name, taken) for name in given_names]
    assert len({name.casefold() for name in found}) == len(found)


def test_a_number_stands_before_what_a_file_is() -> None:
    taken: set[str] = set()
    found = [told_apart(name, taken) for name in ("a.pdf", "A.pdf", "plan", "plan")]
    assert found == ["a.pdf", "A (2).pdf", "plan", "plan (2)"]


def test_what_is_not_sent_is_named_once_and_only_then() -> None:
    assert left_out([], "PK-1") == ""
    words = left_out(["a.pdf", "b.pdf"], "PK-1")
    assert "a.pdf, b.pdf" in words and "PK-1" in words
