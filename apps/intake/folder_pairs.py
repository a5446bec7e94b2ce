"""Which files of a folder came together: an XML file and the PDF of the same name are one arrival. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePath

from apps.intake.folder_files import Found

OTHER = {".xml": ".pdf", ".pdf": ".xml"}


def stem_of(name: str) -> str:
    """Return what an XML file and its PDF have in common, "" for any other file."""
    path = PurePath(name)
    return path.stem.casefold() if path.suffix.casefold() in OTHER else ""


def other_half(name: str) -> str:
    """Return the name of the other half of a pair in small letters, "" where there is none."""
    return stem_of(name) + OTHER.get(PurePath(name).suffix.casefold(), "")


def groups(files: Iterable[Found], *, largest: int) -> list[list[Found]]:
    """Return the files that may be taken now, those that belong together in one group.

    A file waits for the other half of its pair to be quiet as well. What is larger than `largest` bytes is on its own.
    """
    by_stem: dict[str, list[Found]] = defaultdict(list)
    for one in files:
        by_stem[stem_of(one.name) if one.size <= largest else ""].append(one)
    found = [[one] for one in by_stem.pop("", []) if one.is_quiet]
    for halves in by_stem.values():
        is_pair = {PurePath(one.name).suffix.casefold() for one in halves} == set(OTHER) and len(halves) == 2
        if is_pair and all(one.is_quiet for one in halves):
            found.append(halves)
        elif not is_pair:
            found += [[one] for one in halves if one.is_quiet]
    return found
