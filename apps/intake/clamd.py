"""Speaking with ClamAV's daemon: one command, INSTREAM, over a socket on this machine or in this network (clamd(8))."""

import ipaddress
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.http import Rejected, Temporary, refuse_inside_transaction

CONNECT_SECONDS, IDLE_SECONDS, TOTAL_SECONDS = 3, 30, 90
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


def scan(content: bytes, address: str) -> str:
    """Return the name of the virus in `content`, "" for none.

    `address` is `host:port` or the path of a socket. Raises Temporary when the daemon gives no answer, and Rejected
    when it refuses to look or the address is none: somebody must change a setting then.
    """
    refuse_inside_transaction()
    try:
        with _connected(address) as line:
            ends_at = clock.stopwatch() + TOTAL_SECONDS
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), _CHUNK):
                chunk = content[at : at + _CHUNK]
                line.sendall(struct.pack(">L", len(chunk)) + chunk)
                _check(ends_at)
            line.sendall(struct.pack(">L", 0))
            return _understood(_answer(line, ends_at))
    except OSError as error:
        words = _("The virus scanner does not answer (%(words)s). See that clamd runs.")
        raise Temporary(words % {"words": error.strerror or error}) from error


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    if address.startswith("/"):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(CONNECT_SECONDS)
            line.connect(address)
            line.settimeout(IDLE_SECONDS)
            yield line
        return
    with socket.create_connection(_checked(address), timeout=CONNECT_SECONDS) as line:
        line.settimeout(IDLE_SECONDS)
        yield line


def _checked(address: str) -> tuple[str, int]:
    """Return the numbers to connect to. What clients send us goes no further than our own network, unencrypted."""
    host, _colon, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise Rejected(_("CLAMAV_ADDRESS must be host:port, or the path of a socket."))
    first = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0][4]
    found = ipaddress.ip_address(str(first[0]).partition("%")[0])
    if not (found.is_loopback or found.is_private) or found.is_unspecified:
        raise Rejected(
            _("CLAMAV_ADDRESS is not on this machine or in its own network; nothing is sent there.")
        )
    return str(first[0]), int(port)


def _check(ends_at: float) -> None:
    if clock.stopwatch() > ends_at:
        raise TimeoutError(_("it takes too long"))


def _answer(line: socket.socket, ends_at: float) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        got = line.recv(_LONGEST_ANSWER)
        if not got:
            break
        answer += got
        _check(ends_at)
    return answer.rstrip(b"\0\n")


def _understood(answer: bytes) -> str:
    """Read `stream: OK`, `stream: <name> FOUND`, or any other words, which are an error."""
    words = answer.decode(errors="replace").removeprefix("stream: ")
    if words == "OK":
        return ""
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND") or "?"
    if "size limit exceeded" in words:
        raise Rejected(
            _("The virus scanner takes no files of this size. Raise StreamMaxLength in clamd.conf to 50M.")
        )
    raise Temporary(
        _("The virus scanner does not answer (%(words)s). See that clamd runs.") % {"words": words[:200]}
    )
