"""`manage.py evaluate_matching`: figures for people and machines, and plain words about a list that does not fit."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

CARDS = """id,name,vat,kvk,iban,email,endpoint
1,Anker en Touw B.V.,NL8976.20.458.B.01,,,,
2,Bakkerij De Bol,,34567892 Amersfoort,NL47 BUNQ 0649 6214 11,info@bol.example,0106:34567892
"""
QUERIES = """name,vat,kvk,iban,email,endpoint,expected
Anker & Touw,NL897620458B01,,,,,1
De Bol,,,,,0106:34567892,2
Zwembad,,,,post@gmail.com,,
Touw,,34567892,,,,1
"""


@pytest.fixture
def lists(tmp_path: Path) -> tuple[str, str]:
    queries, cards = tmp_path / "queries.csv", tmp_path / "cards.csv"
    queries.write_text(QUERIES, encoding="utf-8-sig")
    cards.write_text(CARDS)
    return str(queries), str(cards)


def printed(*args: str) -> str:
    out = StringIO()
    call_command("evaluate_matching", *args, stdout=out)
    return out.getvalue()


def test_everything_on_one_line_of_json(lists: tuple[str, str]) -> None:
    queries, cards = lists
    figures = json.loads(printed(queries, "--cards", cards, "--json"))
    assert (figures["cards"], figures["parties"], figures["with_supplier"]) == (2, 4, 3)
    assert figures["automatic"] == {"said": 3, "right": 2, "precision": 0.66667, "recall": 0.66667}
    assert figures["by_evidence"]["vat"] == {"said": 1, "right": 1, "precision": 1.0, "recall": 1.0}
    assert [one["name"] for one in figures["wrong"]] == ["Touw"]


def test_figures_and_the_wrong_ones_for_people(lists: tuple[str, str]) -> None:
    queries, cards = lists
    text = printed(queries, "--cards", cards)
    assert "evidence: vat" in text
    assert "proposals, one of three" in text
    assert "Touw: 2 by" in text


@pytest.mark.parametrize(
    ("queries", "cards"),
    [
        (None, CARDS),
        ("name,vat\nAnker,", CARDS),
        (QUERIES, CARDS.replace("2,Bakkerij", "1,Bakkerij")),
        (QUERIES.replace(",,,,,1\n", ",,,,,9\n"), CARDS),
        (b"\xff\xfe\x00name", CARDS),
    ],
    ids=["no file", "columns", "ids", "expected", "bytes"],
)
def test_a_list_that_does_not_fit_is_told_in_words(
    tmp_path: Path, queries: str | bytes | None, cards: str
) -> None:
    path = tmp_path / "queries.csv"
    if queries is not None:
        path.write_bytes(queries if isinstance(queries, bytes) else queries.encode())
    (tmp_path / "cards.csv").write_text(cards)
    with pytest.raises(CommandError):
        printed(str(path), "--cards", str(tmp_path / "cards.csv"))
