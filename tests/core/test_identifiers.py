"""Identifiers read from the way people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import identifiers
from apps.core.identifiers import Identifier, Kind

READERS: list[identifiers.Reader] = [
    identifiers.vat,
    identifiers.kvk,
    identifiers.be_enterprise,
    identifiers.oin,
    identifiers.iban,
    identifiers.gln,
    identifiers.email_domain,
    identifiers.other,
]
LOOKS_LIKE_NUMBERS = st.text(alphabet="0123456789 .-/:NLBEGRKVATWOI@abx", max_size=30)


@pytest.mark.parametrize(
    ("text", "country", "value", "valid"),
    [
        ("NL8976.20.458.B.01", "", "NL897620458B01", True),
        ("nl 897620458 b01", "", "NL897620458B01", True),
        ("897620458B01", "", "NL897620458B01", True),
        ("BTW NL897620458B01", "", "NL897620458B01", True),
        ("BTW-nr. NL 8976.20.458.B01", "", "NL897620458B01", True),
        ("V.A.T. No.: GB 980 7806 84", "", "GB980780684", True),
        ("VAT NO 123456785MVA", "", "NO123456785MVA", True),
        ("NL123456789B01", "", "NL123456789B01", False),
        ("3333333333", "NL", "NL3333333333", False),
        ("GR061828591", "", "EL061828591", True),
        ("061828591", "gr", "EL061828591", True),
        ("BE 000.000.196", "", "BE0000000196", True),
        ("DE37/302/30168", "", "DE3730230168", False),
        ("QQ12-3456789", "", "QQ123456789", True),
        ("12345678", "", "12345678", False),
    ],
)
def test_a_vat_number_is_read_through_dots_labels_and_missing_prefixes(
    text: str, country: str, value: str, valid: bool
) -> None:
    assert identifiers.vat(text, country) == Identifier(Kind.VAT, value, valid)


@pytest.mark.parametrize(
    ("text", "value", "valid"),
    [
        ("34567892 Amersfoort", "34567892", True),
        ("K.v.K. 3456.78.92", "34567892", True),
        ("01234567", "01234567", True),
        ("345678920000", "34567892", True),
        ("000012345678", "000012345678", False),
        ("12345678901", "12345678901", False),
        ("12345678 / 87654321", "1234567887654321", False),
        ("SITEST00000", "SITEST00000", False),
    ],
)
def test_a_kvk_number_is_found_beside_a_town_or_a_branch(text: str, value: str, valid: bool) -> None:
    assert identifiers.kvk(text) == Identifier(Kind.KVK, value, valid)


@pytest.mark.parametrize(
    ("text", "value", "valid"),
    [
        ("NL47 BUNQ 0649621411", "NL47BUNQ0649621411", True),
        ("IBAN: nl47bunq0649621411", "NL47BUNQ0649621411", True),
        ("NL48BUNQ0649621411", "NL48BUNQ0649621411", False),
        ("IBAN32423940", "32423940", False),
    ],
)
def test_an_iban_loses_its_blanks_and_label(text: str, value: str, valid: bool) -> None:
    assert identifiers.iban(text) == Identifier(Kind.IBAN, value, valid)


def test_other_numbers_have_their_own_checks() -> None:
    assert identifiers.be_enterprise("BE 0000.000.196") == Identifier(Kind.BE_ENTERPRISE, "0000000196", True)
    assert identifiers.be_enterprise("000000196") == Identifier(Kind.BE_ENTERPRISE, "0000000196", True)
    assert identifiers.be_enterprise("0000000197") == Identifier(Kind.BE_ENTERPRISE, "0000000197", False)
    assert identifiers.oin("00000001 003214345000") == Identifier(Kind.OIN, "00000001003214345000", True)
    assert identifiers.oin("1234") == Identifier(Kind.OIN, "1234", False)
    assert identifiers.gln("7300010000001") == Identifier(Kind.GLN, "7300010000001", True)
    assert identifiers.gln("7300010000002") == Identifier(Kind.GLN, "7300010000002", False)


@pytest.mark.parametrize("text", ["", "  ", "...", "@"])
def test_text_without_anything_to_go_by_is_no_identifier(text: str) -> None:
    assert [reader(text) for reader in READERS] == [None] * len(READERS)
    assert identifiers.peppol("0106", text) is None
    assert identifiers.from_scheme("0106", text) == ()


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Jan <jan@Anker-Touw.Example.NL>", "anker-touw.example.nl"),
        ("anker.nl", "anker.nl"),
        ("a@een.nl; b@twee.nl", "een.nl"),
        ("jan@localhost", None),
        ("bel 015-1234567", None),
    ],
)
def test_the_domain_of_an_address_is_lower_case(text: str, domain: str | None) -> None:
    found = identifiers.email_domain(text)
    assert (found and found.value) == domain


@pytest.mark.parametrize(
    ("scheme", "text", "found"),
    [
        ("0106", "34567892", [(Kind.KVK, "34567892")]),
        ("NL:KVK", "34567892", [(Kind.KVK, "34567892")]),
        ("0190", "00000001003214345000", [(Kind.OIN, "00000001003214345000")]),
        ("9944", "897620458B01", [(Kind.VAT, "NL897620458B01")]),
        ("NL:VAT", "NL897620458B01", [(Kind.VAT, "NL897620458B01")]),
        ("FR:VAT", "83404833048", [(Kind.VAT, "FR83404833048")]),
        ("0088", "7300010000001", [(Kind.GLN, "7300010000001")]),
        ("0208", "0000000196", [(Kind.BE_ENTERPRISE, "0000000196")]),
        ("9925", "0000000196", [(Kind.VAT, "BE0000000196"), (Kind.BE_ENTERPRISE, "0000000196")]),
        ("9918", "NL47BUNQ0649621411", [(Kind.IBAN, "NL47BUNQ0649621411")]),
        ("9933", "061828591", [(Kind.VAT, "EL061828591")]),
        ("9930", "129273398", [(Kind.VAT, "DE129273398")]),
        ("EM", "info@anker.nl", [(Kind.DOMAIN, "anker.nl")]),
        ("0184", "DK 12345674", [(Kind.OTHER, "0184:DK12345674")]),
        ("", "10202", [(Kind.OTHER, "10202")]),
    ],
)
def test_a_scheme_says_what_kind_of_number_it_is(
    scheme: str, text: str, found: list[tuple[Kind, str]]
) -> None:
    assert [(one.kind, one.value) for one in identifiers.from_scheme(scheme, text)] == found


@pytest.mark.parametrize(
    ("scheme", "text", "value"),
    [
        ("0106", "34567892 Amersfoort", "0106:34567892"),
        ("NL:KVK", "34567892", "0106:34567892"),
        ("9944", "nl897620458b01", "9944:NL897620458B01"),
        ("0184", "dk12345674", "0184:DK12345674"),
        ("EM", "info@anker.nl", None),
    ],
)
def test_a_peppol_participant_is_a_code_and_a_number(scheme: str, text: str, value: str | None) -> None:
    found = identifiers.peppol(scheme, text)
    assert (found and found.value) == value


@pytest.mark.parametrize(
    ("found", "placeholder"),
    [
        (identifiers.kvk("99999998"), True),
        (identifiers.kvk("99999990"), True),
        (identifiers.kvk("00000000"), True),
        (identifiers.kvk("99999899"), False),
        (identifiers.kvk("34567892"), False),
        (identifiers.peppol("0106", "99999998"), True),
        (identifiers.peppol("9944", "NL897620458B01"), False),
        (identifiers.vat("NL000000000B00"), True),
        (identifiers.vat("BE0000000000"), True),
        (identifiers.vat("BE0000000196"), False),
        (identifiers.oin("0" * 20), True),
    ],
)
def test_numbers_that_stand_for_nobody_are_placeholders(found: Identifier | None, placeholder: bool) -> None:
    assert found is not None
    assert found.is_placeholder is placeholder


@given(LOOKS_LIKE_NUMBERS)
def test_reading_a_normal_form_again_changes_nothing(text: str) -> None:
    for reader in READERS:
        found = reader(text)
        assert found is None or reader(found.value) == found


@given(st.text(max_size=200), st.text(max_size=8))
def test_no_text_makes_a_reader_fail(text: str, scheme: str) -> None:
    for found in identifiers.from_scheme(scheme, text):
        assert found.value
    identifiers.peppol(scheme, text)
    identifiers.vat(text, scheme)


@pytest.mark.parametrize(
    "text",
    [
        "ＮＬ９１ ＡＢＮＡ ０４１７ １６４３ ００",
        "." * 150 + "NL91ABNA0417164300",
        "\u200bNL91\u00a0ABNA\u202f0417164300",
        "nl91 abna 0417 1643 00",
    ],
)
def test_an_iban_in_any_dress_is_the_same_account(text: str) -> None:
    assert identifiers.iban(text) == Identifier(Kind.IBAN, "NL91ABNA0417164300", True)
