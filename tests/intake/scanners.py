"""A real ClamAV with two signatures of its own, and loopback servers that answer as clamd(8) documents or badly."""

import hashlib
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
# The test file that every scanner knows, in two halves: this file shall not be taken for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MARKER = b"postkamer-marker-voor-testen"


@contextmanager
def clamd(folder: Path) -> Iterator[tuple[str, str]]:
    """Start clamd and yield its two addresses: host:port and the path of its socket."""
    (folder / "db").mkdir(parents=True)
    digest = hashlib.md5(EICAR, usedforsecurity=False).hexdigest()
    (folder / "db/own.hdb").write_text(f"{digest}:{len(EICAR)}:Eicar-Test\n")
    (folder / "db/own.ndb").write_text(f"Own-Marker:0:*:{MARKER.hex()}\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = folder / "socket"
    lines = {
        "Foreground": "yes",
        "DatabaseDirectory": folder / "db",
        "LocalSocket": path,
        "TCPAddr": "127.0.0.1",
    }
    lines |= {"TCPSocket": port, "MaxThreads": 2, "StreamMaxLength": "1M"}
    (folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(CLAMD), "-c", str(folder / "clamd.conf")], stdout=log, stderr=log)
    try:
        for _time in range(300):
            if path.exists():
                break
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        yield f"127.0.0.1:{port}", str(path)
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def answering(answer: bytes | None) -> Iterator[str]:
    """A server that takes one stream and gives one answer; None: it hangs up. Yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer, args=(server, answer))
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:  # nobody may have asked: then it still waits, and would keep the process from ending
            server.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=10)


def _answer(server: socket.socket, answer: bytes | None) -> None:
    try:
        line, _address = server.accept()
    except OSError:
        return
    with line:
        got = b""
        while not got.endswith(bytes(4)):
            got += line.recv(65536)
        assert got.startswith(b"zINSTREAM\0")
        if answer is not None:
            line.sendall(answer)
