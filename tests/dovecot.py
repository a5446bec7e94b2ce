"""A real mail server for tests: Debian's dovecot on free ports of this machine, with its mails in a temporary folder.

`running()` starts one; every user name is an account with the password PASSWORD. `Dovecot.deliver` puts mails straight
into the inbox, thousands in a second, and `Dovecot.mails` reads a folder back from the disk.
"""

import datetime
import getpass
import grp
import ipaddress
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "geheim-voor-tests"
PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
WHY_NOT = "dovecot is not on this machine (apt-get install dovecot-imapd)"

_CONFIG = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login_user}
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
ssl_dh =
mail_location = maildir:{folder}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = {uid}
first_valid_gid = {gid}
mail_fsync = never
mail_max_userip_connections = 0
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service stats {{
  chroot =
}}
{more}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server. `port` speaks plain IMAP and STARTTLS, `tls_port` TLS with the certificate in `ca`."""

    folder: Path
    port: int
    tls_port: int
    uid: int
    gid: int
    host: str = "127.0.0.1"

    @property
    def ca(self) -> Path:
        """The certificate to trust (SSL_CERT_FILE)."""
        return self.folder / "cert.pem"

    def deliver(self, user: str, *contents: bytes) -> None:
        """Put mails into the inbox of `user`, in this order."""
        inbox = self._maildir(user)
        for number, content in enumerate(contents, start=len(list((inbox / "new").iterdir()))):
            name = f"{time.time_ns() // 1000:020}.M{number:08}.tests"
            waiting = inbox / "tmp" / name
            waiting.write_bytes(content)
            self._give(waiting)
            waiting.rename(inbox / "new" / name)

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """Return the mails in a folder of `user`, oldest first, as they lie on the disk."""
        return [path.read_bytes() for path in self._files(user, folder)]

    def count(self, user: str, folder: str = "INBOX") -> int:
        """Return how many mails lie in a folder of `user`."""
        return len(self._files(user, folder))

    def renumber(self, user: str) -> None:
        """Let the inbox of `user` begin anew with its numbers: another UIDVALIDITY, as after a restored backup."""
        inbox = self._maildir(user)
        known = inbox / "dovecot-uidlist"
        found = re.match(r"3 V(\d+)", known.read_text())
        assert found
        first = int(found[1])
        known.write_text(f"3 V{first + 1} N1 G{os.urandom(16).hex()}\n")
        self._give(known)
        for path in inbox.glob("dovecot.index*"):
            path.unlink()

    def _files(self, user: str, folder: str) -> list[Path]:
        inbox = self._maildir(user)
        place = inbox if folder == "INBOX" else inbox / ("." + folder.replace("/", "."))
        return sorted(
            (path for part in ("new", "cur") for path in place.glob(f"{part}/*")), key=lambda path: path.name
        )

    def _maildir(self, user: str) -> Path:
        inbox = self.folder / "mail" / user
        for name in ("", "tmp", "new", "cur"):
            if not (inbox / name).is_dir():
                (inbox / name).mkdir(parents=True)
                self._give(inbox / name)
        return inbox

    def _give(self, path: Path) -> None:
        if os.getuid() == 0:
            os.chown(path, self.uid, self.gid)


@contextmanager
def running(*, more: str = "") -> Iterator[Dovecot]:
    """Start a server, with `more` lines in its configuration, and stop it behind."""
    assert PROGRAM, WHY_NOT
    folder = Path(
        tempfile.mkdtemp(prefix="imap-")
    )  # short: the paths of its sockets have few letters to spend
    folder.chmod(0o755)
    server = _server(folder)
    (folder / "mail").mkdir()
    server._give(folder / "mail")
    _certificate(folder)
    (folder / "dovecot.conf").write_text(_configuration(server, more))
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.PIPE)
    try:
        _wait_for(server, process)
        yield server
    finally:
        _stop(process)
        _remove(folder)


def _server(folder: Path) -> Dovecot:
    """Choose free ports, and whose the mails are: root may own none."""
    import pwd

    owner = pwd.getpwnam("dovecot") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        return Dovecot(folder, one.getsockname()[1], two.getsockname()[1], owner.pw_uid, owner.pw_gid)


def _configuration(server: Dovecot, more: str) -> str:
    as_root = os.getuid() == 0
    return _CONFIG.format(
        folder=server.folder,
        port=server.port,
        tls_port=server.tls_port,
        uid=server.uid,
        gid=server.gid,
        user="dovecot" if as_root else getpass.getuser(),
        group="dovecot" if as_root else grp.getgrgid(os.getgid()).gr_name,
        login_user="dovenull" if as_root else getpass.getuser(),
        password=PASSWORD,
        more=more,
    )


def _wait_for(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    for _tenth in range(150):
        if process.poll() is not None:
            break
        with suppress(OSError), socket.create_connection((server.host, server.port), timeout=1) as line:
            if line.recv(4) == b"* OK":
                return
        time.sleep(0.1)
    log = server.folder / "log"
    raise AssertionError(f"dovecot did not start: {log.read_text() if log.exists() else process.stderr}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stderr:
        process.stderr.close()


def _remove(folder: Path) -> None:
    """Remove what the server kept; its last children may still write for a moment."""
    for _tenth in range(30):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


def _certificate(folder: Path) -> None:
    """Make a certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of the tests")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(_loopback())]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(secret)


def _loopback() -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address("127.0.0.1")
