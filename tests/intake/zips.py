"""ZIP files for tests: sound ones, and what an attacker or a broken disk makes of them."""

import struct
import zlib
from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Files = Iterable[tuple[str, bytes]]


def packed(*files: tuple[str, bytes], method: int = ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    """A sound ZIP file."""
    out = BytesIO()
    with ZipFile(out, "w", method) as made:
        made.comment = comment
        for name, content in files:
            made.writestr(ZipInfo(name), content, method)
    return out.getvalue()


def office() -> bytes:
    """As much of an xlsx file as makes it one."""
    return packed(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))


def in_64(name: str, content: bytes) -> bytes:
    """A ZIP file in the format for large ones, as some programs always write it."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made, made.open(name, "w", force_zip64=True) as file:
        file.write(content)
    plain = out.getvalue()
    end = plain.rindex(b"PK\x05\x06")
    size, offset = struct.unpack_from("<LL", plain, end + 12)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return plain[:end] + record + locator + last


def lying(content: bytes, says: int) -> bytes:
    """A ZIP file with one file that says it is `says` bytes large."""
    sound = bytearray(packed(("a.xml", content)))
    struct.pack_into("<L", sound, 22, says)
    struct.pack_into("<L", sound, sound.index(b"PK\x01\x02") + 24, says)
    return bytes(sound)


def flagged(sound: bytes, flags: int = 0, method: int | None = None) -> bytes:
    """The same ZIP file with other flags, or another way of packing, said of its first file."""
    made, entry = bytearray(sound), sound.index(b"PK\x01\x02")
    for at in (6, entry + 8):
        struct.pack_into("<H", made, at, struct.unpack_from("<H", made, at)[0] | flags)
    for at in (8, entry + 10):
        if method is not None:
            struct.pack_into("<H", made, at, method)
    return bytes(made)


def overlapping(content: bytes, times: int) -> bytes:
    """One packed piece that the directory names many times: each name unpacks all of it."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = deflate.compress(content) + deflate.flush()
    crc, sizes = zlib.crc32(content), (len(data), len(content))
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, *sizes, 1, 0) + b"a" + data
    entry = (
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, *sizes, 1, 0, 0, 0, 0, 0, 0)
        + b"a"
    )
    directory = entry * times
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, times, times, len(directory), len(local), 0)
    return local + directory + end
