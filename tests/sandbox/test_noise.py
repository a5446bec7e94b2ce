"""The untidy history: repeatable, as untidy as its settings say, and in balance."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.sandbox import seed
from apps.sandbox.firm import DIVISIONS, rows
from apps.sandbox.firm.noise import Noise, entries
from apps.sandbox.models import Row

BAKERY = DIVISIONS[0]
LINES = "financialtransaction/TransactionLines"
QUIET = Noise(suppliers=40, several=0, changes=0, errors=0, wrong_vat=0, vague=0, worded=0)


def lines(noise: Noise) -> list[dict[str, Any]]:
    return [row for resource, _division, row in entries(BAKERY, noise) if resource == LINES]


def costs(noise: Noise) -> list[dict[str, Any]]:
    """The cost lines: neither the header nor VAT."""
    return [row for row in lines(noise) if row["LineNumber"] and not row["GLAccountCode"].startswith("15")]


def accounts_of(noise: Noise) -> list[set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in costs(noise):
        found[row["Account"]].add(row["GLAccountCode"])
    return list(found.values())


def test_the_same_settings_give_the_same_rows_and_another_seed_gives_others() -> None:
    assert list(entries(BAKERY, Noise(suppliers=5))) == list(entries(BAKERY, Noise(suppliers=5)))
    assert lines(Noise(suppliers=5)) != lines(Noise(suppliers=5, seed=2))


@pytest.mark.parametrize("division", DIVISIONS, ids=lambda one: str(one.code))
def test_every_entry_makes_zero_and_its_keys_are_its_own(division: Any) -> None:
    made = [row for resource, _code, row in entries(division, Noise(suppliers=20)) if resource == LINES]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in made:
        sums[row["EntryID"]] += Decimal(str(row["AmountDC"]))
    assert set(sums.values()) == {Decimal()}
    assert len({row["ID"] for row in made}) == len(made)
    theirs = {str(row.get("ID")) for _resource, code, row in rows() if code == division.code}
    assert not theirs & {str(row["ID"]) for _resource, _code, row in entries(division, Noise(suppliers=20))}


def test_without_noise_every_supplier_has_one_account_and_one_text() -> None:
    assert {len(accounts) for accounts in accounts_of(QUIET)} == {1}
    assert not {"", "Diversen"} & {row["Description"] for row in costs(QUIET)}


@pytest.mark.parametrize("more", [{"several": 1.0}, {"changes": 1.0}, {"errors": 0.3}])
def test_each_kind_of_noise_gives_suppliers_several_accounts(more: dict[str, float]) -> None:
    noisy = Noise(**{**{name: getattr(QUIET, name) for name in QUIET.__slots__}, **more})
    assert sum(len(accounts) > 1 for accounts in accounts_of(noisy)) > 15


def test_texts_are_vague_or_carry_more_as_often_as_is_said() -> None:
    noisy = costs(Noise(vague=0.2, worded=0, errors=0))
    vague = sum(row["Description"] in {"Factuur", "Conform opdracht", "Diversen", ""} for row in noisy)
    assert 0.17 < vague / len(noisy) < 0.23
    worded = costs(Noise(vague=0, worded=1.0))
    assert all(
        any(letter.isdigit() for letter in row["Description"]) or " " in row["Description"] for row in worded
    )


def test_some_lines_have_a_cost_centre() -> None:
    centres = {row["CostCenter"] for row in costs(Noise())}
    assert None in centres
    assert len(centres) > 2


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_it_is_added_once_to_a_division_of_the_firm_and_says_what_it_was_made_with() -> None:
    assert seed.history_of(BAKERY.code) is None
    made = seed.add_history(BAKERY.code, Noise(seed=7, suppliers=3))
    assert (made["seed"], made["suppliers"]) == (7, 3)
    assert seed.history_of(BAKERY.code) == made
    assert Row.objects.filter(resource="crm/Accounts", division=BAKERY.code, mark="900002").exists()
    with pytest.raises(ValueError, match="already"):
        seed.add_history(BAKERY.code)
    with pytest.raises(ValueError, match="not the firm's"):
        seed.add_history(1)
    seed.reset()
    assert seed.history_of(BAKERY.code) is None


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_the_command_adds_it(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sandbox", "--history", str(BAKERY.code), "--suppliers", "2", "--seed", "5")
    assert '"seed": 5, "suppliers": 2' in capsys.readouterr().out
    with pytest.raises(CommandError, match="already"):
        call_command("sandbox", "--history", str(BAKERY.code))
