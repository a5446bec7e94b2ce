"""Modules are named after what they do, and the code keeps to the ways of the house."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared import ROOT

BANNED = {"utils", "helpers", "common", "misc", "base", "services", "manager", "managers", "signals"}
TIME = {"apps/core/clock.py", "apps/sandbox/time.py"}


def _sources() -> list[Path]:
    return sorted(path for path in ROOT.glob("apps/**/*.py") if "migrations" not in path.parts)


def _where(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def _calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


@pytest.mark.parametrize("kind", ["module", "package"])
def test_no_room_is_a_dumping_ground(kind: str) -> None:
    names = {path if kind == "module" else path.parent for path in _sources()}
    assert [str(path) for path in names if path.stem in BANNED] == []


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for path in _sources()}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_nobody_overrides_save_or_delete() -> None:
    found = [
        _where(path, item)
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and any("Model" in ast.unparse(parent) for parent in node.bases)
        for item in node.body
        if isinstance(item, ast.FunctionDef) and item.name in {"save", "delete"}
    ]
    assert found == []


def test_nobody_listens_to_signals() -> None:
    words = ("django.dispatch", "db.models.signals")
    assert [str(path) for path in _sources() if any(word in path.read_text() for word in words)] == []


def test_only_the_clock_reads_the_time() -> None:
    readers = {"datetime.now", "date.today", "datetime.today", "timezone.now", "time.time", "datetime.utcnow"}
    found = [
        _where(path, call)
        for path in _sources()
        if path.relative_to(ROOT).as_posix() not in TIME
        for call, name in _calls(path)
        if any(name == reader or name.endswith(f".{reader}") for reader in readers)
    ]
    assert found == []


def test_nobody_looks_a_model_up_by_name() -> None:
    found = [
        _where(path, call) for path in _sources() for call, name in _calls(path) if name.endswith("get_model")
    ]
    assert found == []
