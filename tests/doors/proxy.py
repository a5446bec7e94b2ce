"""A line to the mail server that breaks: every so manieth connection is cut after some bytes."""

import random
import socket
from contextlib import suppress
from threading import Thread


class BreakingLine:
    """Listens on loopback and passes on to `target`; `share` of the connections are cut, at a byte that dice choose."""

    def __init__(self, target: int, *, share: float, dice: random.Random) -> None:
        self._target, self._share, self._dice = target, share, dice
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.cut = 0
        Thread(target=self._listen, daemon=True).start()

    def mend(self) -> None:
        """Cut no connection any more."""
        self._share = 0

    def _listen(self) -> None:
        while True:
            asker, _address = self._server.accept()
            is_cut = self._dice.random() < self._share
            Thread(target=self._serve, args=(asker, self._limit() if is_cut else None), daemon=True).start()

    def _limit(self) -> int:
        return self._dice.choice((self._dice.randrange(400), self._dice.randrange(60_000)))

    def _serve(self, asker: socket.socket, limit: int | None) -> None:
        with asker, suppress(OSError), socket.create_connection(("127.0.0.1", self._target)) as server:
            back = Thread(target=_pass_on, args=(asker, server), daemon=True)
            back.start()
            if _pass_on(server, asker, limit):
                self.cut += 1
            for one in (asker, server):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            back.join()


def _pass_on(source: socket.socket, target: socket.socket, limit: int | None = None) -> bool:
    """Copy bytes until one side ends, or `limit` bytes went over; True when it was cut."""
    with suppress(OSError):
        while content := source.recv(4096):
            if limit is not None and len(content) >= limit:
                target.sendall(content[:limit])
                return True
            target.sendall(content)
            limit = None if limit is None else limit - len(content)
    return False
