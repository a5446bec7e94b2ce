"""How often history is right, on the ledger of one administration."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from apps.clients.models import Administration
from apps.exact.models import Division, LedgerLine
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import (
    DivisionFactory,
    GLAccountFactory,
    LedgerLineFactory,
    RelationFactory,
    VATCodeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger() -> Administration:
    """Fifty purchases of one supplier: rent and gas in turn, each with a line of VAT and a header."""
    administration: Administration = AdministrationFactory()
    division: Division = DivisionFactory(administration=administration)
    rent, gas = (GLAccountFactory(division=division, code=code) for code in ("4100", "4200"))
    vat = GLAccountFactory(division=division, code="1510", type=24)
    VATCodeFactory(division=division, code="V21")
    supplier = uuid4()
    for day in range(50):
        account, text = (rent, "Huur") if day % 2 else (gas, "Gas")
        common: dict[str, Any] = {
            "division": division,
            "relation": supplier,
            "type": 30,
            "date": date(2026, 1, 1) + timedelta(days=day),
            "entry_id": uuid4(),
        }
        LedgerLineFactory(**common, line_number=0)
        for number, (one, words) in enumerate([(account, text), (vat, text)], start=1):
            LedgerLineFactory(
                **common,
                line_number=number,
                gl_account=one.exact_id,
                gl_code=one.code,
                vat_code="V21",
                description=words,
            )
    return administration


def told(administration: Administration, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    call_command("evaluate_coding", "--administration", administration.slug, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_cost_lines_are_told_and_set_beside_the_most_common_account(
    ledger: Administration, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(ledger, capsys)
    once = found["learned_once"]
    assert (once["trained"], once["tested"], once["since"]) == (40, 10, "2026-02-10")
    assert (once["gl_code"]["top_1"], once["gl_code"]["baseline"], once["vat_code"]["top_1"]) == (10, 5, 10)
    assert found["learning_on"]["gl_code"]["top_1"] == 10
    assert found["noise"] is None


def test_cards_decide_before_history_in_figures_of_their_own(
    ledger: Administration, capsys: pytest.CaptureFixture[str]
) -> None:
    line = LedgerLine.objects.filter(gl_code="4100").first()
    assert line
    assert line.relation
    RelationFactory(division=line.division, exact_id=line.relation, gl_account_purchase=line.gl_account)
    found = told(ledger, capsys)
    assert found["learned_once"]["gl_code"]["top_1"] == 10
    assert found["as_coding_decides"]["learned_once"]["gl_code"]["top_1"] == 5
    assert found["as_coding_decides"]["learning_on"]["gl_code"]["top_1"] == 5
    assert found["as_coding_decides"]["suppliers_with_a_card_account"] == 1
    call_command("evaluate_coding", "--administration", ledger.slug)
    text = capsys.readouterr().out
    assert "history alone, learned once" in text
    assert "as coding decides, learned once" in text
    assert "comes from its VAT scenario, which the ledger does not keep" in text


def test_a_blocked_account_is_not_proposed(
    ledger: Administration, capsys: pytest.CaptureFixture[str]
) -> None:
    GLAccountFactory._meta.model.objects.filter(code="4200").update(blocked=True)
    assert told(ledger, capsys)["learned_once"]["gl_code"]["top_3"] == 5


def test_people_read_a_table(ledger: Administration, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("evaluate_coding", "--administration", ledger.slug)
    text = capsys.readouterr().out
    assert "40 lines to learn from, 10 to tell, since 2026-02-10" in text
    assert "100.0%" in text
    assert "made-up" not in text


def test_without_a_sandbox_no_history_is_made_up(
    ledger: Administration, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MADE_UP_HISTORY = ""
    assert told(ledger, capsys)["noise"] is None


def test_an_unknown_administration_and_one_without_a_division_are_said() -> None:
    with pytest.raises(CommandError, match="no administration nobody"):
        call_command("evaluate_coding", "--administration", "nobody")
    with pytest.raises(CommandError, match="No division"):
        call_command("evaluate_coding", "--administration", AdministrationFactory().slug)
