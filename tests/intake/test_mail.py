"""Taking mails apart."""

import base64
import random
import zipfile
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.core import clock
from apps.intake import mail
from apps.intake.mail import addresses, texts
from apps.intake.mail.leaves import DEEPEST_MAIL
from apps.intake.mail.reading import LONGEST_TEXT
from apps.intake.parsing import Unreadable
from apps.intake.pieces import Piece
from tests.intake.mails import LOGO, PDF, SENDER, UBL, attach, forwarding, invoice_mail, message

pytestmark = pytest.mark.usefixtures("english")


def pieces(made: EmailMessage | Message | bytes) -> list[Piece]:
    return list(mail.read(made if isinstance(made, bytes) else made.as_bytes()).pieces)


def names(made: EmailMessage | Message | bytes) -> list[str]:
    return [piece.filename for piece in pieces(made)]


def only(made: EmailMessage | Message | bytes) -> Piece:
    (piece,) = pieces(made)
    return piece


def with_file(content: bytes, name: str, kind: str = "application/octet-stream") -> EmailMessage:
    made = message()
    attach(made, content, name, kind)
    return made


def raw_part(header: bytes, body: bytes = b"%PDF-x") -> bytes:
    return (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        + header
        + b"\r\n\r\n"
        + body
        + b"\r\n--b--\r\n"
    )


