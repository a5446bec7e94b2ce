"""Identities as people write them in a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.vendors.evidence import Key
from apps.vendors.written import NoIdentity, identity, is_ours


def anything(key: Key) -> bool:
    """Say that every identity was decided about."""
    return bool(key)


pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("kind", "value", "key"),
    [
        ("vat", "NL8200.98.395.B.01", Key("vat", "NL820098395B01")),
        ("BTW-nummer", "NL820098395B01", Key("vat", "NL820098395B01")),
        ("KvK", "34567892 Amersfoort", Key("kvk", "34567892")),
        ("iban", "NL57 RABO 0107307510", Key("iban", "NL57RABO0107307510")),
        ("be_enterprise", "0403.170.701", Key("be_enterprise", "0403170701")),
        ("oin", "00000003345678920000", Key("oin", "00000003345678920000")),
        ("peppol", "0106:34567892", Key("peppol", "0106:34567892")),
        ("e-maildomein", "info@Shell.nl", Key("domain", "shell.nl")),
        ("naam", "Anker en Touw", Key("name", "Anker en Touw")),
    ],
)
def test_each_kind_is_read_in_its_own_way(kind: str, value: str, key: Key) -> None:
    assert identity(kind, value) == key


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("", "34567892", "no kind of identity"),
        ("other", "34567892", "no kind of identity"),
        ("kvk", "1234567", "cannot be a number of this kind"),
        ("kvk", "n.v.t.", "cannot be a number of this kind"),
        ("kvk", "", "cannot be a number of this kind"),
        ("kvk", "99999998", "for want of a number"),
        ("vat", "NL820098394B01", "cannot be a number of this kind"),
        ("oin", "1.2E+19", "cannot be a number of this kind"),
        ("iban", "NL58RABO0107307510", "cannot be a number of this kind"),
        ("peppol", "34567892", "cannot be a number of this kind"),
        ("domain", "nl", "cannot be a number of this kind"),
        ("name", " . ", "two letters"),
    ],
)
def test_what_cannot_be_an_identity_is_said_why(kind: str, value: str, words: str) -> None:
    with pytest.raises(NoIdentity) as problem:
        identity(kind, value)
    assert words in str(problem.value)


def test_a_number_that_fails_its_check_stays_when_it_was_decided_about() -> None:
    failing = Key("vat", "NL820098394B01")
    assert identity("vat", failing.value, known={failing}.__contains__) == failing
    with pytest.raises(NoIdentity):
        identity("vat", "none", known=anything)


@given(
    st.sampled_from(["vat", "kvk", "be_enterprise", "oin", "gln", "peppol", "iban", "domain"]),
    st.text(max_size=40),
)
def test_what_was_read_once_is_read_the_same_again(kind: str, value: str) -> None:
    try:
        key = identity(kind, value, known=anything)
    except NoIdentity as problem:
        assert str(problem)
    else:
        assert identity(key.kind, key.value, known=anything) == key


def test_a_number_of_ours_is_known_as_an_address_too() -> None:
    own = {Key("kvk", "34567892"), Key("be_enterprise", "0403170701")}
    assert is_ours(Key("kvk", "34567892"), own)
    assert is_ours(Key("peppol", "0106:34567892"), own)
    assert is_ours(Key("vat", "BE0403170701"), own)
    assert not is_ours(Key("kvk", "34567893"), own)
    assert not is_ours(Key("name", "34567892"), own)
