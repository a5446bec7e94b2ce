"""What a line says about VAT, whoever's books it goes into."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules.scenario import Scenario, scenario_of

S = Scenario


@pytest.mark.parametrize(
    ("category", "rate", "country", "expected"),
    [
        ("S", "21", "NL", S.NL_HIGH),
        ("S", "21.00", "NL", S.NL_HIGH),
        ("S", "9", "NL", S.NL_LOW),
        ("S", "0", "NL", S.NL_ZERO),
        ("S", "6", "NL", None),
        ("S", None, "NL", None),
        ("S", "21", "BE", S.FOREIGN),
        ("S", "19", "DE", S.FOREIGN),
        ("Z", "0", "NL", S.NL_ZERO),
        ("E", "0", "NL", S.NL_EXEMPT),
        ("AE", "0", "NL", S.NL_REVERSE),
        ("AE", "0", "BE", S.EU_SERVICES),
        ("AE", "0", "EL", S.EU_SERVICES),
        ("AE", None, "US", S.NON_EU_SERVICES),
        ("K", "0", "DE", S.EU_GOODS),
        ("G", "0", "NO", S.IMPORT),
        ("O", None, "NL", S.OUTSIDE),
        ("L", "7", "NL", None),
        ("", "21", "NL", None),
    ],
)
def test_category_rate_and_country_give_the_scenario(
    category: str, rate: str | None, country: str, expected: Scenario | None
) -> None:
    answer = scenario_of(category=category, rate=Decimal(rate) if rate else None, country=country)
    assert answer.scenario == expected


def test_a_vendor_without_a_country_is_taken_for_dutch() -> None:
    assert scenario_of(category="S", rate=Decimal(21), country="").scenario is S.NL_HIGH


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("VATEX-EU-F", ""),
        ("VATEX-EU-D", ""),
        ("", "Margeregeling tweedehands goederen"),
        ("", "Taxed under the MARGIN SCHEME"),
    ],
)
def test_the_margin_scheme_is_known_by_its_code_or_its_words(code: str, reason: str) -> None:
    answer = scenario_of(
        category="E", rate=Decimal(0), country="NL", exemption_code=code, exemption_reason=reason
    )
    assert answer.scenario is S.MARGIN


def test_margin_words_on_a_taxed_line_change_nothing() -> None:
    answer = scenario_of(category="S", rate=Decimal(21), country="NL", exemption_reason="margeregeling")
    assert answer.scenario is S.NL_HIGH


def test_the_reason_says_what_was_read() -> None:
    assert scenario_of(category="S", rate=Decimal("21.000"), country="NL").why == "S 21 %, NL"
    assert scenario_of(category="O", rate=None, country="BE").why == "O, BE"


@given(
    category=st.text(max_size=4),
    rate=st.none() | st.decimals(0, 100, places=3),
    country=st.sampled_from(["", "NL", "BE", "US", "??"]),
    code=st.text(max_size=12),
    reason=st.text(max_size=30),
)
def test_whatever_a_line_says_there_is_an_answer(
    category: str, rate: Decimal | None, country: str, code: str, reason: str
) -> None:
    answer = scenario_of(
        category=category, rate=rate, country=country, exemption_code=code, exemption_reason=reason
    )
    assert answer.scenario is None or answer.scenario in Scenario
    assert answer.why
