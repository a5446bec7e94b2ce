"""One line gets its ledger account, VAT code, cost centre and cost unit, each with who vouches."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from apps.core.causes import Cause
from apps.exact.models import GLAccount, VATCode
from apps.exact.models.mirrors import CostRule
from apps.invoices.knowledge import Knowledge
from apps.invoices.lines import code_line
from apps.invoices.models import InvoiceLine, ValueSource
from apps.rules.books import Books
from apps.rules.conditions import DocumentFacts, Patience, Rule
from apps.rules.history import History, Past
from apps.rules.items import ItemFacts
from apps.rules.said import Corrections, Said
from apps.rules.scenario import Scenario
from apps.rules.words import TextMatch


def account(code: str, **values: Any) -> GLAccount:
    return GLAccount(exact_id=UUID(int=int(code)), code=code, type=values.pop("type", 121), **values)


def books(*accounts: GLAccount) -> Books:
    known = accounts or (account("4000"), account("4100"), account("1520", type=24))
    return Books(
        accounts={str(one.exact_id): one for one in known},
        accounts_by_code={one.code: one for one in known},
        vat_codes={code: VATCode(code=code, type="E") for code in ("V21", "V9")},
        cost_centers=frozenset({"K1", "K2"}),
        cost_units=frozenset({"D1"}),
    )


KNOWN = Knowledge(
    books=books(),
    document=DocumentFacts(supplier_name="Anker", supplier_code="10"),
    vat_table={Scenario.NL_HIGH: "V21"},
    country="NL",
    card_code="4000",
)


def line(**values: Any) -> InvoiceLine:
    known = {
        "position": 1,
        "description": "Touw per rol",
        "net": Decimal(100),
        "category": "S",
        "rate": Decimal(21),
    }
    return InvoiceLine(**{**known, **values})


def causes(one: InvoiceLine, known: Knowledge = KNOWN) -> list[str]:
    obstacles, _applied = code_line(one, known)
    return [obstacle.cause for obstacle in obstacles]


def booked(*codes: str) -> History:
    return History([Past(code) for code in codes])


def test_a_line_of_a_known_supplier_is_coded_by_its_card_and_the_vat_table() -> None:
    one = line()
    assert causes(one) == []
    assert (one.gl_code, one.gl_source, one.gl_account) == ("4000", ValueSource.CARD, UUID(int=4000))
    assert (one.vat_code, one.vat_source, one.scenario) == ("V21", ValueSource.TABLE, Scenario.NL_HIGH)
    assert "Anker" in one.gl_why
    assert "21 %" in one.vat_why


def test_a_rule_overrules_the_card_and_the_card_overrules_history() -> None:
    known = replace(KNOWN, history=booked("4100", "4100"))
    one = line()
    code_line(one, known)
    assert one.gl_source == ValueSource.CARD
    code_line(one, replace(known, card_code=""))
    assert (one.gl_code, one.gl_source) == ("4100", ValueSource.HISTORY)
    code_line(one, replace(known, rules=[Rule("Touw", text="TOUW", gl_code="4100", vat_code="V9")]))
    assert (one.gl_code, one.gl_source) == ("4100", ValueSource.RULE)
    assert (one.vat_code, one.vat_source) == ("V9", ValueSource.RULE)


def test_a_rule_about_another_text_or_with_a_code_unknown_here_does_not_speak() -> None:
    rules = [Rule("elsewhere", gl_code="9999"), Rule("other text", text="gas", gl_code="4100")]
    one = line()
    code_line(one, replace(KNOWN, rules=rules))
    assert one.gl_source == ValueSource.CARD


def test_history_never_books_on_the_vat_account_or_on_one_that_is_gone() -> None:
    one = line()
    known = replace(KNOWN, card_code="", history=booked("1520", "1520", "9999", "4100"))
    assert causes(one, known) == []
    assert one.gl_code == "4100"


def test_the_account_of_an_item_comes_before_the_card() -> None:
    known = replace(KNOWN, items={"ROPE-8": ItemFacts("ROPE", "G1", "4100")})
    one = line(seller_item="ROPE-8")
    assert causes(one, known) == []
    assert (one.gl_code, one.gl_source) == ("4100", ValueSource.ITEM)
    assert "ROPE" in one.gl_why
    code_line(one, replace(known, rules=[Rule("group", item_group="g1", gl_code="4000")]))
    assert (one.gl_code, one.gl_source) == ("4000", ValueSource.RULE)


def said(**values: Any) -> Corrections:
    known = {
        "text_key": "touw per rol",
        "field": "gl_code",
        "rejected": "4000",
        "source": "card",
        "rule": None,
        "chosen": "4100",
        "by": "Anna",
        "at": datetime(2026, 9, 1, tzinfo=UTC),
    }
    return Corrections([Said(**{**known, **values})])


def test_what_a_person_said_no_to_is_not_proposed_again_for_the_same_text() -> None:
    known = replace(KNOWN, corrections=said())
    same, other = line(description="Touw per rol 12"), line(description="Anker")
    code_line(same, known)
    code_line(other, known)
    assert (same.gl_code, same.gl_source) == ("4100", ValueSource.CORRECTION)
    assert "Anna" in same.gl_why
    assert (other.gl_code, other.gl_source) == ("4000", ValueSource.CARD)


def test_a_rule_speaks_again_once_it_was_changed_after_the_correction() -> None:
    rule = Rule("r", gl_code="4000", changed_at=datetime(2026, 8, 1, tzinfo=UTC))
    known = replace(KNOWN, corrections=said(source="rule", rule=1), rules=[rule])
    one = line()
    code_line(one, known)
    assert one.gl_code == "4100"
    code_line(one, replace(known, rules=[replace(rule, changed_at=datetime(2026, 10, 1, tzinfo=UTC))]))
    assert (one.gl_code, one.gl_source) == ("4000", ValueSource.RULE)


def test_a_chosen_account_that_is_blocked_by_now_gives_way_but_the_rejected_one_stays_out() -> None:
    known = replace(KNOWN, corrections=said(chosen="9999"), history=booked("4000", "4100"))
    one = line()
    code_line(one, known)
    assert (one.gl_code, one.gl_source) == ("4100", ValueSource.HISTORY)


def test_the_rules_that_were_beaten_are_told_with_the_one_that_won() -> None:
    rules = [Rule("own", pk=1, owner="A", gl_code="4100"), Rule("firm", pk=2, owner="F", gl_code="4000")]
    one = line()
    code_line(one, replace(KNOWN, rules=rules))
    assert [(said["name"], said["value"], said["won"]) for said in one.rules] == [
        ("own", "4100", True),
        ("firm", "4000", False),
    ]


def test_neither_a_rule_nor_a_card_books_on_an_account_that_takes_no_entries() -> None:
    one = line()
    code_line(one, replace(KNOWN, rules=[Rule("r", gl_code="1520")]))
    assert (one.gl_code, one.gl_source) == ("4000", ValueSource.CARD)
    assert causes(one, replace(KNOWN, card_code="1520")) == [Cause.NO_GL_ACCOUNT]


def test_a_card_that_names_an_unknown_account_says_nothing() -> None:
    one = line()
    assert causes(one, replace(KNOWN, card_code="9")) == [Cause.NO_GL_ACCOUNT]
    assert (one.gl_account, one.gl_code, one.gl_source) == (None, "", "")


def test_what_cannot_be_coded_says_which_line_it_is() -> None:
    found, _applied = code_line(line(position=7, rate=Decimal(6)), replace(KNOWN, card_code=""))
    assert [one.cause for one in found] == [Cause.NO_GL_ACCOUNT, Cause.NO_VAT_CODE]
    assert all("7" in one.detail and "Touw per rol" in one.detail for one in found)


@pytest.mark.parametrize("table", [{}, {Scenario.NL_HIGH: "gone"}])
def test_a_scenario_without_a_code_that_exact_has_waits(table: dict[str, str]) -> None:
    assert causes(line(), replace(KNOWN, vat_table=table)) == [Cause.NO_VAT_CODE]


def test_the_country_of_the_vendor_decides_whose_vat_it_is() -> None:
    one = line()
    code_line(one, replace(KNOWN, country="BE", vat_table={Scenario.FOREIGN: "V9"}))
    assert (one.scenario, one.vat_code) == (Scenario.FOREIGN, "V9")


def test_what_a_person_set_stays_and_the_rest_is_coded_anew() -> None:
    one = line(
        gl_account=UUID(int=4100),
        gl_code="4100",
        gl_source=ValueSource.PERSON,
        vat_code="V9",
        vat_source=ValueSource.PERSON,
        cost_center="K2",
        cost_center_source=ValueSource.PERSON,
        cost_unit="",
        cost_unit_source=ValueSource.PERSON,
    )
    rules = [Rule("r", gl_code="4000", vat_code="V21", cost_center="K1", cost_unit="D1")]
    assert causes(one, replace(KNOWN, rules=rules)) == []
    assert (one.gl_code, one.vat_code, one.cost_center, one.cost_unit) == ("4100", "V9", "K2", "")
    assert one.scenario == Scenario.NL_HIGH


def test_a_mandatory_cost_centre_and_unit_are_asked_for() -> None:
    strict = account("4000", use_cost_center=CostRule.MANDATORY, use_cost_unit=CostRule.MANDATORY)
    known = replace(KNOWN, books=books(strict))
    assert causes(line(), known) == [Cause.COST_CENTRE_MISSING, Cause.COST_CENTRE_MISSING]
    assert causes(line(), replace(known, rules=[Rule("r", cost_center="K1", cost_unit="D1")])) == []


def test_a_cost_centre_comes_from_a_rule_else_the_document_else_the_account() -> None:
    known = replace(KNOWN, books=books(account("4000", cost_center="K1", cost_unit="D1")))
    plain, written = line(), line(document_cost_center="K2")
    code_line(plain, known)
    code_line(written, known)
    assert (plain.cost_center, plain.cost_unit) == ("K1", "D1")
    assert (written.cost_center, written.cost_center_source) == ("K2", ValueSource.DOCUMENT)
    code_line(written, replace(known, rules=[Rule("r", cost_center="K1")]))
    assert (written.cost_center, written.cost_center_source) == ("K1", ValueSource.RULE)


def test_a_cost_centre_that_exact_does_not_know_is_not_taken_over() -> None:
    one = line(document_cost_center="ZZ")
    assert causes(one) == []
    assert one.cost_center == ""


def test_an_account_that_allows_no_cost_centre_gets_none() -> None:
    strict = account("4000", use_cost_center=CostRule.NOT_ALLOWED, use_cost_unit=CostRule.NOT_ALLOWED)
    one = line(document_cost_center="K1")
    code_line(one, replace(KNOWN, books=books(strict), rules=[Rule("r", cost_unit="D1")]))
    assert (one.cost_center, one.cost_unit) == ("", "")


@pytest.mark.usefixtures("english")
def test_a_rule_that_could_not_be_looked_at_asks_for_a_person_whatever_it_says() -> None:
    slow = Rule("Insurance", text="(a+)+$", text_match=TextMatch.REGEX, never_automatic=True)
    known = replace(KNOWN, rules=[slow], patience=Patience({slow.text}))
    _obstacles, applied = code_line(line(), known)
    (reason,) = applied.reasons
    assert "Insurance could not be looked at" in reason
    assert code_line(line(), replace(known, rules=[replace(slow, seller_item="99")]))[1].reasons == []
