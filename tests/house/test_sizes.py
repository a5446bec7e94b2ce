"""Modules and functions stay small: what grows past these sizes wants a second room."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared import ROOT

Sizes = dict[str, int]


def _modules() -> list[Path]:
    found = [*ROOT.glob("apps/**/*.py"), *ROOT.glob("config/*.py")]
    return sorted(path for path in found if "migrations" not in path.parts and path.stat().st_size)


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.fixture(scope="module")
def modules() -> Sizes:
    return {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in _modules()}


@pytest.fixture(scope="module")
def functions() -> Sizes:
    return {name: size for path in _modules() for name, size in _functions(path)}


def _percentile(sizes: Sizes, percent: int) -> float:
    return statistics.quantiles(sizes.values(), n=100, method="inclusive")[percent - 1]


def _over(sizes: Sizes, limit: int) -> Sizes:
    return {name: size for name, size in sizes.items() if size > limit}


def test_no_module_is_over_400_lines(modules: Sizes) -> None:
    assert _over(modules, 400) == {}


def test_modules_are_small_as_a_rule(modules: Sizes) -> None:
    assert statistics.median(modules.values()) <= 80
    assert _percentile(modules, 95) <= 250, _over(modules, 250)


def test_no_function_is_over_50_lines(functions: Sizes) -> None:
    assert _over(functions, 50) == {}


def test_functions_are_small_as_a_rule(functions: Sizes) -> None:
    assert statistics.median(functions.values()) <= 8
    assert _percentile(functions, 95) <= 30, _over(functions, 30)
