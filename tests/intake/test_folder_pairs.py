"""An XML file and its PDF are one arrival."""

import pytest

from apps.intake.folder_files import Found
from apps.intake.folder_pairs import groups, other_half


def found(*names: str, waits: str = "", large: str = "") -> list[list[str]]:
    files = [Found(name, 99 if name == large else 1, 0, name != waits) for name in names]
    return sorted([one.name for one in group] for group in groups(files, largest=10))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["a.xml", "a.pdf"], [["a.xml", "a.pdf"]]),
        (["A.XML", "a.Pdf"], [["A.XML", "a.Pdf"]]),
        (["a.xml", "b.pdf"], [["a.xml"], ["b.pdf"]]),
        (["a.zip", "a.pdf"], [["a.pdf"], ["a.zip"]]),
        (["a.xml", "A.xml", "a.pdf"], [["A.xml"], ["a.pdf"], ["a.xml"]]),
        (["factuur", "factuur.xml"], [["factuur"], ["factuur.xml"]]),
    ],
)
def test_halves_of_the_same_name_come_together(given: list[str], expected: list[list[str]]) -> None:
    assert found(*given) == expected


def test_a_file_waits_until_its_other_half_is_whole() -> None:
    assert found("a.xml", "a.pdf", "b.xml", waits="a.pdf") == [["b.xml"]]


def test_what_is_too_large_is_on_its_own() -> None:
    assert found("a.xml", "a.pdf", large="a.pdf") == [["a.pdf"], ["a.xml"]]


@pytest.mark.parametrize(("name", "other"), [("A.xml", "a.pdf"), ("a.PDF", "a.xml"), ("a.zip", "")])
def test_the_other_half_of_a_pair(name: str, other: str) -> None:
    assert other_half(name) == other
