"""Whatever bytes a stranger calls a ZIP file: pieces or a sentence, and never more bytes than allowed."""

import os
import stat
import tracemalloc
from io import BytesIO
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.parsing import Unreadable
from apps.intake.pieces import Piece
from apps.intake.unpacking import unpack
from tests.intake import zips

pytestmark = pytest.mark.usefixtures("english")

XML = b"<Invoice/>"


def names(pieces: list[Piece]) -> list[str]:
    return [piece.filename for piece in pieces]


def refused(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        unpack(content)
    assert str(caught.value.reason).endswith(".")
    return caught.value.code


@pytest.mark.parametrize("method", [ZIP_STORED, 8])
def test_each_file_is_a_piece_with_its_bytes(method: int) -> None:
    content = zips.packed(
        ("a.xml", XML), ("b.pdf", b"%PDF-1.7"), ("empty.txt", b""), method=method, comment=b"hi"
    )
    assert unpack(content) == [Piece("a.xml", XML), Piece("b.pdf", b"%PDF-1.7"), Piece("empty.txt", b"")]


def test_a_zip_file_for_large_ones_opens_as_well() -> None:
    assert unpack(zips.in_64("a.xml", XML)) == [Piece("a.xml", XML)]


def test_bytes_before_the_zip_file_do_no_harm() -> None:
    assert unpack(b"#!/bin/sh\nunzip $0\n" + zips.packed(("a.xml", XML))) == [Piece("a.xml", XML)]


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "C:\\Windows\\passwd", "/passwd", "a/b/passwd", "..\\passwd"]
)
def test_a_name_is_never_a_path(path: str) -> None:
    assert names(unpack(zips.packed((path, XML)))) == ["passwd"]


def test_folders_are_none_and_what_a_system_adds_is_junk() -> None:
    extra = ["__MACOSX/._a.xml", "map/.DS_Store", "Thumbs.db", "DESKTOP.INI", "._b"]
    found = unpack(zips.packed(("map/", b""), ("map/a.xml", XML), *((name, b"x" * 9) for name in extra)))
    assert names(found) == ["a.xml", "._a.xml", ".DS_Store", "Thumbs.db", "DESKTOP.INI", "._b"]
    assert [bool(piece.junk) for piece in found] == [False, *[True] * 5]
    assert not any(piece.content for piece in found[1:])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_the_same_name_are_two_pieces() -> None:
    found = unpack(
        zips.packed(("map1/a.xml", b"<one/>"), ("map2/a.xml", b"<two/>"), ("map1/a.xml", b"<three/>"))
    )
    assert [(piece.filename, piece.content) for piece in found] == [
        ("a.xml", b"<one/>"),
        ("a.xml", b"<two/>"),
        ("a.xml", b"<three/>"),
    ]


def only(content: bytes) -> Piece:
    (found,) = unpack(content)
    return found


def test_a_file_behind_a_password_is_refused_by_name_and_those_beside_it_are_read() -> None:
    sound = zips.packed(("secret.xml", XML), ("a.xml", XML))
    locked, read = unpack(zips.flagged(sound, flags=1))
    assert (locked.filename, locked.content, read) == ("secret.xml", b"", Piece("a.xml", XML))
    assert "password" in locked.refused


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_ways_of_packing_that_the_library_does_not_bound_are_refused(method: int) -> None:
    assert "ordinary ZIP" in only(zips.packed(("a.xml", XML), method=method)).refused


def test_an_unknown_way_of_packing_is_refused() -> None:
    assert "ordinary ZIP" in only(zips.flagged(zips.packed(("a.xml", XML)), method=9)).refused


def test_a_zip_inside_a_zip_is_not_opened_and_an_office_file_is_a_file() -> None:
    found = unpack(zips.packed(("in.zip", zips.packed(("a.xml", XML))), ("b.xlsx", zips.office())))
    assert ["inside a ZIP" in piece.refused for piece in found] == [True, False]
    assert found[1].content == zips.office()
    hidden = zips.packed(("holds.zip", zips.packed(("b.xlsx", zips.office()), method=ZIP_STORED)))
    assert "inside a ZIP" in only(hidden).refused


