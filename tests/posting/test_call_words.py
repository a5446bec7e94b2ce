"""How calls to Exact are told."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.posting.call_words import call_words, calls_of
from apps.posting.models import Method, PostingCall
from tests.posting.factories import PostingCallFactory, PostingFactory

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"verb": "POST", "step": "entry", "status": 201, "answer": {"EntryNumber": 26}},
            "the entry: made, number 26",
        ),
        (
            {"verb": "POST", "step": "order", "status": 201, "answer": {"OrderNumber": 4500001}},
            "the order: made, number 4500001",
        ),
        ({"verb": "POST", "step": "attachment 2", "status": 201}, "an attachment: made"),
        (
            {"verb": "POST", "step": "entry", "status": 0, "words": "Timed out"},
            "the entry: no answer came. Timed out",
        ),
        ({"verb": "POST", "step": "", "status": 500, "resource": "x/Y"}, "x/Y: Exact said no. "),
        (
            {"verb": "GET", "step": "look", "status": 200, "answer": {"rows": 2}},
            "looked whether it is there: 2 found",
        ),
        ({"verb": "DELETE", "step": "document", "status": 204}, "the document: removed"),
        ({"verb": "PUT", "step": "line 3", "status": 204}, "line 3 of the order: changed"),
        ({"verb": "PUT", "step": "head", "status": 204}, "the order as a whole: changed"),
        (
            {"verb": "PUT", "step": "line 12", "status": 400, "words": "Closed."},
            "line 12 of the order: Exact said no. Closed.",
        ),
        (
            {"verb": "MAIL", "step": "mail", "status": 250},
            "the mail to the digital mailbox: taken by the mail server",
        ),
    ],
)
def test_a_call_is_told_in_words(values: dict[str, Any], words: str) -> None:
    assert call_words(PostingCall(**values)) == words


@pytest.mark.django_db
def test_the_calls_of_changes_and_removals_stand_between_those_of_the_order() -> None:
    posting = PostingFactory(method=Method.ORDER)
    change = posting.further(Method.ORDER_CHANGE, {"steps": []})
    removal = posting.further(Method.REMOVAL, {"steps": []})
    said = (
        (removal, "DELETE", "order"),
        (posting, "POST", "order"),
        (change, "PUT", "line 1"),
        (PostingFactory(), "POST", "entry"),
    )
    for hours, (of, verb, step) in zip((3, 1, 2, 2), said, strict=True):
        at = clock.now() + timedelta(hours=hours)
        PostingCallFactory(posting=of, verb=verb, step=step, at=at, resource="purchaseorder/PurchaseOrders")
    assert [step.why for step in calls_of(posting)] == [
        "the order: made",
        "line 1 of the order: changed",
        "the order: removed",
    ]
    assert [step.why for step in calls_of(change)] == ["line 1 of the order: changed"]
    assert calls_of(None) == []
