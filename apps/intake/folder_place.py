"""Folders below FOLDERS_ROOT, held open: what others do to the names meanwhile cannot lead anywhere else.

Each folder on the way is opened by itself and without following links, so nothing lies outside the root. Beside
the files themselves a folder holds `.taken` (what is under way), `done` and `failed`.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

TAKEN, DONE, FAILED = ".taken", "done", "failed"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Misplaced(Exception):
    """A path that may not be used as a folder; `reason` is a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreachable(Misplaced):
    """The folder cannot be used now: it is not there, not mounted, or not ours to read and write."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that is held open: the descriptors of itself and of the three folders in it."""

    inbox: int
    taken: int
    done: int
    failed: int


def checked(path: str) -> str:
    """Return `path` as it is stored: relative, with single slashes. Raises Misplaced, with what to do."""
    names = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\", "~")) or ":" in path:
        raise Misplaced(_("Give the folder as it is called below the folder that FOLDERS_ROOT names."))
    names = [name.strip() for name in names if name.strip() not in ("", ".")]
    if not names or any(name == ".." or not name.isprintable() for name in names):
        raise Misplaced(_("This is no name of a folder. Use letters, digits and single slashes."))
    if any(name.startswith(".") or name.casefold() in (DONE, FAILED) for name in names):
        raise Misplaced(
            _("Names that begin with a dot, “done” and “failed” are used inside folders. Choose another.")
        )
    return "/".join(names)


def prepare(root: Path, path: str) -> None:
    """Make the folder with the three in it, where they are not there yet. Raises Misplaced or Unreachable."""
    path = checked(path)
    try:
        root.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            inbox = _descend(stack, root, path, make=True)
            for name in (TAKEN, DONE, FAILED):
                _step(stack, inbox, name, make=True)
    except OSError as error:
        raise unreachable(error) from error


@contextmanager
def opened(root: Path, path: str) -> Iterator[Place]:
    """Hold the folder open. Raises Unreachable.

    Without its `.taken` it is not the folder that was prepared: an empty place where a disk is not mounted looks
    like a folder without files, and would be silence.
    """
    with ExitStack() as stack:
        try:
            inbox = _descend(stack, root, checked(path), make=False)
            place = Place(
                inbox,
                _step(stack, inbox, TAKEN, make=False),
                *(_step(stack, inbox, name, make=True) for name in (DONE, FAILED)),
            )
        except OSError as error:
            raise unreachable(error) from error
        yield place


def unreachable(error: OSError) -> Unreachable:
    """Return what to tell people of a folder that cannot be used."""
    words = _(
        "The folder cannot be reached (%(words)s). See that its disk is mounted, and save it again to make it."
    )
    return Unreachable(words % {"words": error.strerror or error})


def _descend(stack: ExitStack, root: Path, path: str, *, make: bool) -> int:
    held = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    stack.callback(os.close, held)
    for name in path.split("/"):
        held = _step(stack, held, name, make=make)
    return held


def _step(stack: ExitStack, above: int, name: str, *, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, 0o770, dir_fd=above)
    held = os.open(name, _FOLDER, dir_fd=above)
    stack.callback(os.close, held)
    return held
