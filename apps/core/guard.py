"""Leads a process group that never outlives its starter: `python -m apps.core.guard COMMAND...`.

Standard input is a pipe whose other end the starter holds; it closes when the starter ends in any way, also
by kill -9, and then the whole group is killed. Django's cluster processes would go on as orphans otherwise.
"""

import os
import select
import signal
import subprocess
import sys
from types import FrameType

POLL = 0.5  # seconds


def main(command: list[str]) -> int:
    """Run `command` and return its exit code; pass SIGTERM on, kill the group when standard input closes."""
    if os.getpgrp() != os.getpid():
        os.setpgrp()  # the group that is killed is never somebody else's
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own command line

    def pass_on(signum: int, frame: FrameType | None) -> None:
        child.terminate()

    signal.signal(signal.SIGTERM, pass_on)
    while child.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], POLL)
        if readable and not os.read(sys.stdin.fileno(), 1):
            os.killpg(0, signal.SIGKILL)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
