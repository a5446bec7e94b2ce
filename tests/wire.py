"""A wire between a program and a server that a test can cut or hold: at a byte, or at a word that is sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Wire:
    """What is done to the line, and whether it happened.

    `cut_after`: bytes from the server, then the line is dead. `hold_at`: what the program sends with this word in it
    never arrives; `held` is set then. `repaired` ends both.
    """

    port: int = 0
    cut_after: int | None = None
    hold_at: bytes = b""
    cut_at: bytes = b""
    held: threading.Event = field(default_factory=threading.Event)
    cuts: int = 0

    def repair(self) -> None:
        """Let everything pass from here on."""
        self.cut_after, self.hold_at, self.cut_at = None, b"", b""


@contextmanager
def between(server: tuple[str, int]) -> Iterator[Wire]:
    """Stretch a wire to `server`; the program connects to `wire.port` on 127.0.0.1."""
    wire = Wire()
    with socket.create_server(("127.0.0.1", 0)) as door:
        wire.port = door.getsockname()[1]
        threading.Thread(target=_answer, args=(door, server, wire), daemon=True).start()
        yield wire
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)


def _answer(door: socket.socket, server: tuple[str, int], wire: Wire) -> None:
    while True:
        try:
            near, _address = door.accept()
        except OSError:
            return
        far = socket.create_connection(server)
        for one in (_upwards, _downwards):
            threading.Thread(target=one, args=(near, far, wire), daemon=True).start()


def _upwards(near: socket.socket, far: socket.socket, wire: Wire) -> None:
    with suppress(OSError):
        while content := near.recv(65536):
            if wire.cut_at and wire.cut_at in content:
                wire.cuts += 1
                break
            if wire.hold_at and wire.hold_at in content:
                wire.held.set()
                continue
            far.sendall(content)
    _close(near, far)


def _downwards(near: socket.socket, far: socket.socket, wire: Wire) -> None:
    passed = 0
    with suppress(OSError):
        while content := far.recv(4096):
            limit = wire.cut_after
            if limit is not None and passed + len(content) > limit:
                near.sendall(content[: max(limit - passed, 0)])
                wire.cuts += 1
                break
            passed += len(content)
            near.sendall(content)
    _close(near, far)


def _close(*lines: socket.socket) -> None:
    for line in lines:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()
