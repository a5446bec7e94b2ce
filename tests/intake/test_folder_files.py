"""Files that others write: found when they are whole, taken and put away without ever losing or doubling one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from apps.intake import folder_files, folder_place
from apps.intake.folder_files import Changing, TooLarge
from apps.intake.folder_place import Misplaced, Place, Unreachable

MARK = "0" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder_place.prepare(tmp_path, "client/scans")
    return tmp_path / "client/scans"


@pytest.fixture
def place(tmp_path: Path, folder: Path) -> Iterator[Place]:
    with folder_place.opened(tmp_path, "client/scans") as held:
        yield held


def names(place: Place, settle: float = 0) -> list[str]:
    return [one.name for one in folder_files.found(place, settle) if one.is_quiet]


def take(place: Place, *wanted: str, mark: str = MARK) -> None:
    folder_files.take(place, [one for one in folder_files.found(place, 0) if one.name in wanted], mark)


@pytest.mark.parametrize(
    "path",
    [
        "/etc",
        "..",
        "a/../../b",
        "~root",
        "C:\\scans",
        "\\\\server\\share",
        "",
        " / ",
        "a/.taken",
        "a/Done",
        "a\0b",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused_with_what_to_do(path: str, tmp_path: Path) -> None:
    with pytest.raises(Misplaced) as caught:
        folder_place.prepare(tmp_path / "root", path)
    assert caught.value.reason.endswith(".")
    assert not (tmp_path / "root").exists()


def test_a_path_is_stored_in_one_way() -> None:
    assert folder_place.checked(" client//scans\\2026/./ ") == "client/scans/2026"


@pytest.mark.parametrize("name", ["client", "client/scans", "client/scans/.taken", "client/scans/done"])
def test_a_link_on_the_way_leads_nowhere(name: str, tmp_path: Path, folder: Path) -> None:
    (tmp_path / name).rename(tmp_path / "elsewhere")
    (tmp_path / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unreachable), folder_place.opened(tmp_path, "client/scans"):
        pass


@pytest.mark.parametrize("gone", ["client/scans/.taken", "client", ""])
def test_a_disk_that_is_not_mounted_is_said(gone: str, tmp_path: Path, folder: Path) -> None:
    (tmp_path / gone).rename(tmp_path.parent / f"{tmp_path.name}-gone")
    with pytest.raises(Unreachable) as caught, folder_place.opened(tmp_path, "client/scans"):
        pass
    assert caught.value.reason.endswith(".")


def test_done_and_failed_are_made_again_where_somebody_tidied_up(tmp_path: Path, folder: Path) -> None:
    (folder / "done").rmdir()
    with folder_place.opened(tmp_path, "client/scans"):
        assert (folder / "done").is_dir()


def test_only_whole_and_visible_files_are_found(folder: Path, place: Place) -> None:
    for name in ("a.xml", ".hidden", "b.tmp", "c.PART", "d.crdownload", "~$e.docx"):
        (folder / name).write_bytes(b"x")
    (folder / "f").mkdir()
    (folder / "g.xml").symlink_to("/etc/passwd")
    os.mkfifo(folder / "h.xml")
    assert names(place) == ["a.xml"]


def test_a_file_must_have_been_quiet_whatever_time_it_says_it_has(folder: Path, place: Place) -> None:
    (folder / "a.xml").write_bytes(b"x")
    os.utime(folder / "a.xml", (0, 0))
    assert names(place, settle=30) == []
    os.utime(folder / "a.xml", (2**33, 2**33))  # a scanner whose clock runs ahead
    assert names(place, settle=0) == ["a.xml"]


def test_a_file_that_somebody_writes_is_not_taken(folder: Path, place: Place) -> None:
    with (folder / "a.xml").open("wb") as writer:
        writer.write(b"half")
        writer.flush()
        with pytest.raises(Changing):
            take(place, "a.xml")
    take(place, "a.xml")
    assert folder_files.read(place, MARK, "a.xml", limit=10) == b"half"


def test_a_file_that_changed_since_it_was_found_is_not_taken(folder: Path, place: Place) -> None:
    (folder / "a.xml").write_bytes(b"x")
    found = folder_files.found(place, 0)
    (folder / "a.xml").write_bytes(b"longer")
    with pytest.raises(Changing):
        folder_files.take(place, found, MARK)
    assert folder_files.taken(place) == {}


def test_of_a_pair_both_are_taken_or_none(folder: Path, place: Place) -> None:
    (folder / "a.xml").write_bytes(b"x")
    with (folder / "a.pdf").open("wb"), pytest.raises(Changing):
        take(place, "a.pdf", "a.xml")
    assert names(place) == ["a.pdf", "a.xml"]
    take(place, "a.pdf", "a.xml")
    assert folder_files.taken(place) == {MARK: ["a.pdf", "a.xml"]}


def test_a_file_that_is_written_after_it_was_taken_is_not_read(folder: Path, place: Place) -> None:
    (folder / "a.xml").write_bytes(b"x")
    writer = (folder / "a.xml").open("ab")
    (folder / "a.xml").rename(folder / ".taken" / f"{MARK}-a.xml")
    with pytest.raises(Changing):
        folder_files.read(place, MARK, "a.xml", limit=10)
    writer.close()
    folder_files.put_back(place, MARK, "a.xml")
    assert (names(place), folder_files.taken(place)) == (["a.xml"], {})


def test_nothing_larger_than_is_kept_is_read(folder: Path, place: Place) -> None:
    (folder / "a.xml").write_bytes(b"12345")
    take(place, "a.xml")
    with pytest.raises(TooLarge):
        folder_files.read(place, MARK, "a.xml", limit=4)


def test_a_link_in_place_of_what_was_taken_is_not_read(folder: Path, place: Place) -> None:
    (folder / ".taken" / f"{MARK}-a.xml").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="symbolic links"):
        folder_files.read(place, MARK, "a.xml", limit=10_000)


def test_names_in_done_and_failed_are_never_overwritten(folder: Path, place: Place) -> None:
    for number in range(3):
        (folder / "a.xml").write_bytes(b"%d" % number)
        take(place, "a.xml")
        folder_files.finish(place, MARK, "a.xml", failed=f"reason {number}" if number else "")
        (folder / "a.xml.txt").write_bytes(b"text")
    found = {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.glob("*/*") if path.is_file()
    }
    del found[".taken/.clock"]
    assert found == {
        "done/a.xml": "0",
        "failed/a.xml": "1",
        "failed/a.xml.txt": "reason 1",
        "failed/a (2).xml": "2",
        "failed/a (2).xml.txt": "reason 2",
    }


def test_a_move_that_was_cut_off_is_ended_and_not_doubled(folder: Path, place: Place) -> None:
    for name, target in (("a.xml", "done"), ("b.xml", ".")):
        (folder / name).write_bytes(b"x")
        take(place, name)
        os.link(folder / ".taken" / f"{MARK}-{name}", folder / target / name)
    assert folder_files.taken(place) == {MARK: ["a.xml"]}
    folder_files.finish(place, MARK, "a.xml")
    assert sorted(path.name for path in folder.rglob("*.xml")) == ["a.xml", "b.xml"]


@pytest.mark.parametrize("written", ["", "reason"])
def test_a_reason_that_was_written_when_the_move_was_cut_off_is_not_written_twice(
    folder: Path, place: Place, written: str
) -> None:
    (folder / "a.xml").write_bytes(b"x")
    take(place, "a.xml")
    os.link(folder / ".taken" / f"{MARK}-a.xml", folder / "failed" / "a.xml")
    (folder / "failed" / "a.xml.txt").write_text(written)
    folder_files.finish(place, MARK, "a.xml", failed="reason")
    found = {path.name: path.read_text() for path in (folder / "failed").iterdir()}
    assert found == {"a.xml": "x", "a.xml.txt": "reason"}


def test_what_cannot_be_moved_leaves_no_empty_file_behind(folder: Path, place: Place) -> None:
    (folder / ".taken" / f"{MARK}-a.xml").mkdir()
    for _pass in range(2):
        with pytest.raises(OSError, match="directory"):
            folder_files.put_back(place, MARK, "a.xml")
    assert names(place) == []


@contextmanager
def nobody() -> Iterator[None]:
    """A person without rights: root may read everything."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_read_says_so(folder: Path, place: Place) -> None:
    (folder / "a.xml").write_bytes(b"x")
    (folder / "a.xml").chmod(0)
    with nobody(), pytest.raises(PermissionError):
        take(place, "a.xml")
    assert names(place) == ["a.xml"]
