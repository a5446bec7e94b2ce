import stat
import subprocess
import sys
from pathlib import Path

from cryptography.fernet import Fernet

from apps.core.secrets import fernet_key, kept_secret, random_key

ONE_START = """
import sys, time
from pathlib import Path
from apps.core.secrets import kept_secret, random_key
path = Path(sys.argv[1])
while not path.with_name("go").exists():
    time.sleep(0.001)
print(kept_secret(path, random_key))
"""


def test_a_made_secret_is_kept(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "key", random_key)
    assert kept_secret(tmp_path / "key", random_key) == first
    assert len(first) >= 50


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    kept_secret(tmp_path / "key", random_key)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_nothing_but_the_secret_is_left_behind(tmp_path: Path) -> None:
    kept_secret(tmp_path / "key", random_key)
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_token_key_is_one_that_encrypts() -> None:
    box = Fernet(fernet_key())
    assert box.decrypt(box.encrypt(b"x")) == b"x"


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ONE_START, str(tmp_path / "key")]
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    (tmp_path / "go").touch()
    answers = {process.communicate(timeout=30)[0] for process in starts}
    assert len(answers) == 1
    assert answers.pop().strip() == (tmp_path / "key").read_text()
