"""Which rule of a collective vendor a sender falls under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.vendors.collective import Rule, normalised, parse, rule_for

SHELL = Rule("Shell", "fuel", ("shell", "esso express"), ("shell.nl",))
ENERGY = Rule("Shell Energy", "power", ("shell energy",))
HEIJN = Rule("Supermarket", "food", ("albert heijn", "jumbo"), ("ah.nl",))
RULES = (SHELL, ENERGY, HEIJN)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("  Albert   HEIJN ", "albert heijn"),
        ("Café-Crème", "cafe creme"),
        ("Domino's Pizza", "dominos pizza"),
        ("B.P. Station", "bp station"),
        ("Van Dam & Zn.", "van dam en zn"),
        ("Van Dam and Zn", "van dam en zn"),
        ("Straße/Ørsted", "strasse orsted"),
        ("bol.com", "bol com"),
        ("...", ""),
    ],
)
def test_case_diacritics_and_punctuation_do_not_matter(text: str, same: str) -> None:
    assert normalised(text) == same


@given(st.text())
def test_what_is_normalised_stays_as_it_is(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    assert once == once.strip()


def test_each_line_is_a_phrase_or_a_domain_once() -> None:
    words = "Shell\n\n  SHELL \nesso express\n@Shell.nl\ninfo@www.shell.nl\nhttps://x@total.be/nl"
    assert parse(words) == (("shell", "esso express"), ("shell.nl", "total.be"), [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("BP", "too short"),
        ("B.P.", "too short"),
        ("é", "too short"),
        ("Holding B.V.", "fits too many"),
        ("the", "fits too many"),
        ("@nl", "no domain"),
        ("@co.uk", "no domain"),
        ("@", "no domain"),
        ("@gmail.com", "Many vendors write from gmail.com"),
    ],
)
def test_a_line_that_says_too_little_is_a_problem_and_left_out(line: str, words: str, english: None) -> None:
    phrases, domains, problems = parse(f"{line}\nShell")
    assert (phrases, domains) == (("shell",), ())
    assert len(problems) == 1
    assert words in problems[0]


def test_a_domain_that_staff_say_is_shared_is_a_problem() -> None:
    assert parse("@portal.example", shared={"portal.example"})[2]
    assert parse("@portal.example")[1] == ("portal.example",)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("Shell Station Utrecht B.V.", SHELL),
        ("SHELL", SHELL),
        ("Station Shell-Zuid", SHELL),
        ("Esso Express De Meern", SHELL),
        ("Shell Energy Retail", ENERGY),
        ("Albert Heijn 1234", HEIJN),
        ("Shellfish & Co", None),
        ("Esso De Meern", None),
        ("Heijn Albert", None),
        ("Nutshell Consulting", None),
        ("", None),
    ],
)
def test_a_phrase_fits_as_whole_words_in_sequence_and_the_longest_wins(name: str, rule: Rule | None) -> None:
    assert rule_for(RULES, name, ()) is rule


def test_a_domain_fits_with_what_lies_under_it() -> None:
    assert rule_for(RULES, "", ["mail.shell.nl"]) is SHELL
    assert rule_for(RULES, "De Pomp", ["shell.nl"]) is SHELL
    assert rule_for(RULES, "De Pomp", ["eggshell.nl", "shell.nl.example"]) is None


def test_name_and_domain_that_disagree_say_nothing() -> None:
    assert rule_for(RULES, "Albert Heijn", ["shell.nl"]) is None
    assert rule_for(RULES, "Albert Heijn", ["ah.nl"]) is HEIJN


def test_two_suppliers_equally_near_say_nothing_but_two_rules_of_one_supplier_do() -> None:
    other = Rule("Other", "other", ("jumbo",))
    assert rule_for([HEIJN, other], "Jumbo", ()) is None
    same = Rule("Same", HEIJN.supplier, ("jumbo",))
    assert rule_for([HEIJN, same], "Jumbo", ()) is HEIJN
    assert rule_for([HEIJN, Rule("Same", "other", (), ("mail.ah.nl",))], "", ["ah.nl"]) is HEIJN


@given(
    st.lists(st.sampled_from(["shell", "esso", "jumbo", "energy"]), max_size=6),
    st.permutations(RULES),
)
def test_the_order_of_the_rules_decides_nothing(words: list[str], rules: list[Rule]) -> None:
    name = " ".join(words)
    assert rule_for(rules, name, ()) is rule_for(RULES, name, ())


def test_no_rules_no_answer() -> None:
    assert rule_for([], "Shell", ["shell.nl"]) is None
    assert rule_for([Rule("Empty", "x")], "Shell", ["shell.nl"]) is None
