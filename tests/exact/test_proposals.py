import time
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.exact.evidence import known_numbers, numbers
from apps.exact.proposals import Advice, Books, Facts, Proposal, propose

pytestmark = pytest.mark.usefixtures("english")

KVK, VAT, OTHER_KVK, OTHER_VAT = "64134164", "NL899646402B01", "17131139", "NL809561074B01"


def facts(key: int = 1, name: str = "Bakkerij", kvk: str = "", vat: str = "", **more: str) -> Facts:
    country = more.pop("country", "NL")
    pairs = frozenset((one.kind.value, one.value) for one in numbers(vat, kvk, country))
    return Facts(key, name, numbers=pairs, **more)


def books(key: int, name: str, *pairs: tuple[str, str]) -> Books:
    return Books(key, name, f"Client of {name}", known_numbers(pairs))


def only(division: Facts, *free: Books, clients: dict[int, str] | None = None) -> Proposal:
    return propose([division], free, clients or {})[division.key]


@pytest.mark.parametrize(
    ("division", "pairs", "said"),
    [
        (facts(kvk=KVK), [("kvk", KVK)], f"KvK {KVK}"),
        (facts(vat=VAT), [("vat", VAT)], f"VAT number {VAT}"),
        (facts(kvk=KVK, vat=VAT), [("vat", VAT), ("kvk", KVK)], f"KvK {KVK} and VAT number {VAT}"),
        (facts(kvk=KVK), [("peppol", f"0106:{KVK}")], f"KvK {KVK}"),
        (facts(kvk="0417497106", country="BE"), [("vat", "BE0417497106")], "enterprise number 0417497106"),
        (facts(vat="BE 0417.497.106", country="BE"), [("be_enterprise", "0417497106")], "0417497106"),
        (facts(vat="DE136695976", country="DE"), [("vat", "DE136695976")], "DE136695976"),
    ],
)
def test_a_number_that_fits_one_administration_is_certain(
    division: Facts, pairs: list[tuple[str, str]], said: str
) -> None:
    fits = books(7, "Ours B.V.", *pairs)
    found = only(division, books(8, "Bakkerij", ("kvk", "12345678")), fits)
    assert (found.advice, found.books) == (Advice.LINK, (fits,))
    assert found.why.startswith("Ours B.V. has the same ")
    assert said in found.why


def test_numbers_of_two_companies_are_a_question_that_names_both() -> None:
    one, other = books(1, "One", ("kvk", KVK)), books(2, "Other", ("vat", VAT))
    found = only(facts(kvk=KVK, vat=VAT), one, other)
    assert (found.advice, set(found.books)) == (Advice.ASK, {one, other})
    assert f"KvK {KVK} fits One" in found.why
    assert f"VAT number {VAT} fits Other" in found.why


def test_one_number_that_fits_several_is_a_question() -> None:
    found = only(facts(kvk=KVK), books(1, "One", ("kvk", KVK)), books(2, "Other", ("kvk", KVK)))
    assert found.advice is Advice.ASK
    assert found.why == f"Several administrations have KvK {KVK}: One, Other."


def test_companies_that_share_a_vat_number_are_told_apart_by_the_chamber_number() -> None:
    one = books(1, "One", ("kvk", KVK), ("vat", VAT))
    other = books(2, "Other", ("kvk", OTHER_KVK), ("vat", VAT))
    found = only(facts(kvk=KVK, vat=VAT), one, other)
    assert (found.advice, found.books) == (Advice.LINK, (one,))


def test_a_number_that_fits_beside_one_that_does_not_is_a_question() -> None:
    found = only(facts(kvk=KVK, vat=VAT), books(1, "One", ("kvk", KVK), ("vat", OTHER_VAT)))
    assert found.advice is Advice.ASK
    assert found.why == f"One fits, but its VAT number is {OTHER_VAT} here and {VAT} in Exact."


@pytest.mark.parametrize("name", ["Bakkerij De Aar B.V.", "bakkerij de aar", "BAKKERIJ DE AAR BV"])
def test_a_name_alone_is_a_question(name: str) -> None:
    found = only(facts(name="Bakkerij De Aar B.V.", kvk=KVK), books(1, name))
    assert (found.advice, len(found.books)) == (Advice.ASK, 1)
    assert found.why.startswith("Only the name agrees")


def test_a_name_with_another_number_is_a_question_that_says_so() -> None:
    found = only(facts(name="Bakkerij", kvk=KVK), books(1, "Bakkerij", ("kvk", OTHER_KVK)))
    assert (found.advice, "its KvK is 17131139 here" in found.why) == (Advice.ASK, True)


def test_a_name_of_several_is_a_question_that_names_them() -> None:
    found = only(facts(name="Bakkerij"), *(books(key, f"Bakkerij {'B.V.' * (key % 2)}") for key in range(5)))
    assert (found.advice, len(found.books)) == (Advice.ASK, 5)
    assert found.why.endswith("and 2 more.")


