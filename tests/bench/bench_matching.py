"""Matching one party on a prepared index, beside plain rapidfuzz over the same names in the same run.

python tests/bench/bench_matching.py [--suppliers 300 2000 100000] [--parties 2000]
"""

import argparse
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def _times(act: Callable[[Any], Any], things: list[Any]) -> dict[str, float]:
    taken = []
    for thing in things:
        began = time.perf_counter()
        act(thing)
        taken.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(taken, n=100)
    return {"median_ms": round(cuts[49], 3), "p99_ms": round(cuts[98], 3)}


def _measure(suppliers: int, parties: int) -> dict[str, Any]:
    from rapidfuzz import process
    from rapidfuzz.fuzz import token_sort_ratio

    from apps.vendors.evaluation import card_of, vendor_of
    from apps.vendors.matching import SupplierIndex
    from tests.vendors.parties import Generator

    rows, queries = Generator(seed=1).generate(suppliers, parties)
    cards = [card_of(row) for row in rows]
    vendors = [vendor_of(row) for row in queries]
    nameless = [type(vendor)(vendor.name, (), vendor.spellings, vendor.legal_form) for vendor in vendors]
    gc.collect()
    began = time.perf_counter()
    index = SupplierIndex.build(cards)
    built = time.perf_counter() - began
    began = time.perf_counter()
    index.match(nameless[0])
    names = time.perf_counter() - began
    plain = [card.spellings[0] for card in cards if card.spellings]
    few = vendors[: max(20, min(len(vendors), 2_000_000 // suppliers))]
    return {
        "suppliers": len(cards),
        "build_ms": round(built * 1000, 1),
        "build_names_ms": round(names * 1000, 1),
        "match": _times(index.match, vendors),
        "match_by_name_alone": _times(index.match, nameless),
        "rapidfuzz_extract_one": _times(
            lambda vendor: process.extractOne(vendor.spellings[0], plain, scorer=token_sort_ratio),
            [vendor for vendor in few if vendor.spellings],
        ),
    }


def main() -> None:
    """Measure and print one line of JSON."""
    import json
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, nargs="+", default=[300, 2_000, 100_000])
    parser.add_argument("--parties", type=int, default=2_000)
    options = parser.parse_args()
    os.environ.setdefault("DATA_DIR", tempfile.mkdtemp())
    import django

    django.setup()
    found = [_measure(suppliers, options.parties) for suppliers in options.suppliers]
    print(json.dumps({"bench": "matching", "parties": options.parties, "indexes": found}))  # noqa: T201


if __name__ == "__main__":
    main()
