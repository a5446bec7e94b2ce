"""A PostgreSQL of one's own, to be restarted at will: its programs must be on this machine."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

OWNER = "postgres"  # root may not run a server


def programs() -> Path | None:
    """Return where initdb and pg_ctl of the newest PostgreSQL here are, None when there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def free_port() -> int:
    """Return a port that nobody listens at now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Cluster:
    """A server on loopback that waits for the disk at every commit, as one at work does."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder, self._programs, self._port = folder, programs, free_port()
        self._data = folder / "data"
        self.restarts = 0

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgres://{OWNER}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Make the cluster and start it."""
        if os.geteuid() == 0:
            shutil.chown(self._folder, OWNER)
        self._run("initdb", "-U", OWNER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def restart(self) -> None:
        """Break every connection off, with no time to finish, and recover as after a crash."""
        self.restarts += 1
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-m", "immediate", "restart")

    def stop(self) -> None:
        """Stop it for good."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, "-D", self._data, *arguments],
            user=OWNER if os.geteuid() == 0 else None,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # the server would hold a pipe open
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            log = self._folder / "log"
            raise RuntimeError(f"{program} failed: {log.read_text()[-2000:] if log.exists() else ''}")


@contextmanager
def cluster(programs: Path) -> Iterator[Cluster]:
    """Yield a running cluster, and throw it away."""
    with TemporaryDirectory() as folder:
        made = Cluster(Path(folder), programs)
        made.start()
        try:
            yield made
        finally:
            made.stop()
