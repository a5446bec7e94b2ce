import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from apps.rules.scenario import Scenario
from apps.rules.vat_proposal import Code, propose
from apps.sandbox import firm


def code(code: str, description: str, type: str = "E", percentage: str = "0.21", **more: object) -> Code:  # noqa: A002
    values = {"transaction_type": "B", "charged": False, **more}
    return Code(code, description, type, Decimal(percentage), **values)  # type: ignore[arg-type]


def proposed(*codes: Code) -> dict[str, str]:
    return {proposal.scenario: proposal.code for proposal in propose(codes)}


TABLE = (
    code("0", "Geen btw", "N", "0"),
    code("1", "Btw laag tarief, exclusief", "E", "0.09"),
    code("2", "Btw hoog tarief, exclusief"),
    code("3", "Btw laag tarief, inclusief", "I", "0.09"),
    code("4", "Btw hoog tarief, inclusief", "I"),
    code("5", "Btw nultarief", "B", "0"),
    code("6", "Btw verlegd binnen Nederland", charged=True),
    code("7", "Inkopen binnen EU", charged=True),
    code("8", "Diensten uit EU", charged=True),
    code("9", "Vrijgesteld van btw", "N", "0"),
)


def test_an_ordinary_dutch_table_is_understood_with_taxed_codes_excluding_vat() -> None:
    assert proposed(*TABLE) == {
        Scenario.NL_HIGH: "2",
        Scenario.NL_LOW: "1",
        Scenario.NL_ZERO: "5",
        Scenario.NL_EXEMPT: "9",
        Scenario.NL_REVERSE: "6",
        Scenario.EU_GOODS: "7",
        Scenario.EU_SERVICES: "8",
        Scenario.MARGIN: "0",
        Scenario.FOREIGN: "0",
        Scenario.OUTSIDE: "0",
    }


def test_each_proposal_says_why_in_exacts_words() -> None:
    why = {proposal.scenario: proposal.why for proposal in propose(TABLE)}
    assert why[Scenario.NL_REVERSE].startswith("Exact calls code 6 “Btw verlegd binnen Nederland”")
    assert "21 %" in why[Scenario.NL_REVERSE]
    assert "reverse charge" in why[Scenario.NL_REVERSE]
    assert why[Scenario.FOREIGN].startswith("No code of its own")
    assert all(len(sentence) < 255 for sentence in why.values())


def test_between_two_equal_codes_nothing_is_guessed() -> None:
    twins = proposed(code("A", "Btw hoog"), code("B", "Btw 21%"), code("C", "Btw laag", percentage="0.09"))
    assert twins == {Scenario.NL_LOW: "C"}


def test_a_code_for_purchases_comes_before_one_for_both_and_sales_never() -> None:
    codes = (code("A", "Btw hoog"), code("B", "Btw hoog", transaction_type="P"))
    assert proposed(*codes, code("C", "Btw hoog", transaction_type="S")) == {Scenario.NL_HIGH: "B"}
    assert proposed(code("C", "Btw hoog", transaction_type="S")) == {}
    assert proposed(code("C", "Verkopen hoog")) == {}


def test_an_odd_variant_comes_after_the_plain_code() -> None:
    assert proposed(code("A", "Btw hoog, niet aftrekbaar"), code("B", "Btw hoog"))[Scenario.NL_HIGH] == "B"


def test_blocked_codes_are_left_out() -> None:
    assert proposed(code("A", "Btw hoog", blocked=True)) == {}


def test_an_old_rate_is_never_proposed() -> None:
    assert proposed(code("B", "Btw 19%", percentage="0.19"), code("C", "Btw 19% incl.", "I", "0.19")) == {}


def test_a_code_that_includes_vat_is_proposed_only_where_none_excludes_it() -> None:
    including, excluding = code("A", "Btw hoog incl.", "I"), code("B", "Btw hoog")
    assert proposed(including) == {Scenario.NL_HIGH: "A"}
    assert proposed(including, excluding) == {Scenario.NL_HIGH: "B"}
    # two that exclude it: which one is for a person, and no reason to take the third
    assert Scenario.NL_HIGH not in proposed(including, excluding, code("C", "Btw 21 %"))


