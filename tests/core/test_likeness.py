"""Names like this one: found among many, and ranked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import token_sort_ratio

from apps.core.likeness import NameIndex, alike
from apps.core.names import spellings
from tests.vendors.parties import Generator


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("jansen bouw", "bouw jansen", 100),
        ("drukkerij zwaluw", "drukerij zwaluw", 95),
        ("de bol bakkerij", "debol bakkerij", 90),
        ("jansen bouw amersfoort", "jansen bouw", 85),
    ],
)
def test_the_same_name_written_otherwise_is_alike(one: str, other: str, least: int) -> None:
    assert alike([one], [other]) >= least


def test_one_common_word_is_not_a_like_name() -> None:
    assert alike(["jansen"], ["jansen bouw en advies amersfoort"]) < 60
    assert alike([], ["jansen"]) == 0


def test_the_nearest_names_are_found_among_many() -> None:
    rows, _queries = Generator(seed=5).generate(3_000, 0)
    names = [(name, at) for at, row in enumerate(rows) for name in spellings(row["name"])]
    index = NameIndex(names)
    for sought in [name for name, _at in names[:300:10]]:
        misspelt = sought[:4] + sought[5:]
        best = max(token_sort_ratio(misspelt, name) for name, _at in names)
        found = index.nearest([misspelt], 3)
        assert found[0][1] >= int(best)  # nothing is nearer than what was found


@given(st.lists(st.text(alphabet="abc ", min_size=1, max_size=12).map(str.strip), max_size=12))
def test_every_name_finds_itself(names: list[str]) -> None:
    known = [name for name in names if name]
    index = NameIndex((name, at) for at, name in enumerate(known))
    for name in known:
        assert index.nearest([" ".join(name.split())], 1)[0][1] >= 98
