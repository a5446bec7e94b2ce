import pytest

from apps.exact import reach_words as words


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["A (1)"], "A (1)"),
        (["A (1)", "B (2)", "C (3)"], "A (1), B (2), C (3)"),
        (["A (1)", "B (2)", "C (3)", "D (4)", "E (5)"], "A (1), B (2), C (3) and 2 more"),
    ],
)
def test_the_first_few_are_named_and_the_others_counted(names: list[str], said: str) -> None:
    assert words.named(names) == said


def test_the_wrong_division_is_told_as_what_it_opens_and_what_was_wanted() -> None:
    said = words.wrong_division(["Bakkerij De Molen (12345)"], ["De Molen Holding (12344)"])
    assert said == (
        "This login opens Bakkerij De Molen (12345); the connection was for De Molen Holding (12344). "
        "Nothing was changed."
    )
    assert "opens no administration" in words.wrong_division([], ["X (1)"])
