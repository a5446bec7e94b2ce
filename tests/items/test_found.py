import json

from django.utils import translation

from apps.items.found import Candidate, reasons_of, stored
from apps.items.wanted import Key
from tests.items.cards import card


def test_a_stored_candidate_says_why_in_the_language_of_who_reads_it() -> None:
    kept = json.loads(json.dumps(stored(Candidate(card(1, "Touw"), (Key("gtin", "087"),), 80))))
    assert (kept["code"], kept["name"], kept["usable"]) == ("A1", "Touw", True)
    with translation.override("en"):
        assert reasons_of(kept) == ["barcode (GTIN) 087", "description 80 % alike"]
    assert reasons_of({"item": kept["item"], "code": "A1"}) == []
