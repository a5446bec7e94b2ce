"""Matching measured on parties whose supplier is known: the bars of the quality page, on a generator's noise."""

import csv
from pathlib import Path

from apps.vendors.evaluation import Report, card_of, evaluate
from apps.vendors.matching import SupplierIndex
from tests.shared import CORPUS, needs_corpus
from tests.vendors.parties import Generator, Noise

EMPTY = dict.fromkeys(("name", "vat", "kvk", "iban", "email", "endpoint"), "")


def report_of(
    seed: int, noise: Noise, *, cards: int = 1_000, parties: int = 4_000, order: str = "strongest"
) -> Report:
    rows, queries = Generator(seed, noise).generate(cards, parties)
    return evaluate(SupplierIndex.build(map(card_of, rows)), queries, order)


def test_automatic_matches_are_right_and_most_that_can_be_told_are_told() -> None:
    report = report_of(1, Noise(), cards=2_000, parties=20_000)
    assert report.automatic.right / report.automatic.said >= 0.999
    assert report.uncontested.right / report.uncontested.of >= 0.95


def test_parties_with_clean_numbers_are_matched_nearly_all() -> None:
    clean = Noise(stale=0, doubled=0, sisters=0, factoring=0, mistyped=0, freemail=0, noisy_name=0)
    report = report_of(13, clean)
    assert not report.wrong
    assert report.identified.right / report.identified.of >= 0.99


def test_names_alone_match_nobody_and_the_right_card_is_among_the_first() -> None:
    nothing = {f"said_{column}": 0.0 for column in ("vat", "kvk", "iban", "email", "endpoint")}
    report = report_of(14, Noise(strangers=0, **nothing), parties=1_000)
    assert report.automatic.said == 0
    assert report.top_3.right / report.top_3.of >= 0.75
    assert report.top_1.right <= report.top_3.right


def test_what_goes_wrong_is_told_with_what_it_was_matched_by() -> None:
    cards = [{**EMPTY, "id": "A", "name": "Anker", "kvk": "34567892"}, {**EMPTY, "id": "B", "name": "Bol"}]
    query = {**EMPTY, "name": "Bol", "kvk": "34567892", "expected": "B"}
    report = evaluate(SupplierIndex.build(map(card_of, cards)), [query])
    assert report.wrong == [{"name": "Bol", "expected": "B", "matched": "A", "by": "kvk 34567892"}]
    assert (report.automatic.said, report.automatic.right, report.automatic.of) == (1, 0, 1)
    assert (report.by_kind["kvk"].said, report.by_kind["kvk"].right) == (1, 0)


@needs_corpus
def test_on_real_names_nothing_is_matched_by_itself() -> None:
    pairs = list(csv.DictReader(Path(CORPUS / "names/emm-name-pairs.csv").read_text().splitlines()))
    register = list(dict.fromkeys(pair["register_name"] for pair in pairs))
    ids = {name: str(at) for at, name in enumerate(register)}
    cards = [{**EMPTY, "id": ids[name], "name": name} for name in register]
    queries = [
        {**EMPTY, "name": pair["query_name"], "expected": ids[pair["register_name"]]}
        for pair in pairs
        if pair["same_company"] == "True"
    ]
    near_misses = [
        {**EMPTY, "name": pair["query_name"], "expected": ""}
        for pair in pairs
        if pair["same_company"] != "True"
    ]
    report = evaluate(SupplierIndex.build(map(card_of, cards)), [*queries, *near_misses])
    assert report.automatic.said == 0
    assert report.top_1.right >= 8  # of 10
