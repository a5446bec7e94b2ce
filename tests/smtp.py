"""A real mail server for tests, on a port of this machine: it takes mails one at a time, and fails where it is told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

HELD_BACK = "nothing yet"


@dataclass
class MailServer:
    """`mails`: (recipient, content) of each mail that was taken. `troubles`: what goes wrong the next times.

    A trouble is (command, reply): for "MAIL", "RCPT", "DATA" and "." (after the content) a reply such as "550 no", or
    "" to drop the line. A "taken" one drops the line after the mail was taken, and its answer is lost. With HELD_BACK
    for a reply the server says nothing until the other side is gone; `holding` tells that it does.
    """

    port: int = 0
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    holding: threading.Event = field(default_factory=threading.Event)

    def _hold_back(self, reader: BinaryIO, command: str) -> bool:
        if (command, HELD_BACK) not in self.troubles:
            return False
        self.troubles.remove((command, HELD_BACK))
        self.holding.set()
        with suppress(OSError):
            reader.read()  # until the other side is gone
        return True

    def _reply(self, line: socket.socket, command: str, usual: str) -> bool:
        """Answer a command; False when the line is dropped, or the command is refused."""
        trouble = next((one for one in self.troubles if one[0] == command), None)
        if trouble:
            self.troubles.remove(trouble)
        said = trouble[1] if trouble else usual
        if said:
            line.sendall(f"{said}\r\n".encode())
        return bool(said) and said[0] in "23"

    def talk(self, line: socket.socket) -> None:
        """Serve one client until it leaves or is dropped."""
        reader, to = line.makefile("rb"), ""
        line.sendall(b"220 here\r\n")
        while command := reader.readline().decode().strip():
            verb = command[:4].upper()
            if self._hold_back(reader, verb):
                return
            if verb == "QUIT":
                return
            if verb == "DATA":
                if not self._take(line, reader, to):
                    return
                continue
            to = command.partition("<")[2].rstrip(">") if verb == "RCPT" else to
            dropped = (verb, "") in self.troubles
            self._reply(line, verb, "250 fine")
            if dropped:
                return

    def _take(self, line: socket.socket, reader: BinaryIO, to: str) -> bool:
        dropped = ("DATA", "") in self.troubles
        if not self._reply(line, "DATA", "354 go on"):
            return not dropped
        content = b""
        while (row := reader.readline()) not in (b".\r\n", b""):
            content += row.removeprefix(b".") if row.startswith(b"..") else row
        if ("taken", HELD_BACK) in self.troubles or ("taken", "") in self.troubles:
            self.mails.append((to, content))
            if not self._hold_back(reader, "taken"):
                self.troubles.remove(("taken", ""))
            return False
        if self._hold_back(reader, "."):
            return False
        dropped = (".", "") in self.troubles
        if self._reply(line, ".", "250 taken"):
            self.mails.append((to, content))
        return not dropped


@contextmanager
def running() -> Iterator[MailServer]:
    """Yield a server that listens, and stop it."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = MailServer(door.getsockname()[1])

        def serve() -> None:
            with suppress(OSError):
                while True:
                    line, _address = door.accept()
                    with line, suppress(OSError):
                        server.talk(line)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        door.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)
