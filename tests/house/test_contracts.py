import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.shared import ROOT

FREE = {"migrations", "management", "templatetags"}  # what Django finds by its place


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources in a folder of their own, to break rules in."""
    for path in [ROOT / "pyproject.toml", *ROOT.glob("apps/**/*.py"), *ROOT.glob("config/**/*.py")]:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return tmp_path


def test_the_import_contracts_hold() -> None:
    result = _lint(ROOT)
    assert result.returncode == 0, result.stdout


def test_breaking_them_is_seen(copy: Path) -> None:
    (copy / "apps/core/utils.py").write_text("")
    (copy / "apps/extra").mkdir()
    (copy / "apps/extra/__init__.py").write_text("")
    with (copy / "apps/core/money.py").open("a") as file:
        file.write("import requests\nimport unfold\nfrom django_q.tasks import async_task\n")
        file.write(
            "from apps.people import models\nfrom apps.sandbox import faults\nfrom config import settings\n"
        )
    result = _lint(copy)
    assert result.returncode == 1
    for part in ("apps.core.utils", "apps.extra", "apps.core is not allowed to import apps.people"):
        assert part in result.stdout
    broken = {line.removesuffix(" BROKEN") for line in result.stdout.splitlines() if line.endswith(" BROKEN")}
    assert {
        "Apps form floors",
        "Inside core",
        "Nobody imports the sandbox",
        "HTTP is spoken by the session and the clients only",
        "Only the bell knows django-q2",
        "The theme can be left: only admin modules know it",
        "Apps do not know the project; only the worker's command reads its schedules",
    } <= broken


def test_every_package_has_a_contract_of_its_own() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    inside = {name for contract in contracts if contract.get("exhaustive") for name in contract["containers"]}
    folders = {path.parent.relative_to(ROOT) for path in ROOT.glob("apps/**/__init__.py")}
    packages = {".".join(folder.parts) for folder in folders if not FREE & set(folder.parts)}
    assert packages - inside == set()


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    listed = [
        line for line in lines if line.startswith('  "') and any(mark in line for mark in ("==", ">=", "<"))
    ]
    assert len(listed) > 30
    assert [line for line in listed if "  # " not in line] == []


def test_no_lock_holds_an_address() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert [path.name for path in locks] == ["dev.txt", "prod.txt"]
    assert [path.name for path in locks if "://" in path.read_text()] == []


def test_every_locked_package_has_hashes() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        pins = path.read_text().replace("\\\n", "").splitlines()
        assert [pin for pin in pins if "==" in pin and "--hash=sha256:" not in pin] == []
