"""The mail into a digital mailbox, as bytes, and what replies of a mail server mean."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.posting.messages import File, is_refusal, message_id, plain, said, written

AT = datetime(2026, 11, 29, 12, tzinfo=UTC)
HEADERS = {"subject", "from", "to", "date", "message-id", "mime-version", "content-type"}
ODD = st.sampled_from(
    [
        *("=?utf-8?q?x=0d=0aX-Evil:_1=0d=0a=0d=0a?=", "=?utf-8?b?DQpCY2M6IGFAYi5j?=", "=?", "?=", "=", "?"),
        *(
            "\r\nBcc: a@b.example\r\n\r\n",
            "\ud800",
            "\x00",
            "\x85",
            "\u2028",
            "\u202e",
            '"',
            ";",
            "\\",
            "utf-8''",
            "%0d",
        ),
        *("\u00a1", " ", "[PK-2]", "<", ">"),
    ]
)
TEXTS = st.lists(ODD | st.text(st.characters(codec=None), max_size=40), max_size=8).map("".join)
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=30)


def mail(**changes: Any) -> bytes:
    known: dict[str, Any] = {
        "sender": "Kantoor <us@kantoor.example>",
        "to": "1@facturen.example",
        "subject": "Anker 1 [PK-1]",
        "reference": "PK-1",
        "files": [File("f.xml", b"<Invoice/>"), File("f.PDF", b"%PDF")],
        "at": AT,
    }
    return written(**{**known, **changes})


def test_it_carries_reference_and_files_and_is_the_same_each_time() -> None:
    read = message_from_bytes(mail(), policy=policy.SMTP)
    assert (read["Message-ID"], read["Subject"]) == ("<PK-1@kantoor.example>", "Anker 1 [PK-1]")
    files = [(one.get_content_type(), one.get_filename()) for one in read.iter_attachments()]
    assert files == [("application/xml", "f.xml"), ("application/pdf", "f.PDF")]
    assert message_from_bytes(mail(), policy=policy.SMTP)["Message-ID"] == read["Message-ID"]


def test_a_subject_cannot_carry_another_header() -> None:
    read = message_from_bytes(mail(subject="A\r\nBcc: them@x.example"), policy=policy.SMTP)
    assert read["Bcc"] is None
    assert read["Subject"] == "A Bcc: them@x.example"


@given(subject=TEXTS, files=st.lists(st.tuples(TEXTS, st.binary(max_size=100)), min_size=1, max_size=2))
@example(
    subject="=?utf-8?q?x=0d=0aX-Evil:_1=0d=0a=0d=0a?=", files=[("=?utf-8?q?f=0d=0aBcc:_a@b.c?=.pdf", b"%PDF")]
)
@example(subject="\u00a1 \u00a2" * 40, files=[("f\r\nBcc: a@b.example.xml", b"")])
def test_whatever_the_texts_it_holds_nothing_but_what_we_put_in(
    subject: str, files: list[tuple[str, bytes]]
) -> None:
    raw = mail(subject=f"{subject} [PK-1]", files=[File(*one) for one in files])
    read = message_from_bytes(raw, policy=policy.SMTP)
    assert {name.lower() for name in read} == HEADERS
    assert len(read.keys()) == len(HEADERS)
    assert read["Subject"] == plain(f"{subject} [PK-1]")
    body, *attached = read.iter_parts()
    assert body.get_content().splitlines() == ["Postkamer PK-1"]
    names = [one["Content-Disposition"].params["filename"] for one in attached]
    assert names == [plain(name) for name, _content in files]
    assert [one.get_payload(decode=True) for one in attached] == [content for _name, content in files]
    assert all(len(one.keys()) == 4 for one in attached)
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@given(text=TEXTS)
def test_a_plain_text_is_one_line_without_encoded_words_and_stays_so(text: str) -> None:
    said = plain(text)
    assert "=?" not in said
    assert said.isprintable()
    assert plain(said) == said


@given(content=st.binary(max_size=300), name=NAMES)
def test_what_is_attached_comes_out_as_it_went_in(content: bytes, name: str) -> None:
    read = message_from_bytes(mail(files=[File(f"{name}.xml", content)]), policy=policy.default)
    (one,) = read.iter_attachments()
    assert (one.get_payload(decode=True) or b"") == content
    assert one.get_filename() == f"{name}.xml"


@pytest.mark.parametrize(
    ("code", "is_so"), [(250, False), (354, False), (421, False), (452, False), (550, True)]
)
def test_only_5yz_is_for_good(code: int, is_so: bool) -> None:
    assert is_refusal(code) == is_so


def test_a_sender_without_a_domain_still_has_a_message_id() -> None:
    assert message_id("PK-1", "nobody") == "<PK-1@postkamer.invalid>"


def test_words_of_a_server_are_one_line() -> None:
    assert said(550, b"no\r\n such \xff") == "550 no such \ufffd"
