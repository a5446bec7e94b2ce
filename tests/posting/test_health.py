"""What /health/ tells of postings."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.core import clock
from apps.posting.health import unknown_refusals
from apps.posting.models import PostingCall
from tests.posting.factories import PostingCallFactory

pytestmark = pytest.mark.django_db


def said(words: str, **call: object) -> None:
    """Exact answered a write with these words."""
    PostingCallFactory(**{"verb": "POST", "status": 500, "words": words, **call})


def test_different_texts_that_nobody_knows_are_counted_for_a_week(client: Client) -> None:
    said("Iets nieuws met 12 regels")
    said("Iets nieuws met 7 regels")
    said("Iets anders", status=400)
    said("Van vorige week", at=clock.now() - timedelta(days=8))
    assert unknown_refusals() == 2
    facts = client.get("/health/").content.decode()
    assert '"unknown_refusals_7_days": 2' in facts
    assert "Iets" not in facts


@pytest.mark.parametrize(
    "call",
    [
        {"words": "Ongeldig: Dagboek"},
        {"words": "An error occurred while processing this request."},
        {"words": "", "status": 500},
        {"words": "Forbidden", "status": 403},
        {"words": "Iets nieuws", "verb": "GET"},
        {"words": "Iets nieuws", "status": 503},
    ],
)
def test_what_is_known_a_fault_or_a_look_is_not_counted(call: dict[str, Any]) -> None:
    said(**call)
    assert PostingCall.objects.exists()
    assert unknown_refusals() == 0
