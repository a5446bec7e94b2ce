"""Asking a process of its own what a PDF holds, within limits of time, memory and output. Pure but for that process."""

import json
import re
import subprocess
import sys
import tempfile
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SIGNATURE = b"%PDF-"
CPU_SECONDS = 5
WALL_SECONDS = 20  # on a machine that has other work too
MEMORY = 512 * 1024 * 1024
OUTPUT = 24 * 1024 * 1024
_CHILD = Path(__file__).with_name("child.py")
TROUBLES: dict[str, str | Promise] = {
    "encrypted": _("The PDF is locked with a password. Ask the sender for one without."),
    "broken": _("The PDF is damaged and cannot be read. Ask the sender for a new copy."),
    "too_large": _("The PDF takes more memory to read than is allowed."),
    "too_slow": _("The PDF takes more time to read than is allowed."),
}


@dataclass(frozen=True, slots=True)
class Examined:
    """What a PDF holds: text of its first two pages, embedded XML files as (name, bytes).

    `trouble` is a code of TROUBLES when it could not be read, else "".
    """

    text: str = ""
    embedded: tuple[tuple[str, bytes], ...] = ()
    trouble: str = ""


_HOLDS_FILES = re.compile(rb"/EmbeddedFile|/ObjStm|/[A-Za-z]{0,14}#[0-9A-Fa-f]{2}")


def may_carry_files(content: bytes) -> bool:
    """Tell whether there may be files inside a PDF, without opening it: False is certain.

    Names of objects stand in plain letters, except in compressed streams of objects (ISO 32000-1, 7.5.7), and where
    one of their letters is written as its number (7.3.5).
    """
    return _HOLDS_FILES.search(content) is not None


def is_pdf(content: bytes) -> bool:
    """Tell whether bytes are a PDF, by what they begin with."""
    return content.startswith(SIGNATURE)


def examine(content: bytes) -> Examined:
    """Return what the PDF in `content` holds. Never raises for what is in it, and never takes long over it."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(content)
        given.seek(0)
        trouble = _run(given, answer)
        answer.seek(0)
        return Examined(trouble=trouble) if trouble else _answered(answer.read(OUTPUT + 1))


def _run(given: IO[bytes], answer: IO[bytes]) -> str:
    """Let the child read; return what went wrong with the process itself, "" for nothing."""
    limits = (str(CPU_SECONDS), str(MEMORY), str(OUTPUT))
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and nothing of the file on its command line
            [sys.executable, "-I", str(_CHILD), *limits],
            stdin=given,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=False,
            env={},
            cwd=tempfile.gettempdir(),
        )
    except subprocess.TimeoutExpired:
        return "too_slow"
    if done.returncode == 0:
        return ""
    return "too_slow" if done.returncode < 0 else "too_large"  # ended by the kernel; out of memory


def _answered(text: bytes) -> Examined:
    try:
        found: dict[str, Any] = dict(json.loads(text))
        embedded = tuple((str(name), b64decode(data)) for name, data in found.get("embedded", ()))
    except (TypeError, ValueError):
        return Examined(trouble="broken")
    return Examined(str(found.get("text", "")), embedded, str(found.get("trouble", "")))