def packed(**files: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def test_files_come_in_their_order_and_the_logo_is_listed_as_junk() -> None:
    found = mail.read(invoice_mail(Message_ID="<17@zwaluw.example>").as_bytes())
    assert [(piece.filename, bool(piece.junk), piece.content) for piece in found.pieces] == [
        ("logo.png", True, LOGO),
        ("factuur.xml", False, UBL),
        ("factuur.pdf", False, PDF),
    ]
    assert found.pieces[0].junk == "A picture inside the text of the mail."
    assert (found.sender, found.subject, found.message_id) == (
        SENDER,
        "Factuur 2026-17",
        "<17@zwaluw.example>",
    )
    assert found.text == "Bijgaand onze factuur."


class TestNames:
    """Names of files, as they were meant."""

    @pytest.mark.parametrize(
        ("header", "name"),
        [
            (b"Content-Disposition: attachment; filename=plain.pdf", "plain.pdf"),
            (b'Content-Type: application/pdf; name="in type.pdf"', "in type.pdf"),
            (b"Content-Disposition: attachment; filename*=UTF-8''caf%C3%A9%20%E2%82%AC.pdf", "café €.pdf"),
            (
                b"Content-Disposition: attachment; filename*0*=UTF-8''caf%C3; filename*1*=%A9; filename*2=.pdf",
                "café.pdf",
            ),
            (b'Content-Disposition: attachment; filename="=?UTF-8?B?Y2Fmw6kucGRm?="', "café.pdf"),
            (b"Content-Disposition: attachment; filename==?iso-8859-1?Q?caf=E9.pdf?=", "café.pdf"),
            (b'Content-Disposition: attachment; filename="caf\xc3\xa9.pdf"', "café.pdf"),
            (b'Content-Disposition: attachment; filename="caf\xe9.pdf"', "café.pdf"),
            (
                b'Content-Disposition: attachment; filename="=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9.pdf?="',
                "café.pdf",
            ),
            (b'Content-Disposition: attachment; filename="a\r\n b.pdf"', "a b.pdf"),
            (b"Content-Disposition: attachment; filename*=nonsense''caf%C3%A9.pdf", "café.pdf"),
            (b"Content-Disposition: attachment; filename*0=a; filename*=b''.pdf; filename*x=3", None),
            (b"Content-Disposition: attachment", "attachment.txt"),
            (b"Content-Type: application/pdf", "attachment.pdf"),
            (b"Content-Type: application/x-strange", "attachment.bin"),
            (b'Content-Disposition: attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        ],
    )
    def test_a_name_in_any_dress(self, header: bytes, name: str | None) -> None:
        found = only(raw_part(header)).filename
        assert found == name if name is not None else found


class TestNested:
    """Mails within mails, and multiparts within multiparts."""

    def test_forwarded_mails_are_opened(self) -> None:
        assert names(forwarding(invoice_mail())) == ["logo.png", "factuur.xml", "factuur.pdf"]

    def test_a_mail_attached_as_a_file_is_opened(self) -> None:
        outer = with_file(invoice_mail().as_bytes(), "Factuur.EML")
        assert names(outer) == ["logo.png", "factuur.xml", "factuur.pdf"]

    def test_an_encoded_mail_is_opened(self) -> None:
        encoded = base64.encodebytes(invoice_mail().as_bytes())
        head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64"
        assert names(raw_part(head, encoded)) == ["logo.png", "factuur.xml", "factuur.pdf"]

    def test_a_forwarded_mail_without_a_file_is_listed(self) -> None:
        piece = only(forwarding(message(subject="Vraag / antwoord")))
        assert piece.filename == "Vraag - antwoord.eml"
        assert "without a file" in piece.junk
        assert b"Bijgaand" in piece.content

    def test_a_mail_that_lies_too_deep_is_refused_whole(self) -> None:
        inner = invoice_mail(subject="innermost")
        for _level in range(DEEPEST_MAIL + 1):
            inner = forwarding(inner)
        piece = only(inner)
        assert "any further" in piece.refused
        assert b"factuur.pdf" in piece.content

    def test_files_of_an_apple_mail_inside_its_html(self) -> None:
        outer = MIMEMultipart("alternative")
        for line in (b"Content-Type: text/plain\n\nhoi", b"Content-Type: text/html\n\n<p>hoi"):
            outer.attach(message_from_bytes(line))
        mixed = MIMEMultipart("mixed")
        mixed.attach(
            message_from_bytes(
                b'Content-Type: application/pdf; name="f.pdf"\nContent-Disposition: inline\n\n%PDF-1'
            )
        )
        outer.attach(mixed)
        assert only(outer).junk == ""
        assert names(outer) == ["f.pdf"]

    def test_a_thousand_levels_are_unreadable(self) -> None:
        for line in (
            b"Content-Type: message/rfc822\r\n\r\n" * 3000,
            b"".join(
                b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(450)
            ),
            b"".join(
                b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(900)
            ),
        ):
            with pytest.raises(Unreadable) as error:
                mail.read(line)
            assert error.value.code == "too_deep"


class TestZip:
    """ZIP files are opened; office files, which are packed, too, stay whole."""

    def test_its_files_are_pieces(self) -> None:
        made = message()
        attach(made, packed(**{"a.xml": UBL, "b.pdf": PDF}), "facturen.zip", "application/zip")
        attach(made, PDF, "c.pdf")
        assert names(made) == ["a.xml", "b.pdf", "c.pdf"]

    def test_an_office_file_stays_whole(self) -> None:
        office = packed(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
        assert names(with_file(office, "brief.docx")) == ["brief.docx"]
        assert names(with_file(office, "no-extension")) == ["no-extension"]
        assert names(with_file(packed(**{"a.xml": b"<x/>"}), "factuur.ods")) == ["factuur.ods"]

    def test_a_refused_one_is_one_refused_piece(self) -> None:
        piece = only(with_file(b"PK\3\4 nothing more", "facturen.zip"))
        assert piece.filename == "facturen.zip"
        assert piece.refused

    def test_many_together_are_not_unpacked_without_end(self, settings: Any) -> None:
        settings.MAX_UNPACKED_BYTES = 50_000
        made = message()
        for number in range(4):
            content = random.Random(number).randbytes(30_000)  # noqa: S311 - no secret
            attach(made, packed(**{f"{number}.pdf": b"%PDF-" + content}), f"{number}.zip")
        assert names(made) == ["0.pdf", "1.pdf", "2.zip", "3.zip"]
        assert "several mails" in pieces(made)[3].refused


class TestRefused:
    """What nobody can open, and what to ask for."""

    @pytest.mark.parametrize(
        ("name", "kind", "content", "ask"),
        [
            ("winmail.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22rest", "plain text or HTML"),
            ("anything.bin", "application/octet-stream", b"\x78\x9f\x3e\x22rest", "plain text or HTML"),
            ("leeg.pdf", "application/pdf", b"", "send it again"),
            ("factuur.msg", "application/vnd.ms-outlook", b"\xd0\xcf\x11\xe0rest", "forward the mail"),
            ("smime.p7m", "application/pkcs7-mime", b"\x30\x80secret", "without that"),
            ("geheim", "application/octet-stream", b"-----BEGIN PGP MESSAGE-----", "without that"),
        ],
    )
    def test_a_sentence_says_what_to_ask(self, name: str, kind: str, content: bytes, ask: str) -> None:
        piece = only(with_file(content, name, kind))
        assert ask in piece.refused
        assert piece.junk == ""

    @pytest.mark.parametrize("content", [b"", b" \r\n\r\n"])
    def test_an_empty_mail(self, content: bytes) -> None:
        with pytest.raises(Unreadable) as error:
            mail.read(content)
        assert error.value.code == "empty"

    def test_a_mail_above_the_limit(self, settings: Any) -> None:
        settings.MAX_MAIL_BYTES = 1000
        with pytest.raises(Unreadable) as error:
            mail.read(invoice_mail().as_bytes())
        assert error.value.code == "too_large"

    @pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
    def test_a_header_made_to_take_for_ever(self, end: bytes) -> None:
        with pytest.raises(Unreadable) as error:
            mail.read(b"Subject: x" + end + b'Content-Type: a/b; x="' + b';"' * 100_000 + end + end)
        assert error.value.code == "malformed"

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"a: b\r\n\r\n" + b"\n" * 1_000_001, "malformed"),
            (b"a: b\r" * 1_000_001, "malformed"),
            (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_001, "malformed"),
            (b"Content-Type: a/b; boundary=b\n" * 300 + b"\n" * 400_000, "too_deep"),
        ],
    )
    def test_a_mail_made_to_keep_a_worker_busy(self, content: bytes, code: str) -> None:
        with pytest.raises(Unreadable) as error:
            mail.read(content)
        assert error.value.code == code


class TestSifting:
    """What a rule drops, and what none may."""

    @pytest.mark.parametrize(
        ("name", "kind", "content", "word"),
        [
            ("smime.p7s", "application/pkcs7-signature", b"\x30\x80", "signature"),
            ("sleutel.asc", "application/pgp-keys", b"-----BEGIN PGP", "signature"),
            ("afspraak.ics", "text/calendar", b"BEGIN:VCALENDAR", "calendar"),
            ("kaart.vcf", "text/vcard", b"BEGIN:VCARD", "business card"),
            ("klein.png", "image/png", LOGO[:9000], "below 10 KB"),
            ("linkedin_icon.png", "image/png", LOGO, "social network"),
            ("logo.svg", "image/svg+xml", b'<?xml version="1.0"?><svg xmlns="x"/>', "below 10 KB"),
            ("ATT00001.htm", "text/html", b"<html>", "text of the mail"),
        ],
    )
    def test_junk_says_why(self, name: str, kind: str, content: bytes, word: str) -> None:
        piece = only(with_file(content, name, kind))
        assert word in piece.junk
        assert (piece.refused, piece.content) == ("", content)

    @pytest.mark.parametrize(
        "name", ["logo.png", "smime.p7s", "kaart.vcf", "a.ics", "facebook.png", "ATT00001.txt"]
    )
    @pytest.mark.parametrize("kind", ["image/png", "text/calendar", "application/pkcs7-signature"])
    @pytest.mark.parametrize(
        "content",
        [
            UBL,
            b"\xef\xbb\xbf" + UBL,
            UBL.decode().encode("utf-16"),
            b"%PDF-1",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        ],
    )
    def test_a_document_is_never_dropped(self, name: str, kind: str, content: bytes) -> None:
        part = b"Content-Type: %s; name=%s\r\nContent-Disposition: inline\r\nContent-ID: <a>\r\n"
        part += b"Content-Transfer-Encoding: base64"
        body = base64.encodebytes(content)
        found = only(raw_part(part % (kind.encode(), name.encode()), body))
        assert (found.junk, found.content) == ("", content)

    def test_a_large_picture_that_is_attached_is_kept(self) -> None:
        assert only(with_file(LOGO, "bon.png", "image/png")).junk == ""

    def test_a_picture_that_no_text_shows_is_kept(self) -> None:
        made = with_file(LOGO, "bon.png", "image/png")
        content = made.as_bytes().replace(
            b"Content-Disposition", b"Content-ID: <nobody@shows>\r\nContent-Disposition"
        )
        assert only(content).junk == ""

    def test_an_invoice_in_the_place_of_the_text_is_a_piece(self) -> None:
        found = only(b"Content-Type: text/plain\r\n\r\n" + UBL)
        assert (found.filename, found.junk) == ("attachment.xml", "")
        assert found.content.startswith(b"<?xml")


class TestSenders:
    """The one address of From, or nobody's."""

    @pytest.mark.parametrize(
        ("value", "sender"),
        [
            ("a@b.example", "a@b.example"),
            ("Jan <A@B.example>", "a@b.example"),
            ('"b@c.example" <a@b.example>', "a@b.example"),
            ("b@c.example <a@b.example>", "a@b.example"),
            ("Jansen, Piet <a@b.example>", "a@b.example"),
            ("=?utf-8?Q?b=40c.example?= <a@b.example>", "a@b.example"),
            ("a@b.example (b@c.example)", "a@b.example"),
            ("a@b.example, b@c.example", "a@b.example, b@c.example"),
            ("<a@b.example> <b@c.example>", "a@b.example, b@c.example"),
            ("nobody", ""),
            ("", ""),
            ("a@b.example)b@c.example", ""),
            ("undisclosed-recipients:;", ""),
        ],
    )
    def test_nothing_is_guessed(self, value: str, sender: str) -> None:
        assert addresses.sender([value]) == sender

    def test_two_headers_are_nobody(self) -> None:
        head = mail.head(b"From: a@b.example\r\nFrom: c@d.example\r\nReturn-Path: <bounce@b.example>\r\n\r\n")
        assert (head.sender, head.envelope_sender) == ("a@b.example, c@d.example", "bounce@b.example")


def test_no_address_holds_what_a_database_refuses() -> None:
    found = mail.head(b"From: a\0b@x.nl\r\nDelivered-To: post+a\0b@kantoor.example\r\n\r\n")
    assert (found.sender, found.delivered_to) == ("", ("b@kantoor.example",))


def test_a_quote_that_nobody_closes_costs_nothing() -> None:
    value = '\\"' * 4_900
    began = clock.stopwatch()
    assert addresses.sender([value] * 20) == ""
    assert addresses.sender(['"Jan <jan@x.nl>']) == "jan@x.nl"
    assert addresses.sender(['"Jan \\" <x@y.nl>" <jan@x.nl>']) == "jan@x.nl"
    assert clock.stopwatch() - began < 1  # it took three seconds


def test_a_header_of_thousands_of_parameters_is_not_read() -> None:
    leaf = b'--B\r\nContent-Type: application/x; a="' + b";" * 7_900 + b"\r\n\r\nx\r\n"
    with pytest.raises(Unreadable) as refused:
        mail.read(b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + leaf + b"--B--")
    assert refused.value.code == "malformed"


def test_a_mail_of_thousands_of_files_is_refused_whole() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(400):
            archive.writestr(f"{number}.pdf", b"")
    made = message()
    for number in range(3):
        attach(made, packed.getvalue(), f"{number}.zip", "application/zip")
    with pytest.raises(Unreadable) as refused:
        mail.read(made.as_bytes())
    assert refused.value.code == "too_many"


def test_recipients_the_most_trustworthy_first() -> None:
    head = mail.head(
        b'To: =?utf-8?Q?Post?= <post@kantoor.example>, "x, y" <X@y.example>\r\nCc: z@y.example\r\n'
        b"Delivered-To: post+bakkerij@kantoor.example\r\nX-Original-To: post@kantoor.example\r\n"
        b"\r\nTo: no@no.example\r\n"
    )
    assert head.delivered_to == ("post+bakkerij@kantoor.example", "post@kantoor.example")
    assert head.recipients == (*head.delivered_to, "x@y.example", "z@y.example")
    assert addresses.parts("Post+Bakkerij@Kantoor.example") == ("post", "bakkerij", "kantoor.example")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?B?RmFjdHV1ciDigqw=?=", "Factuur €"),
        (b"=?utf-8?Q?a?= =?utf-8?Q?b?= c", "ab c"),
        (b"=?latin-1?Q?caf=E9?=", "café"),
        (b"=?nonsense?Q?caf=C3=A9?=", "café"),
        (b"=?utf-8?B?****?= x", " x"),
        (b"caf\xe9", "café"),
        (b"folded\r\n over lines", "folded over lines"),
        (b"=?unicode_escape?Q?=5Cq?=", "\\q"),
        (b"=?utf-7?Q?+2AA-?=", "\ufffd"),
    ],
)
def test_a_subject_in_any_dress(raw: bytes, text: str) -> None:
    assert mail.head(b"Subject: " + raw + b"\r\n\r\n").subject == text.strip()


