"""Keeps the Dutch catalogue complete: collects every text, writes the .po, compiles the .mo, without gettext.

`update` brings config/locale up to date with the code; `check` fails with a list of what is missing. Also
counted are the texts of the packages whose pages people see and that bring no (complete) Dutch themselves.
"""

import gettext
import io
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import allauth
import django
import simple_history
import unfold
from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "config/locale/nl/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
OURS = ("apps", "config", "templates")
THEIRS = {
    "unfold": Path(unfold.__file__).parent,
    "simple_history": Path(simple_history.__file__).parent,
    "allauth": Path(allauth.__file__).parent,
}
# Parts of the packages that no page of ours shows.
UNSEEN = re.compile(
    r"allauth/(socialaccount|usersessions|headless|idp)/|unfold/contrib/(?!filters|forms|simple_history)"
    r"|/tests?/|/management/"
)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)  # fixed, so that the same texts give the same files
Found = tuple[str, Any, str | None]  # the file, the text (or singular and plural), its context


def _placed(function: str, messages: Any) -> tuple[Any, str | None]:
    spec = KEYWORDS[function]
    parts = messages if isinstance(messages, tuple) else (messages,)
    if spec is None:
        return parts[0], None
    context = next((str(parts[at[0] - 1]) for at in spec if isinstance(at, tuple)), None)
    texts = tuple(parts[at - 1] for at in spec if isinstance(at, int) and at <= len(parts))
    return (texts if len(texts) == 2 else texts[0]), context


def _texts(source: str) -> Iterator[tuple[Any, str | None]]:
    found: Any = extract_python(io.BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"})
    for _line, function, messages, _comments in found:
        text, context = _placed(function, messages)
        if text and all(text if isinstance(text, tuple) else [text]):
            yield text, context


def _template_as_python(text: str) -> str:
    # Everything but the texts is crossed out; what is left may start anywhere on its line.
    return "\n".join(line.strip() for line in templatize(text).splitlines())


def _collect(folder: Path, name: str) -> Iterator[Found]:
    readers: dict[str, Callable[[str], str]] = {
        ".py": str,
        ".html": _template_as_python,
        ".txt": _template_as_python,
    }
    for path in sorted(folder.rglob("*")):
        shown = f"{name}/{path.relative_to(folder).as_posix()}"
        if path.suffix in readers and not UNSEEN.search(shown) and "/migrations/" not in shown:
            for text, context in _texts(readers[path.suffix](path.read_text())):
                yield shown, text, context


def _already_dutch() -> gettext.NullTranslations:
    """Return what Django and the packages themselves bring in Dutch."""
    django_root = Path(django.__file__).parent
    folders = [django_root / "conf/locale", *django_root.glob("contrib/*/locale")]
    folders += [root / "locale" for root in THEIRS.values()]
    merged = gettext.NullTranslations()
    for folder in folders:
        if (folder / "nl/LC_MESSAGES/django.mo").exists():
            merged.add_fallback(gettext.translation("django", folder, ["nl"]))
    return merged


def _is_dutch(text: Any, context: str | None, known: gettext.NullTranslations) -> bool:
    single = text[0] if isinstance(text, tuple) else text
    marker = object()
    for catalogue in _chain(known):
        keys = [(single, 0), single] if isinstance(text, tuple) else [single]
        if context is not None:
            keys = [f"{context}\x04{single}"]
        if any(catalogue.get(key, marker) is not marker for key in keys):
            return True
    return False


def _chain(known: gettext.NullTranslations) -> Iterator[dict[Any, str]]:
    step: Any = known
    while step is not None:
        yield getattr(step, "_catalog", {})
        step = step._fallback


def needed() -> Catalog:
    """Return a catalogue of every text that must have Dutch in our .po, with the files it stands in."""
    catalogue = Catalog(domain="django")
    for name in OURS:
        for file, text, context in _collect(ROOT / name, name):
            catalogue.add(text, locations=[(file, 0)], context=context)
    known = _already_dutch()
    for name, folder in THEIRS.items():
        for file, text, context in _collect(folder, name):
            if not _is_dutch(text, context, known):
                catalogue.add(text, locations=[(file, 0)], context=context)
    return catalogue


def merged() -> Catalog:
    """Return the kept translations of the texts that are needed now, empty where there is none yet."""
    catalogue = Catalog(locale="nl", domain="django", project="Postkamer", charset="utf-8")
    if PO.exists():
        with PO.open("rb") as file:
            catalogue = read_po(file, locale="nl", domain="django", ignore_obsolete=True)
    catalogue.update(needed(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment = "# Dutch texts of Postkamer and of the packages whose pages it shows."
    catalogue.creation_date = catalogue.revision_date = MADE_AT
    catalogue.fuzzy = False
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    """Return the .po file of `catalogue`, sorted by file."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return buffer.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """Return the compiled form of `catalogue`."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def complaints(catalogue: Catalog) -> Iterator[str]:
    """Yield one line for each text without sound Dutch."""
    for message in catalogue:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        where = message.locations[0][0] if message.locations else "?"
        shown = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        if not all(strings):
            yield f"no Dutch: {where}: {shown!r}"
        elif message.fuzzy:
            yield f"fuzzy: {where}: {shown!r}"
        else:
            yield from (f"{error}: {where}: {shown!r}" for error in _mismatches(message))


_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


def _mismatches(message: Any) -> Iterator[str]:
    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    allowed = {match.group(0) for text in ids for match in _PLACEHOLDER.finditer(text)}
    used = {match.group(0) for text in strings for match in _PLACEHOLDER.finditer(text)}
    if used - allowed or (len(ids) == 1 and used != allowed):
        yield f"placeholders differ ({', '.join(sorted(used ^ allowed))})"


def update() -> int:
    """Write the .po and the .mo; return 0, and tell how many texts still need Dutch."""
    catalogue = merged()
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(catalogue))
    MO.write_bytes(as_mo(catalogue))
    left = len(list(complaints(catalogue)))
    print(f"{PO.relative_to(ROOT)}: {len(catalogue)} texts, {left} of them still need attention.")
    return 0


def check() -> int:
    """Return 1, with a list, when a text has no sound Dutch or the committed files are behind the code."""
    catalogue = merged()
    lines = list(complaints(catalogue))
    for path, content in ((PO, as_po(catalogue)), (MO, as_mo(catalogue))):
        if not path.exists() or path.read_bytes() != content:
            lines.append(f"{path.relative_to(ROOT)} is behind the code: run `make messages`.")
    print("\n".join(lines), end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    settings.configure()
    sys.exit({"update": update, "check": check}[sys.argv[1]]())