@pytest.mark.parametrize(
    ("kvk", "vat"), [("99999998", ""), ("00000000", "NL000000000B00"), ("x", "y"), ("", ""), ("1234", "")]
)
def test_placeholders_are_no_evidence(kvk: str, vat: str) -> None:
    ours = books(1, "Ours", ("kvk", kvk), ("vat", vat), ("kvk", "99999998"), ("vat", "NL000000000B00"))
    assert only(facts(kvk=kvk, vat=vat), ours).advice is Advice.CREATE


def test_where_nothing_fits_a_new_one_is_proposed_of_the_client_that_is_called_as_the_owner() -> None:
    clients = {4: "De Gouden Aar B.V.", 5: "Somebody"}
    found = only(facts(customer="De Gouden Aar"), clients=clients)
    assert (found.advice, found.client) == (Advice.CREATE, 4)
    assert "De Gouden Aar B.V." in found.why
    other = only(facts(customer="Nobody here"), clients=clients)
    assert (other.advice, other.client) == (Advice.CREATE, None)


def test_of_clients_with_like_names_the_one_that_is_called_just_so_is_taken() -> None:
    clients = {1: "Aar B.V.", 2: "Aar"}
    assert only(facts(customer="Aar"), clients=clients).client == 2
    assert only(facts(customer="Aar B.V."), clients=clients).client == 1


@pytest.mark.parametrize("division", [facts(kvk=KVK), facts(name="Ours"), facts()])
def test_what_is_not_in_use_is_marked_and_never_certain(division: Facts) -> None:
    found = only(replace(division, unused="archived"), books(1, "Ours", ("kvk", KVK)))
    assert found.advice is Advice.NOT_FOR_USE
    assert "archived in Exact" in found.why


def test_two_divisions_with_the_number_of_one_administration_are_both_asked() -> None:
    free = [books(1, "Ours", ("kvk", KVK))]
    found = propose([facts(1, kvk=KVK), facts(2, kvk=KVK)], free, {})
    assert {one.advice for one in found.values()} == {Advice.ASK}
    assert "Another division" in found[1].why
    old = replace(facts(2, kvk=KVK), unused="archived")
    assert propose([facts(1, kvk=KVK), old], free, {})[1].advice is Advice.LINK


KVKS = st.sampled_from([KVK, OTHER_KVK, "64134165", "99999999", ""])
VATS = st.sampled_from([VAT, OTHER_VAT, "NL000000000B00", ""])
NAMES = st.sampled_from(["Aar", "Aar B.V.", "Zwaluw", ""])
WORLD = st.tuples(
    st.lists(st.tuples(NAMES, KVKS, VATS, st.sampled_from(["", "", "archived"])), max_size=6),
    st.lists(st.tuples(NAMES, KVKS, VATS), max_size=6),
)


@given(WORLD)
def test_what_is_certain_rests_on_a_number_and_on_nothing_against_it(
    world: tuple[Iterable[tuple[str, str, str, str]], Iterable[tuple[str, str, str]]],
) -> None:
    asked, known = world
    divisions = [
        facts(key, name, kvk, vat, unused=unused) for key, (name, kvk, vat, unused) in enumerate(asked)
    ]
    free = [books(key, name, ("kvk", kvk), ("vat", vat)) for key, (name, kvk, vat) in enumerate(known)]
    found = propose(divisions, free, {})
    assert set(found) == {division.key for division in divisions}
    certain = [found[one.key].books[0].key for one in divisions if found[one.key].advice is Advice.LINK]
    assert len(certain) == len(set(certain))
    for division in divisions:
        one = found[division.key]
        assert one.why.endswith(".")
        assert (one.advice is Advice.NOT_FOR_USE) == bool(division.unused)
        if one.advice is Advice.LINK:
            (ours,) = one.books
            assert division.numbers & ours.numbers
            assert sum(division.numbers <= other.numbers for other in free) <= 1
            for kind in ("kvk", "vat"):
                theirs = {value for name, value in division.numbers if name == kind}
                mine = {value for name, value in ours.numbers if name == kind}
                assert not (theirs and mine) or theirs & mine


def test_a_large_office_is_proposed_at_once() -> None:
    free = [books(key, f"Company {key}", ("kvk", f"6{key:07}")) for key in range(300)]
    divisions = [facts(key, f"Company {key}", kvk=f"6{key:07}") for key in range(300)]
    began = time.perf_counter()
    found = propose(divisions, free, {key: f"Company {key}" for key in range(300)})
    assert time.perf_counter() - began < 1
    assert all(one.advice is Advice.LINK and one.books[0].key == key for key, one in found.items())