def test_the_text_is_that_of_the_html_where_there_is_no_other_and_not_without_end() -> None:
    html = "<html><head><title>no</title></head><style>p{}</style><p>Uw&nbsp;ordernummer: <b>4711</b></p>"
    html += "<script>x</script>"
    made = message()
    made.set_content(html, subtype="html")
    assert mail.read(made.as_bytes()).text == "Uw ordernummer: 4711"
    assert len(mail.read(message(text="woord " * 100_000).as_bytes()).text) == LONGEST_TEXT
    assert texts.without_markup("&#" + "9" * 10_000 + ";")


def test_a_text_in_a_wrong_charset_is_read_all_the_same() -> None:
    for charset, content in (
        (b"utf-8", b"caf\xe9"),
        (b"us-ascii", b"caf\xc3\xa9"),
        (b"x-none", b"caf\xc3\xa9"),
    ):
        head = (
            b"Content-Type: text/plain; charset=" + charset + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        )
        assert mail.read(head + content).text == "café"


def test_damaged_base64_gives_what_is_there() -> None:
    head = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64"
    assert only(raw_part(head, b"JVBERi0x!!!!LjQ")).content.startswith(b"%PDF-1")


LINES = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=b",
        b'Content-Type: multipart/alternative; boundary="b"',
        b"Content-Type: multipart/signed; boundary=c",
        b"Content-Type: message/rfc822",
        b"Content-Type: message/delivery-status",
        b"Content-Type: message/external-body",
        b"Content-Type: text/html; charset=utf-16",
        b"Content-Type: text/plain; charset=unicode_escape",
        b"Content-Type: image/png; name*0*=utf-8''a%; name*=b; name=\"=?utf-8?B?=?=\"",
        b"Content-Type",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Transfer-Encoding: x-uuencode",
        b"Content-Disposition: attachment; filename*99999999999999=x; filename*1*=''%zz",
        b"Content-Disposition: attachment; filename=a.eml",
        b"Content-Disposition: inline",
        b"Content-ID: <\xff>",
        b"From: \xff <a@b>, (((",
        b'To: =?idna?Q?=ff?= "',
        b"Subject: =?utf-16?B?AA?= =?undefined?Q??=",
        b"--b",
        b"--c",
        b"--b--",
        b"--c--",
        b"",
        b"",
        b"begin 644 x",
        b"JVBERi0x",
        b"<img src=cid:>",
        b"\xff\xfe\0",
        b" continued",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES | st.binary(max_size=30), max_size=40), st.sampled_from([b"\n", b"\r\n", b"\r"]))
@example([b"Content-Type: message/rfc822", b"Content-Transfer-Encoding: base64", b"", b"AA"], b"\n")
def test_no_bytes_raise_anything_but_unreadable(lines: list[bytes], end: bytes) -> None:
    content = end.join(lines)
    head = mail.head(content)
    head.subject.encode()
    try:
        found = mail.read(content)
    except Unreadable as error:
        assert str(error.reason)
        return
    found.text.encode()
    for piece in found.pieces:
        piece.filename.encode()
        assert piece.filename
        assert not (piece.junk and piece.refused)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 40))
def test_a_damaged_invoice_mail_raises_nothing_but_unreadable(seed: int, times: int) -> None:
    content = bytearray(forwarding(invoice_mail()).as_bytes()[:12_000])
    chance = random.Random(seed)  # noqa: S311 - no secret
    for _time in range(times):
        place = chance.randrange(len(content))
        content[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
    try:
        mail.read(bytes(content))
    except Unreadable as error:
        assert error.code