def test_a_file_with_damaged_bytes_is_refused_and_those_beside_it_are_read() -> None:
    noise = os.urandom(500)
    sound = bytearray(zips.packed(("a.bin", noise), ("b.xml", XML), method=ZIP_STORED))
    sound[sound.index(noise) + 100] ^= 1
    damaged, read = unpack(bytes(sound))
    assert (damaged.filename, damaged.content, read) == ("a.bin", b"", Piece("b.xml", XML))
    assert "damaged" in damaged.refused


def test_a_link_is_no_file() -> None:
    out, info = BytesIO(), ZipInfo("link.xml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(out, "w") as made:
        made.writestr(info, "/etc/passwd")
    assert "link" in only(out.getvalue()).refused


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04 no", b"<Invoice/>", b"PK\x05\x06" + bytes(10)])
def test_what_is_no_zip_file_is_said(content: bytes) -> None:
    assert refused(content) == ("damaged" if content else "empty")


def test_half_a_zip_file_is_said() -> None:
    assert refused(zips.packed(("a.xml", os.urandom(300)))[:200]) == "damaged"


def test_a_bomb_is_not_opened_and_takes_no_memory() -> None:
    bomb = zips.packed(*((f"{n}.xml", bytes(9 * 1024 * 1024)) for n in range(12)))
    assert len(bomb) < 200_000
    tracemalloc.start()
    assert refused(bomb) == "bomb"
    assert tracemalloc.get_traced_memory()[1] < 5 * len(bomb)
    tracemalloc.stop()


def test_one_file_that_packs_too_well_is_refused_and_the_others_are_read() -> None:
    noise = os.urandom(400_000)
    found = unpack(zips.packed(("bomb.xml", bytes(9_000_000)), ("a.bin", noise)))
    assert [(piece.filename, bool(piece.refused)) for piece in found] == [
        ("bomb.xml", True),
        ("a.bin", False),
    ]


def test_a_large_file_is_refused_by_its_size_before_it_is_read() -> None:
    large = os.urandom(1024) * 11 * 1024
    assert "larger than 10 MB" in only(zips.packed(("a.bin", large), method=ZIP_STORED)).refused


@pytest.mark.parametrize("says", [1, 5_000])
def test_a_file_of_another_size_than_it_says_is_refused(says: int) -> None:
    assert only(zips.lying(XML * 10, says)).refused


def test_files_that_share_their_bytes_are_not_opened() -> None:
    assert refused(zips.overlapping(bytes(500_000), 400)) == "overlap"


def test_too_many_files_are_not_opened() -> None:
    many = [(f"{n}.xml", b"") for n in range(501)]
    assert len(unpack(zips.packed(*many[:500]))) == 500
    assert refused(zips.packed(*many)) == "too_many"


@pytest.fixture(scope="module")
def sound() -> bytes:
    return zips.packed(("a.xml", XML * 40), ("map/b.pdf", os.urandom(200)), ("c.xlsx", zips.office()))


def outcome(content: bytes) -> None:
    try:
        found = unpack(content)
    except Unreadable as error:
        assert str(error.reason).endswith(".")
        return
    assert sum(len(piece.content) for piece in found) <= settings.MAX_UNPACKED_BYTES
    assert all("/" not in piece.filename and "\\" not in piece.filename for piece in found)
    assert all(not (piece.refused and piece.junk) for piece in found)


@given(content=st.binary(max_size=400), tail=st.sampled_from([b"", b"PK\x05\x06" + bytes(18)]))
def test_any_bytes_give_pieces_or_a_sentence(content: bytes, tail: bytes) -> None:
    outcome(b"PK\x03\x04" + content + tail)


@given(data=st.data())
def test_a_zip_file_with_any_bytes_changed_gives_pieces_or_a_sentence(sound: bytes, data: Any) -> None:
    made = bytearray(sound)
    places = st.integers(0, len(made) - 1)
    for at in data.draw(st.lists(places, min_size=1, max_size=6)):
        made[at] = data.draw(st.integers(0, 255))
    outcome(bytes(made[: data.draw(places)]) if data.draw(st.booleans()) else bytes(made))


@given(data=st.data())
def test_a_directory_with_any_numbers_in_it_gives_pieces_or_a_sentence(sound: bytes, data: Any) -> None:
    made, start = bytearray(sound), sound.index(b"PK\x01\x02")
    for at in data.draw(st.lists(st.integers(start, len(made) - 4), min_size=1, max_size=3)):
        made[at : at + 4] = data.draw(st.sampled_from([0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 500])).to_bytes(
            4, "little"
        )
    outcome(bytes(made))
