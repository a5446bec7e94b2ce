"""The parts of a line: which codes each gets, and what its ledger account demands or forbids."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from apps.core.causes import Cause
from apps.exact.models.mirrors import CostRule
from apps.invoices.checks import Facts, JournalFacts, check_codes, check_journal
from apps.invoices.entry_lines import entry_lines
from apps.invoices.knowledge import Knowledge
from apps.invoices.lines import code_line
from apps.invoices.models import Invoice, InvoiceLine, ValueSource
from apps.invoices.replay_ground import Ground
from apps.invoices.replay_samples import own_sample
from apps.rules.conditions import Rule, Share
from tests.clients.factories import AdministrationFactory
from tests.invoices.test_lines import KNOWN, account, books, line

pytestmark = pytest.mark.usefixtures("english")

FORBID, DEMAND, ALLOW = CostRule.NOT_ALLOWED, CostRule.MANDATORY, CostRule.OPTIONAL
DIMENSIONS = ("cost_center", "cost_unit")
CODE = {"cost_center": "K1", "cost_unit": "D1"}


def ground(first: int, second: int, *shares: Share, **of_rule: Any) -> Knowledge:
    """Return books whose accounts 4000 and 4100 treat both dimensions so, and a rule that splits over them."""
    accounts = [
        account(code, use_cost_center=use, use_cost_unit=use)
        for code, use in (("4000", first), ("4100", second))
    ]
    parts = shares or (Share(percentage=Decimal(50), gl_code="4000"), Share(gl_code="4100"))
    return replace(KNOWN, books=books(*accounts), rules=[Rule("halves", splits=parts, **of_rule)])


def sent(one: InvoiceLine, name: str) -> list[str]:
    return [getattr(each, name) for each in entry_lines([one])]


@pytest.mark.parametrize("name", DIMENSIONS)
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [(ALLOW, FORBID, (True, False)), (FORBID, ALLOW, (False, True)), (FORBID, DEMAND, (False, True))],
)
def test_a_part_has_the_code_of_the_line_only_where_its_account_takes_it(
    name: str, first: int, second: int, expected: tuple[bool, bool]
) -> None:
    known = ground(first, second, **CODE)
    one = line()
    assert code_line(one, known)[0] == []
    check_codes([one], known.books, Facts())
    assert sent(one, name) == [CODE[name] if has else "" for has in expected]


@pytest.mark.parametrize("source", [ValueSource.PERSON, ValueSource.NOBODY])
def test_what_a_person_or_the_document_said_goes_to_the_part_that_takes_it_however_often_it_is_coded(
    source: str,
) -> None:
    known = ground(FORBID, ALLOW)
    one = line(cost_center="K1", cost_center_source=source) if source else line(document_cost_center="K1")
    for _time in range(2):
        code_line(one, known)
        assert check_codes([one], known.books, Facts()).findings == []
        assert sent(one, "cost_center") == ["", "K1"]


def test_what_no_part_may_have_is_told() -> None:
    known = ground(FORBID, FORBID)
    one = line(document_cost_center="K1")
    code_line(one, known)
    (finding,) = check_codes([one], known.books, Facts()).findings
    assert (finding.code, finding.values) == ("cost_left_out", {"value": "K1", "account": "4000"})


def test_what_the_account_of_a_part_forbids_is_taken_off_it_and_told() -> None:
    parts = (
        Share(percentage=Decimal(50), gl_code="4000"),
        Share(gl_code="4100", cost_center="K2", cost_unit="D1"),
    )
    known = ground(ALLOW, FORBID, *parts)
    one = line()
    code_line(one, known)
    found = check_codes([one], known.books, Facts()).findings
    assert [each.values["value"] for each in found] == ["K2", "D1"]
    assert sent(one, "cost_center") == sent(one, "cost_unit") == ["", ""]


@pytest.mark.parametrize("name", DIMENSIONS)
def test_what_the_account_of_a_part_demands_is_asked_for_with_its_account(name: str) -> None:
    other = {each: CODE[each] for each in DIMENSIONS if each != name}
    obstacles, _applied = code_line(line(), ground(ALLOW, DEMAND, **other))
    ((cause, detail),) = [(one.cause, one.detail) for one in obstacles]
    assert cause == Cause.COST_CENTRE_MISSING
    assert "4100" in detail


def test_a_part_with_a_code_of_its_own_is_enough() -> None:
    own = Share(percentage=Decimal(50), gl_code="4000", cost_center="K2", cost_unit="D1")
    known = ground(DEMAND, ALLOW, own, Share(gl_code="4100"))
    one = line()
    assert code_line(one, known)[0] == []
    assert sent(one, "cost_center") == ["K2", ""]


def test_a_journal_without_vat_looks_at_the_codes_of_parts() -> None:
    known = ground(
        ALLOW, ALLOW, Share(percentage=Decimal(50), gl_code="4000"), Share(gl_code="4100", vat_code="V9")
    )
    known.books.vat_codes["V9"].percentage = Decimal("0.09")
    one = line()
    code_line(one, known)
    facts = Facts(journals={"60": JournalFacts(22, allows_vat=False)})
    assert len(check_journal("60", [one], "EUR", known.books, facts)) == 1


def test_a_replay_compares_what_the_rule_says_and_not_what_a_part_had_from_its_line() -> None:
    known = ground(ALLOW, ALLOW, **CODE)
    one = line(invoice=Invoice())
    code_line(one, known)
    assert one.split[0]["cost_center"] == "K1"
    past = Ground(AdministrationFactory.build(), known.books, {}, [], {}, {}, {})
    extras = own_sample(one, past).extras
    assert extras is not None
    assert extras.parts == known.rules[0].splits
