"""Fails when a test was skipped that .ci/allowed-skips.txt does not list with its reason.

Takes the JUnit files of the test runs. A line of the list is `pattern | reason`: the pattern matches the test's
name as `tests.core.test_worker::test_name[parameter]`, the reason is part of what the skip itself says.
"""

import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from xml.etree import ElementTree

ALLOWED = Path(__file__).with_name("allowed-skips.txt")


def allowed() -> list[tuple[str, str]]:
    """Return the listed skips as pattern and reason."""
    lines = (line.strip() for line in ALLOWED.read_text().splitlines())
    pairs = [line.split("|", 1) for line in lines if line and not line.startswith("#")]
    return [(pattern.strip(), reason.strip()) for pattern, reason in pairs]


def skipped(report: Path) -> Iterator[tuple[str, str]]:
    """Yield each skipped or expectedly failed test of a JUnit file, with what it says."""
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - our own report
        for mark in case.findall("skipped"):
            yield f"{case.get('classname')}::{case.get('name')}", f"{mark.get('message')} {mark.text or ''}"


def main(reports: list[Path]) -> int:
    """Print what was skipped without leave; return 1 when there was any."""
    listed = allowed()
    wrong = [
        f"{report.name}: {name}: {said.strip()}"
        for report in reports
        for name, said in skipped(report)
        if not any(reason and reason in said and fnmatchcase(name, pattern) for pattern, reason in listed)
    ]
    print("\n".join(["Skipped without leave:", *wrong]) if wrong else "No test was skipped without leave.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
