"""What rules say of a line besides its codes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from apps.invoices.knowledge import Knowledge
from apps.invoices.lines import code_line
from apps.invoices.models import InvoiceLine, ValueSource
from apps.invoices.ruled import Applied
from apps.rules.conditions import Rule, Share
from apps.rules.suggestion import NOTHING
from apps.rules.words import Spread
from tests.invoices.test_lines import KNOWN, line, said

DATED = replace(
    KNOWN,
    day=date(2026, 9, 15),
    period=(date(2026, 10, 1), date(2026, 12, 31)),
    wording={"supplier": "Anker", "number": "F-1"},
)
HALVES = (
    Share(percentage=Decimal(50), gl_code="4000"),
    Share(gl_code="4100", vat_code="V9", cost_center="K1"),
)


def applied(one: InvoiceLine, *rules: Rule, known: Knowledge = DATED) -> Applied:
    return code_line(one, replace(known, rules=rules))[1]


def test_a_description_is_filled_in() -> None:
    one = line()
    applied(one, Rule("r", description="{supplier} {number}: {text}"))
    assert one.entry_text == "Anker F-1: Touw per rol"
    assert [(said["field"], said["won"]) for said in one.rules] == [("description", True)]


def test_the_strongest_rule_that_says_it_decides_about_private_use_vat_and_spread() -> None:
    one = line()
    applied(
        one,
        Rule("own", private_use=Decimal(25), spread=Spread.MONTHS, spread_months=3),
        Rule("firm", private_use=Decimal(10), non_deductible=Decimal("12.5"), spread=Spread.DOCUMENT),
    )
    assert (one.private_use, one.non_deductible) == (Decimal(25), Decimal("12.5"))
    assert (one.spread_from, one.spread_to) == (date(2026, 9, 15), date(2026, 12, 14))


def test_what_is_said_besides_codes_leaves_its_trace_on_the_line() -> None:
    one = line()
    applied(
        one,
        Rule("own", private_use=Decimal("25.00"), never_automatic=True),
        Rule("firm", private_use=Decimal(10), non_deductible=Decimal("12.5"), never_automatic=True),
        Rule("third", spread=Spread.MONTHS, spread_months=3),
    )
    assert [(said["name"], said["field"], said["value"], said["won"]) for said in one.rules] == [
        ("own", "private_use", "25", True),
        ("own", "never_automatic", "yes", True),
        ("firm", "private_use", "10", False),
        ("firm", "non_deductible", "12.5", True),
        ("firm", "never_automatic", "yes", True),
        ("third", "spread", "months", True),
    ]


def test_what_no_rule_says_any_more_is_taken_back() -> None:
    one = line(description="x")
    applied(one, Rule("r", description="y", private_use=Decimal(25), spread=Spread.DOCUMENT))
    assert one.spread_to == date(2026, 12, 31)
    applied(one)
    assert (one.entry_text, one.private_use, one.spread_from, one.treatment) == ("", None, None, {})


def test_a_spread_without_a_period_asks_for_a_person() -> None:
    found = applied(line(), Rule("Insurance", spread=Spread.DOCUMENT), known=replace(DATED, period=None))
    assert len(found.reasons) == 1
    assert "Insurance" in found.reasons[0]


def test_a_rule_may_say_that_a_person_must_look_and_the_payment_condition() -> None:
    found = applied(line(), Rule("own", never_automatic=True), Rule("firm", payment_condition="14"))
    assert ["own" in reason for reason in found.reasons] == [True]
    assert found.payment_condition.value == "14"


def test_a_line_is_split_as_the_rule_that_gives_its_account_says() -> None:
    one = line()
    assert applied(one, Rule("halves", splits=HALVES)).reasons == []
    assert (one.gl_code, one.gl_source) == ("4000", ValueSource.RULE)
    assert [(part["gl_code"], part["vat_code"], part["cost_center"]) for part in one.split] == [
        ("4000", "", ""),
        ("4100", "V9", "K1"),
    ]


def test_what_a_person_chose_is_booked_whole() -> None:
    one = line(gl_code="4100", gl_source=ValueSource.PERSON)
    applied(one, Rule("halves", splits=HALVES))
    assert one.split == []


def test_parts_that_exact_does_not_have_or_that_do_not_come_out_are_told_and_not_booked() -> None:
    unknown = (Share(percentage=Decimal(50), gl_code="4000"), Share(gl_code="9999", cost_center="ZZ"))
    one = line()
    (reason,) = applied(one, Rule("r", splits=unknown)).reasons
    assert "9999, ZZ" in reason
    too_much = (Share(amount=Decimal(101), gl_code="4000"), Share(gl_code="4100"))
    (reason,) = applied(one, Rule("r", splits=too_much)).reasons
    assert "100" in reason
    assert one.split == []


def test_parts_have_what_a_person_chose_for_the_line() -> None:
    rule = Rule("halves", splits=HALVES)
    one = line(vat_code="V9", vat_source=ValueSource.PERSON, cost_center="", cost_center_source="person")
    applied(one, rule)
    assert [(part["vat_code"], part["cost_center"]) for part in one.split] == [("V9", ""), ("V9", "")]
    applied(machine := line(), rule)
    assert [(part["vat_code"], part["cost_center"]) for part in machine.split] == [("", ""), ("V9", "K1")]


def test_a_rule_whose_account_was_rejected_says_nothing_else_until_it_is_changed() -> None:
    rule = Rule(
        "car",
        pk=1,
        gl_code="4000",
        private_use=Decimal(50),
        spread=Spread.DOCUMENT,
        payment_condition="30",
        description="x",
        never_automatic=True,
    )
    known = replace(DATED, corrections=said(source="rule", rule=1))
    one = line()
    found = applied(one, rule, Rule("firm", private_use=Decimal(10)), known=known)
    assert (one.gl_code, one.private_use, one.spread_from, one.entry_text) == ("4100", Decimal(10), None, "")
    assert (found.payment_condition, len(found.reasons)) == (NOTHING, 1)
    later = replace(rule, changed_at=datetime(2026, 10, 1, tzinfo=UTC))
    applied(one, later, known=known)
    assert (one.gl_code, one.private_use) == ("4000", Decimal(50))


def test_of_many_rules_those_that_won_are_kept_and_the_strongest_that_they_beat() -> None:
    one = line()
    rules = [Rule(f"r{number}", pk=number, gl_code="4000") for number in range(50)]
    applied(one, *rules, Rule("last", pk=99, vat_code="V9"))
    assert [said["pk"] for said in one.rules] == [*range(9), 99]
