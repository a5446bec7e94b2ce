"""How a trail begins."""

import pytest

from apps.intake.came_in import came_in
from tests.intake.factories import PartFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_trail_begins_with_the_file_and_its_sum() -> None:
    part = PartFactory(filename="order.xml", receipt__sender="jan@anker.example")
    step = came_in(part)
    assert (step.at, step.title, step.who) == (part.receipt.received_at, "Received", "jan@anker.example")
    assert step.why.startswith(f"order.xml, {part.original.size} bytes, by ")
    assert part.original_id in step.why


def test_what_nobody_sent_was_taken_in_by_the_product() -> None:
    assert came_in(PartFactory(receipt__sender="")).who == "Postkamer"
