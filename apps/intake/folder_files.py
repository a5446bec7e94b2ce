"""Files in a folder that strangers and scanners write: found, taken, read and put away, and never half of one."""

import fcntl
import os
import signal
import stat
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from apps.intake import folder_moves
from apps.intake.folder_place import Place

UNFINISHED = (".tmp", ".part", ".crdownload", ".partial", ".filepart")
_CLOCK = ".clock"
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_MARK = 32  # hexadecimal digits before the name of a file that was taken


class Changing(Exception):
    """Somebody is writing the file, or has changed it since it was found."""


class TooLarge(Exception):
    """The file is larger than what is kept."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that lies there. `is_quiet`: nothing changed in it for as long as was asked."""

    name: str
    size: int
    changed_ns: int
    is_quiet: bool


def found(place: Place, settle: float) -> list[Found]:
    """Return the files that lie in the folder itself; hidden and unfinished ones, links and pipes are none.

    Quiet is what was not changed for `settle` seconds by the clock of the file system. That of the product is of no
    use here: the sandbox moves it, and a file server has its own. What counts is the change time, which no writer can
    set: a copy keeps the modification time of what was copied.
    """
    now = _now(place)
    files = (
        (name, folder_moves.stat_of(place.inbox, name)) for name in _names_in(place.inbox) if _is_wanted(name)
    )
    return [
        Found(name, known.st_size, known.st_mtime_ns, now - known.st_ctime >= settle)
        for name, known in files
        if known and stat.S_ISREG(known.st_mode)
    ]


def take(place: Place, files: list[Found], mark: str) -> None:
    """Take files together: each is called `<mark>-<name>` in `.taken` from now on.

    Raises Changing when one of them is being written or was changed, and OSError; then none or some are taken.
    """
    for one in files:
        with _open(place.inbox, one.name) as file:
            known = os.fstat(file)
            if (known.st_size, known.st_mtime_ns) != (one.size, one.changed_ns) or _is_written(file):
                raise Changing
    for one in files:
        os.rename(one.name, f"{mark}-{one.name}", src_dir_fd=place.inbox, dst_dir_fd=place.taken)


def taken(place: Place) -> dict[str, list[str]]:
    """Return the names of what was taken and is not put away yet, by mark."""
    names: dict[str, list[str]] = defaultdict(list)
    for name in _names_in(place.taken):
        if name[_MARK : _MARK + 1] == "-" and not _is_back(place, name):
            names[name[:_MARK]].append(name[_MARK + 1 :])
    return dict(names)


def read(place: Place, mark: str, name: str, *, limit: int) -> bytes:
    """Return the bytes of what was taken. Raises TooLarge, Changing when it is still written, and OSError."""
    with _open(place.taken, f"{mark}-{name}") as file:
        before = os.fstat(file)
        if before.st_size > limit:
            raise TooLarge
        with os.fdopen(os.dup(file), "rb") as stream:
            content = stream.read(limit + 1)
        after = os.fstat(file)
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if not same or len(content) != before.st_size or _is_written(file):
            raise Changing
    return content


def put_back(place: Place, mark: str, name: str) -> None:
    """Let what was taken lie in the folder again, as if it had just come."""
    folder_moves.move(place.taken, f"{mark}-{name}", place.inbox, name)


def finish(place: Place, mark: str, name: str, *, failed: str = "") -> None:
    """Put what was taken into `done`, or into `failed` with a text beside it that says why. Nothing is overwritten."""
    folder_moves.move(place.taken, f"{mark}-{name}", place.failed if failed else place.done, name, failed)


def larger_than(place: Place, limit: int) -> list[str]:
    """Return the names of what lies in `failed` and is larger than `limit` bytes: of that nothing was kept."""
    sizes = ((name, folder_moves.stat_of(place.failed, name)) for name in _names_in(place.failed))
    return [name for name, known in sizes if known and known.st_size > limit]


def _names_in(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def _is_back(place: Place, name: str) -> bool:
    """End what was being put back when we were killed: the file has both names then."""
    known, there = (
        folder_moves.stat_of(place.taken, name),
        folder_moves.stat_of(place.inbox, name[_MARK + 1 :]),
    )
    if known is None:
        return True
    if there is None or not os.path.samestat(known, there):
        return False
    os.unlink(name, dir_fd=place.taken)
    return True


def _is_wanted(name: str) -> bool:
    return not name.startswith((".", "~$")) and not name.casefold().endswith(UNFINISHED)


def _now(place: Place) -> float:
    """Touch a file, for the time that the file system gives it."""
    file = os.open(_CLOCK, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=place.taken)
    try:
        os.utime(file)
        return os.fstat(file).st_mtime
    finally:
        os.close(file)


@contextmanager
def _open(folder: int, name: str) -> Iterator[int]:
    file = os.open(name, _READ, dir_fd=folder)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise Changing
        yield file
    finally:
        os.close(file)


def _is_written(file: int) -> bool:
    """Tell whether somebody on this machine has the file open for writing; False where the system cannot tell.

    A read lease is refused then (fcntl(2)). Its signal is one that is ignored by default: the usual one would end us.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:  # not our file, or a file system without leases
        return False
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
