from datetime import timedelta

import pytest

from apps.core import clock
from apps.econnect import answering
from apps.econnect.answering import AnswerRefused, ask
from apps.econnect.models import Answer, Family, Inbound, Party, Stage
from apps.sandbox import faults, time
from apps.sandbox.econnect import network
from apps.sandbox.models import FaultKind
from tests.econnect.factories import InboundFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbound(party: Party) -> Inbound:
    made: Inbound = InboundFactory(
        party=party,
        document_id=network.send(party.party_id, b"<Invoice/>"),
        stage=Stage.KEPT,
        sha256="a" * 64,
        kept_at=clock.now(),
    )
    return made


def send_all() -> None:
    while due := answering.due():
        for key, _account in due:
            answering.give(key)


def given(inbound: Inbound) -> list[str]:
    return [one.status for one in network.answers(inbound.document_id)]


def test_an_ab_goes_before_the_first_question(inbound: Inbound) -> None:
    ask(inbound, "UQ", who="Els", reasons={"REF": "which order is this?"}, note="please")
    assert [(one.status, one.who) for one in Answer.objects.order_by("pk")] == [
        ("AB", "Postkamer"),
        ("UQ", "Els"),
    ]
    send_all()
    assert given(inbound) == ["AB", "UQ"]
    told = network.answers(inbound.document_id)[1]
    assert (told.reasons, told.note) == ({"REF": "which order is this?"}, "please")


def test_a_second_question_follows_without_another_ab(inbound: Inbound) -> None:
    ask(inbound, "AB", who="Els")
    ask(inbound, "UQ", who="Els", reasons={"REF": "which order?"})
    ask(inbound, "UQ", who="Els", reasons={"PRI": "which price?"})
    send_all()
    assert given(inbound) == ["AB", "UQ", "UQ"]


def test_a_rejection_is_the_end(inbound: Inbound) -> None:
    ask(inbound, "RE", who="Els", reasons={"REC": "not ours"})
    for status in ("AB", "UQ", "RE"):
        with pytest.raises(AnswerRefused, match="rejected already"):
            ask(inbound, status, who="Els", reasons={"REF": "x"})
    send_all()
    assert given(inbound) == ["AB", "RE"]
    inbound.refresh_from_db()
    assert inbound.next_attempt_at is not None
    assert inbound.next_attempt_at <= clock.now()  # nothing follows: it may be removed there


@pytest.mark.parametrize("status", ["UQ", "RE"])
def test_a_question_and_a_rejection_need_a_reason(inbound: Inbound, status: str) -> None:
    with pytest.raises(AnswerRefused, match="Say why"):
        ask(inbound, status, who="Els")
    with pytest.raises(AnswerRefused, match="not known"):
        ask(inbound, status, who="Els", reasons={"XXX": "x"})
    assert not Answer.objects.exists()


def test_what_cannot_be_answered_is_said(inbound: Inbound) -> None:
    with pytest.raises(AnswerRefused, match="not known"):
        ask(inbound, "AP", who="Els")
    ask(inbound, "AB", who="Els")
    with pytest.raises(AnswerRefused, match="told already"):
        ask(inbound, "AB", who="Els")
    order = InboundFactory(party=inbound.party, family=Family.ORDER)
    with pytest.raises(AnswerRefused, match="Only invoices"):
        ask(order, "AB", who="Els")
    inbound.party.permissions = {"canChangeDocumentStatus": False}
    with pytest.raises(AnswerRefused, match="does not let"):
        ask(inbound, "UQ", who="Els", reasons={"REF": "x"})


def test_a_lost_answer_is_repeated_and_given_once(inbound: Inbound) -> None:
    ask(inbound, "UQ", who="Els", reasons={"REF": "which order?"})
    faults.arm(FaultKind.DROPPED_ANSWER, path="econnect/response", times=2)
    for _minute in range(20):
        send_all()
        time.advance(timedelta(minutes=1))
    assert given(inbound) == ["AB", "UQ"]
    assert not Answer.objects.filter(given_at=None).exists()


def test_an_answer_waits_for_the_one_before_it(inbound: Inbound) -> None:
    ask(inbound, "UQ", who="Els", reasons={"REF": "which order?"})
    faults.arm(FaultKind.ERROR_BEFORE_COMMIT, path="econnect/response")
    (first,) = answering.due()
    answering.give(first[0])
    assert answering.due() == []
    time.advance(timedelta(minutes=2))
    send_all()
    assert given(inbound) == ["AB", "UQ"]


def test_a_refused_answer_stops_those_behind_it_until_a_person_tries_again(inbound: Inbound) -> None:
    ask(inbound, "UQ", who="Els", reasons={"REF": "which order?"})
    faults.arm(FaultKind.ERROR_BEFORE_COMMIT, path="econnect/response", status=400)
    send_all()
    time.advance(timedelta(days=1))
    assert answering.due() == []
    assert [bool(one.trouble) for one in Answer.objects.all()] == [True, True]
    assert answering.try_again(Answer.objects.all()) == 2
    send_all()
    assert given(inbound) == ["AB", "UQ"]
    assert not Answer.objects.exclude(trouble="").exists()


def test_a_refused_answer_neither_blocks_nor_counts_as_given(inbound: Inbound) -> None:
    ask(inbound, "UQ", who="Els", reasons={"REF": "which order?"})
    Answer.objects.update(next_attempt_at=None, trouble="It is not known.")  # as eConnect refused both
    rejected = ask(inbound, "RE", who="Els", reasons={"REC": "not ours"})
    assert [key for key, _account in answering.due()] == [rejected.pk]
    Answer.objects.update(next_attempt_at=None, trouble="The reason is not known.")
    again = ask(inbound, "RE", who="Ben", reasons={"UNR": "never ordered"})
    assert (again.pk, again.mark == rejected.mark) == (rejected.pk, False)
    assert (again.who, again.reasons, again.trouble) == ("Ben", {"UNR": "never ordered"}, "")
    with pytest.raises(AnswerRefused):
        ask(inbound, "UQ", who="Els", reasons={"REF": "which order?"})
