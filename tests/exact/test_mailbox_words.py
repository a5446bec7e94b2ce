"""The address of a digital mailbox, and what Exact's words about one mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.exact import mailbox_words
from apps.exact.mailbox_words import Act, NoAddress, Refusal
from apps.exact.models import MailboxState
from apps.sandbox.exact.errors import Problem

PATTERN = "{kvk}@facturen.econnect.eu"
BOTH = [Problem("exists", "Mailbox"), Problem("invalid", "ForDivision")]


def test_the_address_is_made_of_the_number() -> None:
    assert mailbox_words.address_of(PATTERN, ["34567892"]) == "34567892@facturen.econnect.eu"
    assert mailbox_words.address_of(PATTERN, [], "34 56 78 92") == "34567892@facturen.econnect.eu"


def test_of_several_numbers_exacts_own_is_taken() -> None:
    numbers = ["12345678", "34567892"]
    assert mailbox_words.address_of(PATTERN, numbers, "34567892").startswith("34567892@")
    with pytest.raises(NoAddress, match="several KvK numbers"):
        mailbox_words.address_of(PATTERN, numbers)
    with pytest.raises(NoAddress, match="several KvK numbers"):
        mailbox_words.address_of(PATTERN, ["12345678"], "34567892")


@pytest.mark.parametrize(
    ("numbers", "chamber", "words"),
    [
        ([], "", "has no KvK number"),
        (["99999990"], "", "is no real number"),
        (["00000000"], "", "is no real number"),
        ([], "99999999", "is no real number"),
    ],
)
def test_without_a_real_number_there_is_no_address(numbers: list[str], chamber: str, words: str) -> None:
    with pytest.raises(NoAddress, match=words):
        mailbox_words.address_of(PATTERN, numbers, chamber)


def test_a_pattern_that_gives_no_address_is_named() -> None:
    with pytest.raises(NoAddress, match="EXACT_MAILBOX_PATTERN"):
        mailbox_words.address_of("{kvk}", ["34567892"])


@given(st.integers(10_000_000, 99_999_989), st.text("0123456789 .-", max_size=12))
def test_an_address_holds_a_number_that_was_given(number: int, chamber: str) -> None:
    try:
        address = mailbox_words.address_of(PATTERN, [str(number)], chamber)
    except NoAddress:
        return
    assert address == f"{number}@facturen.econnect.eu"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("join", ["\r\n", "; "])
def test_a_mailbox_of_another_division_is_understood(language: str, join: str) -> None:
    words = join.join(problem.text(language) for problem in BOTH)
    assert mailbox_words.refusal_of(500, words) is Refusal.ELSEWHERE
    assert mailbox_words.refusal_of(None, words) is Refusal.ELSEWHERE
    assert mailbox_words.refusal_of(500, BOTH[0].text(language)) is Refusal.THERE


@pytest.mark.parametrize(
    ("status", "words", "meant"),
    [
        (403, "Forbidden", Refusal.FORBIDDEN),
        (500, Problem("trial").text("nl"), Refusal.TRIAL),
        (None, "Trial account limit reached", Refusal.TRIAL),
        (500, "Verplicht: Omschrijving", Refusal.REFUSED),
        (400, "", Refusal.REFUSED),
        (None, "Object reference not set", None),
        (None, "", None),
    ],
)
def test_what_words_mean(status: int | None, words: str, meant: Refusal | None) -> None:
    assert mailbox_words.refusal_of(status, words) is meant


def test_every_state_has_its_sentence_and_every_refusal_is_a_state() -> None:
    assert mailbox_words.ADVICE.keys() == set(MailboxState)
    assert {str(refusal) for refusal in Refusal} <= set(MailboxState)
    assert mailbox_words.ADVICE[MailboxState.ACTIVE].level == "good"
    for state in (MailboxState.FORBIDDEN, MailboxState.ELSEWHERE, MailboxState.TRIAL):
        advice = mailbox_words.ADVICE[state]
        assert Act.RETRY in advice.acts
        assert advice.level == "poor"


def test_a_missing_scope_is_the_apps_and_not_the_users() -> None:
    words = "Forbidden - Application Scope Violated. Cannot manage 'communication.mailboxes' scope."
    assert "scope Communication mailboxes" in str(mailbox_words.advice_of("forbidden", words).remedy)
    assert "scope" not in str(mailbox_words.advice_of("forbidden", "Forbidden").remedy)


def test_a_mailbox_that_is_wanted_or_bound_to_nothing_says_so() -> None:
    assert not mailbox_words.advice_of("none", is_wanted=True).acts
    assert "bound to no administration" in str(mailbox_words.advice_of("elsewhere", is_unbound=True).sentence)


def test_both_divisions_are_named() -> None:
    assert mailbox_words.bound_words("A (1)", "B (2)") == (
        "This administration is division A (1); the mailbox is bound to division B (2)."
    )
    assert "Exact does not tell" in mailbox_words.bound_words("A (1)", "")