def test_a_code_of_another_country_is_not_proposed_for_dutch_vat() -> None:
    german = replace(code("D", "Btw hoog"), country="DE")
    assert proposed(german) == {}
    assert proposed(german, replace(code("B", "Btw hoog"), country="NL")) == {Scenario.NL_HIGH: "B"}


def test_reverse_charge_needs_a_code_that_exact_charges() -> None:
    assert proposed(code("A", "Diensten uit EU", "B", "0"), code("B", "Btw verlegd", "B", "0")) == {}


@pytest.mark.parametrize(
    "words", ["Diensten van buiten de EU", "Diensten buiten EU verlegd", "Services outside the EU"]
)
def test_services_from_outside_the_eu_are_not_taken_for_eu_services(words: str) -> None:
    assert proposed(code("A", words, charged=True)) == {Scenario.NON_EU_SERVICES: "A"}


def test_one_code_may_serve_services_from_inside_and_outside() -> None:
    both = proposed(code("A", "Diensten uit EU en van buiten EU", charged=True))
    assert both == {Scenario.EU_SERVICES: "A", Scenario.NON_EU_SERVICES: "A"}


@pytest.mark.parametrize("words", ["Invoer buiten EU (art. 23)", "Import van goederen", "Inkopen buiten EU"])
def test_import_is_found(words: str) -> None:
    assert proposed(code("A", words, charged=True)) == {Scenario.IMPORT: "A"}


def test_foreign_vat_and_margin_have_codes_of_their_own_or_the_one_without_vat() -> None:
    own = code("BB", "Buitenlandse btw", "N", "0"), code("MA", "Margeregeling", "N", "0")
    found = proposed(code("0", "Geen btw", "N", "0"), *own)
    assert (found[Scenario.FOREIGN], found[Scenario.MARGIN], found[Scenario.OUTSIDE]) == ("BB", "MA", "0")
    several = proposed(code("0", "Geen btw", "N", "0"), code("00", "Geen btw 2", "N", "0"))
    assert several == {}


def test_two_codes_for_margin_are_not_solved_by_the_one_without_vat() -> None:
    twins = code("M1", "Marge", "N", "0"), code("M2", "Margeregeling", "N", "0")
    assert Scenario.MARGIN not in proposed(code("0", "Geen btw", "N", "0"), *twins)


def test_nothing_is_proposed_from_nothing() -> None:
    assert propose([]) == []


PURPOSES = {
    "high": Scenario.NL_HIGH,
    "low": Scenario.NL_LOW,
    "zero": Scenario.NL_ZERO,
    "exempt": Scenario.NL_EXEMPT,
    "reverse": Scenario.NL_REVERSE,
    "eu_goods": Scenario.EU_GOODS,
    "eu_services": Scenario.EU_SERVICES,
    "import": Scenario.IMPORT,
    "non_eu_services": Scenario.NON_EU_SERVICES,
    "margin": Scenario.MARGIN,
    "foreign": Scenario.FOREIGN,
    "none": Scenario.OUTSIDE,
}


@pytest.mark.parametrize("division", [3100101, 3100102, 3100201, 3100301])
def test_each_administration_of_the_sandbox_gets_the_codes_it_means(division: int) -> None:
    meant = json.loads((Path(firm.__file__).parent / "data" / "vat.json").read_text())[str(division)]
    rows = [row for path, code, row in firm.rows() if path == "vat/VATCodes" and code == division]
    codes = [
        Code(
            row["Code"],
            row["Description"],
            row["Type"],
            Decimal(str(row["Percentage"])),
            row["VATTransactionType"],
            row["Charged"],
            row["IsBlocked"],
        )
        for row in rows
    ]
    found = proposed(*codes)
    expected = {PURPOSES[purpose]: name for name, *_rest, purpose in meant if purpose in PURPOSES}
    expected.setdefault(Scenario.MARGIN, expected[Scenario.OUTSIDE])  # where margin has no code of its own
    assert found == expected
