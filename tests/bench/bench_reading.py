"""Reading an e-invoice next to the bare lxml parse of the same bytes. Prints one JSON line; asserts nothing.

`ratio` is the median over pairs of runs taken back to back, so that a noisy machine hits both sides alike.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lxml import etree

from apps.core import identifiers
from apps.intake.ubl import read
from tests.intake.samples import ubl


def _forget() -> None:
    """Empty the kept check digits: the worst case, every number seen for the first time."""
    for reader in (identifiers.vat, identifiers.be_enterprise, identifiers.iban):
        reader.cache_clear()


def _milliseconds(work: Callable[[bytes], object], data: bytes) -> float:
    start = time.perf_counter()
    work(data)
    return (time.perf_counter() - start) * 1000


def measure(lines: int, rounds: int) -> dict[str, float]:
    """Return medians in milliseconds of parsing and reading an invoice of `lines` lines, and their ratio."""
    data = ubl(lines=lines).encode()
    bare, full = [], []
    for _ in range(rounds):
        _forget()
        bare.append(_milliseconds(etree.fromstring, data))
        full.append(_milliseconds(read, data))
    ratio = statistics.median(f / b for f, b in zip(full, bare, strict=True))
    return {
        "bytes": len(data),
        "lxml_ms": round(statistics.median(bare), 3),
        "read_ms": round(statistics.median(full), 3),
        "ratio": round(ratio, 2),
    }


if __name__ == "__main__":
    result = {"bench": "reading", "lines_5": measure(5, 400), "lines_200": measure(200, 60)}
    sys.stdout.write(json.dumps(result) + "\n")
