"""Names that are told from those of a sister."""

import pytest

from apps.vendors.likeness import look_like_sisters


@pytest.mark.parametrize(
    ("one", "other"),
    [("jansen bouw", "jansen beheer"), ("jansen", "jansen holding"), ("de groot vastgoed", "de groot")],
)
def test_companies_of_one_owner_look_like_sisters(one: str, other: str) -> None:
    assert look_like_sisters([one], [other])
    assert look_like_sisters([other], [one])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jansen bouw", "bouw jansen"),
        ("jansen transport", "jansen tranport"),
        ("d wit drukkerij beheer", "de wit drukkerij beheer"),
        ("de gouden troffel", "jansen bouw"),
        ("vodafone libertel", "vodafone"),
    ],
)
def test_a_misspelt_or_trade_name_does_not(one: str, other: str) -> None:
    assert not look_like_sisters([one], [other])


def test_one_spelling_that_is_the_name_is_enough_to_be_no_sister() -> None:
    assert not look_like_sisters(["jansen bouw", "jansen beheer"], ["jansen beheer"])
