import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared import ROOT

TOOL = ROOT / ".ci/translations.py"


def _run(root: Path, what: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / ".ci/translations.py"), what]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project of one text that is in Dutch already."""
    for folder in (".ci", "apps", "config", "templates"):
        (tmp_path / folder).mkdir()
    tool = re.sub(r"THEIRS = \{.*?\n\}", "THEIRS = {}", TOOL.read_text(), flags=re.DOTALL)
    (tmp_path / ".ci/translations.py").write_text(tool)
    (tmp_path / "apps/words.py").write_text('_("invoice")\n')
    _run(tmp_path, "update")
    po = tmp_path / "config/locale/nl/LC_MESSAGES/django.po"
    po.write_text(po.read_text().replace('msgid "invoice"\nmsgstr ""', 'msgid "invoice"\nmsgstr "factuur"'))
    _run(tmp_path, "update")
    return tmp_path


def test_every_text_has_its_dutch() -> None:
    result = _run(ROOT, "check")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_complete_catalogue_passes(small: Path) -> None:
    result = _run(small, "check")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("apps/more.py", 'ngettext_lazy("%(n)s line", "%(n)s lines", n)\n'),
        ("apps/more.py", 'pgettext("books", "ledger")\n'),
        ("templates/page.html", "<p>\n   {% translate 'Who must act' %}</p>"),
        ("templates/page.html", "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}"),
    ],
)
def test_a_new_text_without_dutch_fails_and_is_named(small: Path, file: str, content: str) -> None:
    (small / file).write_text(content)
    result = _run(small, "check")
    assert result.returncode == 1
    assert f"no Dutch: {file}" in result.stdout


def test_a_lost_placeholder_fails(small: Path) -> None:
    (small / "apps/words.py").write_text('_("invoice %(number)s")\n')
    _run(small, "update")
    po = small / "config/locale/nl/LC_MESSAGES/django.po"
    po.write_text(po.read_text().replace('%(number)s"\nmsgstr ""', '%(number)s"\nmsgstr "factuur"'))
    _run(small, "update")
    assert "placeholders differ" in _run(small, "check").stdout


def test_a_text_that_went_leaves_the_catalogue(small: Path) -> None:
    (small / "apps/words.py").write_text("")
    assert "is behind the code" in _run(small, "check").stdout
    _run(small, "update")
    assert "factuur" not in (small / "config/locale/nl/LC_MESSAGES/django.po").read_text()
