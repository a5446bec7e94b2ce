"""What a line says about VAT, whoever's books it goes into."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.findings import SENTENCES
from apps.intake.vat_sentences import SENTENCES as VAT_SENTENCES
from apps.rules.scenario import FINDINGS, WARNINGS, Answer, Scenario, Supply, scenario_of

S = Scenario
NUMBERS = {
    "NL": "NL897620458B01",
    "BE": "BE0403170701",
    "DE": "DE811907980",
    "US": "",
    "NO": "NO987654325MVA",
}
BUYER = "NL809561074B01"


def answer(category: str, rate: str | None = None, country: str = "NL", **values: Any) -> Answer:
    """Return the answer about a line of a supplier in `country`, with both VAT numbers unless told otherwise."""
    known: dict[str, Any] = {
        "issued": date(2026, 9, 15),
        "seller_country": country,
        "seller_vat": NUMBERS.get(country, ""),
        "buyer_vat": BUYER,
    }
    parsed = Decimal(rate) if rate is not None else None
    return scenario_of(Supply(category=category, rate=parsed, **{**known, **values}))


def codes(found: Answer) -> set[str]:
    return {finding.code for finding in found.findings}


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
        ("K", "0", "NL", None),
        ("K", "0", "US", None),
        ("G", "0", "NO", S.IMPORT),
        ("G", "0", "NL", None),
        ("G", "0", "BE", None),
        ("O", None, "NL", S.OUTSIDE),
        ("O", None, "US", S.NON_EU_SERVICES),
        ("L", "7", "NL", None),
        ("L", "7", "ES", S.FOREIGN),
        ("", "21", "NL", None),
        ("", None, "US", S.NON_EU_SERVICES),
        ("", None, "BE", None),
    ],
)
def test_category_rate_and_country_give_the_scenario(
    category: str, rate: str | None, country: str, expected: Scenario | None
) -> None:
    assert answer(category, rate, country).scenario == expected


def test_a_vendor_without_a_country_is_taken_for_dutch() -> None:
    assert answer("S", "21", "").scenario is S.NL_HIGH


@pytest.mark.parametrize(
    ("address", "number", "expected"),
    [
        ("DE", NUMBERS["NL"], S.NL_HIGH),
        ("NL", NUMBERS["DE"], S.FOREIGN),
        ("DE", "8119.07980", S.FOREIGN),
        ("US", "EU528001234", S.FOREIGN),
        ("NL", "EU528001234", S.NL_HIGH),
    ],
)
def test_the_vat_number_says_whose_vat_it_is_else_the_address(
    address: str, number: str, expected: Scenario
) -> None:
    assert answer("S", "21", address, seller_vat=number).scenario is expected


@pytest.mark.parametrize(
    ("rate", "day", "expected"),
    [
        ("19", date(2012, 9, 30), S.NL_HIGH),
        ("19", date(2012, 10, 1), None),
        ("21", date(2012, 9, 30), None),
        ("21", date(2012, 10, 1), S.NL_HIGH),
        ("6", date(2018, 12, 31), S.NL_LOW),
        ("6", date(2019, 1, 1), None),
        ("9", date(2018, 12, 31), None),
        ("9", date(2019, 1, 1), S.NL_LOW),
    ],
)
def test_a_rate_counts_on_its_days_alone(rate: str, day: date, expected: Scenario | None) -> None:
    found = answer("S", rate, issued=day)
    assert found.scenario is expected
    assert ("vat_rate_not_valid" in codes(found)) == (expected is None)


def test_the_day_of_the_supply_counts_and_not_that_of_the_document() -> None:
    issued, before = date(2019, 1, 8), date(2018, 12, 20)
    for told in ({"delivered": before}, {"tax_point": before}, {"period": (before, None)}):
        assert answer("S", "6", issued=issued, **told) == Answer(S.NL_LOW, "S 6 %, NL")
    late = answer("S", "9", issued=issued, delivered=before)
    assert (late.scenario, codes(late)) == (S.NL_LOW, {"vat_rate_by_date"})
    assert "20-12-2018" in late.findings[0].sentence()


def test_within_a_period_in_which_the_rate_changed_both_are_right() -> None:
    period = (date(2018, 12, 15), date(2019, 1, 14))
    for rate in ("6", "9"):
        assert answer("S", rate, issued=date(2019, 1, 15), period=period).findings == ()


def test_a_credit_bears_the_rate_of_what_it_takes_back() -> None:
    found = answer("S", "6", is_credit=True)
    assert (found.scenario, codes(found)) == (S.NL_LOW, {"vat_rate_of_before"})
    assert "31-12-2018" in found.findings[0].sentence()
    assert answer("S", "19", is_credit=True).scenario is S.NL_HIGH
    assert answer("S", "21", is_credit=True, issued=date(2012, 1, 1)).scenario is None


@pytest.mark.parametrize(
    ("code", "reason", "text"),
    [
        ("VATEX-EU-F", "", ""),
        ("VATEX-EU-D", "", ""),
        ("", "Margeregeling tweedehands goederen", ""),
        ("", "Taxed under the MARGIN SCHEME", ""),
        ("", "Bijzondere regeling - gebruikte goederen", ""),
        ("", "Bijzondere regeling reisbureaus", ""),
        ("", "Marge-regeling", ""),
        ("", "Gebrauchtgegenstände/Sonderregelung", ""),
        ("", "Régime particulier - biens d'occasion", ""),
        ("VATEX-EU-F", "Bijzondere regeling voor kleine ondernemers", ""),  # a code goes before words
        ("", "", "Toyota Yaris, margeregeling van toepassing"),
    ],
)
def test_the_margin_scheme_is_known_by_its_code_or_its_words(code: str, reason: str, text: str) -> None:
    found = answer("E", "0", exemption_code=code, exemption_reason=reason, text=text)
    assert (found.scenario, codes(found)) == (S.MARGIN, {"margin_scheme"})


def test_a_margin_of_another_kind_is_none() -> None:
    assert answer("E", "0", text="Cursus winstmarges").scenario is S.NL_EXEMPT
    for reason in ("Vrijgesteld, ook over de winstmarge", "Bijzondere regeling beleggingsgoud"):
        assert answer("E", "0", exemption_reason=reason).scenario is S.NL_EXEMPT


@pytest.mark.parametrize(
    "reason",
    [
        "Bijzondere regeling voor kleine ondernemers",
        "Vrijgesteld: bijzondere regeling kleine ondernemers (art. 25 Wet OB)",
        "Kleineondernemersregeling",
        "Regeling voor de kleine ondernemer, margeregeling niet van toepassing",
    ],
)
def test_the_small_business_scheme_is_no_margin_scheme(reason: str) -> None:
    for values in ({"exemption_reason": reason}, {"note": reason}):
        found = answer("E", "0", **values)
        assert (found.scenario, codes(found)) == (S.OUTSIDE, {"small_business"})


@pytest.mark.parametrize(
    ("code", "reason", "country", "expected"),
    [
        ("AE", "Reverse charge", "NL", S.NL_REVERSE),
        ("VATEX-EU-AE", "", "BE", S.EU_SERVICES),
        ("", "Btw verlegd", "NL", S.NL_REVERSE),
        ("VATEX-EU-IC", "", "BE", S.EU_GOODS),
        ("VATEX-EU-G", "", "NO", S.IMPORT),
        ("VATEX-EU-O", "", "NL", S.OUTSIDE),
    ],
)
def test_an_exemption_whose_reason_names_another_category_is_that(
    code: str, reason: str, country: str, expected: Scenario
) -> None:
    found = answer("E", "0", country, exemption_code=code, exemption_reason=reason)
    assert found.scenario is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("S", "21", "BE", {}), {"foreign_vat"}),
        (("S", "21", "NL", {"seller_vat": ""}), {"vat_without_number"}),
        (("S", "9", "NL", {"seller_vat": ""}), {"vat_without_number"}),
        (("Z", "0", "NL", {"seller_vat": ""}), set()),
        (("AE", "0", "NL", {"seller_vat": ""}), {"reverse_without_seller_number"}),
        (("AE", "0", "NL", {"buyer_vat": ""}), {"reverse_without_buyer_number"}),
        (("AE", "0", "NL", {"buyer_vat": NUMBERS["BE"]}), {"reverse_other_number"}),
        (("AE", "0", "NL", {}), set()),
        (("AE", "0", "BE", {}), {"goods_or_services"}),
        (("AE", "0", "BE", {"text": "Adviesuren september"}), set()),
        (("AE", "0", "BE", {"text": "Software en hardware"}), {"goods_or_services"}),
        (("AE", "0", "BE", {"text": "Houten pallets"}), {"text_speaks_of_goods"}),
        (("K", "0", "DE", {}), set()),
        (("K", "0", "DE", {"text": "Consulting"}), {"text_speaks_of_services"}),
        (("K", "0", "DE", {"delivery_country": "BE"}), {"delivered_elsewhere"}),
        (("K", "0", "DE", {"delivery_country": "NL"}), set()),
        (("K", "0", "NL", {}), {"vat_category_odd"}),
        (("G", "0", "US", {}), {"import_or_services"}),
        (("G", "0", "US", {"text": "Spare parts"}), set()),
        (("O", None, "US", {"text": "Cloud hosting"}), set()),
        (("O", None, "NL", {}), {"outside_with_number"}),
        (("O", None, "NL", {"seller_vat": "", "buyer_vat": ""}), set()),
        (("Z", "0", "BE", {}), {"zero_from_abroad"}),
        (("E", "0", "BE", {}), {"zero_from_abroad"}),
        (("E", "0", "US", {}), {"zero_from_abroad"}),
        (("E", "0", "NL", {}), set()),
        (("E", "0", "BE", {"exemption_reason": "régime de la marge"}), {"margin_scheme"}),
        (("S", "21", "NL", {"seller_vat_valid": False}), {"vat_number_not_valid"}),
        (("S", "21", "NL", {"seller_vat": "", "seller_vat_valid": False}), {"vat_without_number"}),
        (("S", "21", "BE", {"seller_vat_valid": False}), {"foreign_vat"}),
        (("Z", "0", "NL", {"seller_vat_valid": False}), set()),
        (("S", "21", "NL", {"text": "Fiets, margeregeling"}), {"margin_text"}),
        (("S", "21", "NL", {"note": "Vrijgesteld: kleineondernemersregeling"}), {"small_business_charges"}),
    ],
)
def test_what_a_bookkeeper_should_know_is_found(
    line: tuple[str, str | None, str, dict[str, Any]], expected: set[str]
) -> None:
    category, rate, country, values = line
    assert codes(answer(category, rate, country, **values)) == expected


@pytest.mark.parametrize("category", ["E", "O", "Z"])
def test_the_small_business_scheme_is_outside_of_vat(category: str) -> None:
    found = answer(category, "0", seller_vat="", note="Vrijgesteld van btw o.g.v. artikel 25 Wet OB (KOR)")
    assert (found.scenario, codes(found)) == (S.OUTSIDE, {"small_business"})


def test_what_comes_from_outside_the_eu_is_goods_or_services_by_its_text() -> None:
    for category in ("AE", "G", "O", ""):
        assert answer(category, None, "US", text="Software licence").scenario is S.NON_EU_SERVICES
        assert answer(category, None, "US", text="Machine onderdelen").scenario is S.IMPORT


@pytest.mark.parametrize(
    ("country", "day", "category", "expected"),
    [
        ("GB", date(2020, 12, 31), "AE", S.EU_SERVICES),
        ("GB", date(2021, 1, 1), "AE", S.NON_EU_SERVICES),
        ("GB", date(2020, 12, 31), "K", S.EU_GOODS),
        ("GB", date(2021, 1, 1), "G", S.IMPORT),
        ("XI", date(2026, 1, 1), "K", S.EU_GOODS),
        ("XI", date(2026, 1, 1), "AE", S.NON_EU_SERVICES),
        ("HR", date(2013, 6, 30), "AE", S.NON_EU_SERVICES),
        ("HR", date(2013, 7, 1), "AE", S.EU_SERVICES),
    ],
)
def test_a_country_is_in_the_eu_on_its_days(
    country: str, day: date, category: str, expected: Scenario
) -> None:
    assert answer(category, "0", country, issued=day).scenario is expected


def test_the_reason_says_what_was_read() -> None:
    assert answer("S", "21.000").why == "S 21 %, NL"
    assert answer("O", None, "BE").why == "O, BE"
    assert answer("E", None, "NL", exemption_code="AE").why == "AE (AE), NL"


def test_every_finding_has_a_sentence_and_a_warning_is_one_of_them() -> None:
    assert set(VAT_SENTENCES) == FINDINGS
    assert set(SENTENCES) > FINDINGS > WARNINGS


@given(
    category=st.sampled_from(["S", "Z", "E", "AE", "K", "G", "O", "L", "", "??"]) | st.text(max_size=4),
    rate=st.none() | st.decimals(0, 100, places=3),
    country=st.sampled_from(["", "NL", "BE", "GB", "XI", "US", "??"]),
    number=st.sampled_from(["", *NUMBERS.values(), "8976.20.458.B01"]),
    code=st.sampled_from(["", "AE", "VATEX-EU-F", "VATEX-EU-IC"]) | st.text(max_size=12),
    reason=st.text(max_size=30),
    text=st.sampled_from(["", "Kleineondernemersregeling", "margeregeling", "goods", "services"]) | st.text(),
    issued=st.none() | st.dates(),
    delivered=st.none() | st.dates(),
    is_credit=st.booleans(),
)
def test_whatever_a_line_says_there_is_an_answer_in_words(number: str, code: str, **values: Any) -> None:
    reason, country = values.pop("reason"), values.pop("country")
    found = scenario_of(
        Supply(
            seller_country=country, seller_vat=number, exemption_code=code, exemption_reason=reason, **values
        )
    )
    assert found.scenario is None or found.scenario in Scenario
    assert found.why
    assert {finding.code for finding in found.findings} <= FINDINGS
    assert all(finding.sentence() and not finding.blocks for finding in found.findings)
