"""What may be typed into the account field of a line."""

import pytest

from apps.invoices.account_words import Accounts, UnknownAccount, account_in

NAMES = {
    "4510": "Telefoon",
    "4511": "Telefoon mobiel",
    "4500": "Kantoorbenodigdheden",
    "4600": "Auto - brandstof",
}
PAST = ["4500", "4510", "4510"]
pytestmark = pytest.mark.usefixtures("english")


def meant(text: str, *, past: list[str] = PAST, by_rule: str = "") -> str:
    return account_in(text, Accounts(NAMES, lambda: past), by_rule=by_rule)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ""),
        (" 4510 ", "4510"),
        ("4510 - Telefoon", "4510"),
        ("telefoon", "4510"),
        ("Kantoor", "4500"),
        ("MOBIEL", "4511"),
        ("auto - brandstof", "4600"),
        ("9999", "9999"),
        ("previous", "4500"),
        ("Vorige", "4500"),
        ("most  common", "4510"),
        ("meest", "4510"),
        ("rule", "4511"),
        ("regel", "4511"),
    ],
)
def test_a_code_a_name_or_a_word_means_an_account(text: str, code: str) -> None:
    assert meant(text, by_rule="4511") == code


@pytest.mark.parametrize(
    ("text", "past", "words"),
    [
        ("previous", [], "was not booked before"),
        ("meest", [], "was not booked before"),
        ("previous", ["0001"], "0001 may not be booked on any more"),
        ("rule", PAST, "No rule says an account"),
        ("zzz", PAST, "No ledger account is called “zzz”"),
        ("tel", PAST, "Several ledger accounts are called “tel”: 4510 Telefoon, 4511 Telefoon mobiel."),
    ],
)
def test_what_means_no_account_is_told(text: str, past: list[str], words: str) -> None:
    with pytest.raises(UnknownAccount, match=words):
        meant(text, past=past)


def test_history_is_asked_only_when_a_word_needs_it() -> None:
    def never() -> list[str]:
        raise AssertionError

    assert account_in("4510", Accounts(NAMES, never)) == "4510"
