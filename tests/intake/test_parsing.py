"""What a stranger's bytes may not do."""

import time

import pytest

from apps.intake.parsing import Unreadable, parse

DECLARED = '<?xml version="1.0" encoding="{}"?><a>é</a>'
BOMB = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;">]><a k="&d;">&d;</a>'


def code_of(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        parse(data)
    assert str(caught.value.reason).endswith(".")
    return caught.value.code


@pytest.mark.parametrize(
    "data",
    [
        DECLARED.format("utf-8").encode(),
        b"\xef\xbb\xbf" + DECLARED.format("utf-8").encode(),
        b"\xef\xbb\xbf" + DECLARED.format("utf-16").encode(),
        DECLARED.format("iso-8859-1").encode("iso-8859-1"),
        DECLARED.format("windows-1252").encode("windows-1252"),
        DECLARED.format("utf-16").encode("utf-16"),
        DECLARED.format("utf-16").encode("utf-16-be"),
        DECLARED.format("utf-16").encode("utf-8"),
        DECLARED.format("utf-8").encode("utf-16"),
        b"\n\n" + DECLARED.format("utf-8").encode(),
    ],
)
def test_the_encodings_of_practice_are_read(data: bytes) -> None:
    assert parse(data).text == "é"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\0\0\0", "empty"),
        (b"%PDF-1.7 ...", "not_xml"),
        (b"Geachte heer, mevrouw", "not_xml"),
        (b"<a><b>1</b>", "truncated"),
        (b"<a><b", "truncated"),
        (b"<a><b>1</b></", "truncated"),
        (b"<a>1</b>", "malformed"),
        (b"<a/><a/>", "malformed"),
        (b"<x:a/>", "malformed"),
        (b"<a>&unknown;</a>", "malformed"),
        (b"<a>\0</a>", "encoding"),
        (DECLARED.format("utf-8").encode("iso-8859-1"), "encoding"),
        (DECLARED.format("klingon-8").encode(), "encoding"),
        (b"<a>" * 300 + b"</a>" * 300, "too_deep"),
    ],
)
def test_what_cannot_be_read_has_a_reason(data: bytes, code: str) -> None:
    assert code_of(data) == code


@pytest.mark.parametrize(
    "data",
    [
        BOMB.encode(),
        BOMB.encode("utf-16"),
        BOMB.encode("utf-16-le"),
        BOMB.encode("utf-32"),
        b"\xef\xbb\xbf" + BOMB.encode(),
        b'<?xml version="1.0"?><!-- x --><?p q?>\n<!-- <a> --> <!DOCTYPE a><a/>',
        b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ],
)
def test_a_doctype_is_refused_in_every_disguise(data: bytes) -> None:
    assert code_of(data) == "doctype"


def test_the_word_doctype_inside_a_note_is_harmless() -> None:
    assert parse(b"<a><![CDATA[<!DOCTYPE html>]]></a>").text == "<!DOCTYPE html>"


def test_a_comment_does_not_cut_a_value_in_two() -> None:
    assert parse(b"<a>NL57<!-- -->RABO</a>").text == "NL57RABO"


def test_a_file_over_the_limit_is_refused_before_it_is_parsed() -> None:
    data = b"<a>" + b" " * 100 + b"</a>"
    assert parse(data, max_bytes=len(data)).tag == "a"
    with pytest.raises(Unreadable) as caught:
        parse(data, max_bytes=len(data) - 1)
    assert caught.value.code == "too_large"


def test_a_hundred_thousand_attributes_are_survived() -> None:
    data = b"<a " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>"
    assert len(parse(data).attrib) == 100_000


@pytest.mark.parametrize("piece", [b"<!---->", b"<?a?>", b"<!-- ", b" "])
def test_looking_for_a_doctype_takes_linear_time(piece: bytes) -> None:
    def cost(times: int) -> float:
        start = time.process_time()
        code_of(piece * times + b"<")
        return time.process_time() - start

    assert cost(200_000) < 40 * cost(20_000) + 0.5
