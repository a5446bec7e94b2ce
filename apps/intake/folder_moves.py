"""Moving a file between folders that are held open, without ever overwriting one or losing it half way."""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress

_TOO_MANY = "There are a thousand files of that name"
_OWN = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def stat_of(folder: int, name: str) -> os.stat_result | None:
    """Return what is known of a file, links not followed; None when it is gone: somebody was faster."""
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def move(source: int, name: str, target: int, wanted: str, text: str = "") -> None:
    """Move a file to a name that is free, with a text beside it. Killed in between, the same move ends it."""
    for free in _names(wanted):
        if _arrives(source, name, target, free):
            if text:
                _write(target, f"{free}.txt", text)
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=source)
            return
    raise FileExistsError(errno.EEXIST, _TOO_MANY)


def _names(wanted: str) -> Iterator[str]:
    stem, dot, suffix = wanted.rpartition(".")
    yield wanted
    for number in range(2, 1000):
        yield f"{stem} ({number}){dot}{suffix}" if stem else f"{wanted} ({number})"


def _arrives(source: int, name: str, target: int, free: str) -> bool:
    """Let the file have this name as well, unless another file has it; on file systems without links, instead."""
    try:
        os.link(name, free, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
    except FileExistsError:
        known, there = stat_of(source, name), stat_of(target, free)
        return bool(known and there and os.path.samestat(known, there))
    except OSError:
        try:
            os.close(os.open(free, _NEW, 0o660, dir_fd=target))  # reserved, and replaced by the file itself
        except FileExistsError:
            return False
        try:
            os.rename(name, free, src_dir_fd=source, dst_dir_fd=target)
        except OSError:  # what was reserved is no file of anybody: it would be taken in as an empty one
            os.unlink(free, dir_fd=target)
            raise
    return True


def _write(folder: int, wanted: str, text: str) -> None:
    """Write a text of our own; one that a killed process wrote, or was about to write, is not written twice."""
    for free in _names(wanted):
        with suppress(FileExistsError):
            file = os.open(free, _NEW, 0o660, dir_fd=folder)
            with os.fdopen(file, "w", encoding="utf-8", errors="replace") as stream:
                stream.write(text)
            return
        if _is_begun(folder, free, text):
            return


def _is_begun(folder: int, name: str, text: str) -> bool:
    """Tell whether the file says this already; an empty one is made to."""
    with suppress(OSError), os.fdopen(os.open(name, _OWN, dir_fd=folder), "r+b") as stream:
        content = text.encode(errors="replace")
        there = stream.read(len(content) + 1)
        if not there:
            stream.write(content)
        return there in (b"", content)
    return False
