import pytest

from apps.core import clock
from apps.core.transitions import Changed
from apps.intake.keeping import keep
from apps.intake.models import Channel
from apps.invoices.models import Invoice, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice() -> Invoice:
    part = keep([("invoice.xml", b"<Invoice/>")], channel=Channel.UPLOAD).parts.get()
    now = clock.now()
    return Invoice.objects.create(
        part=part,
        kind="invoice",
        format="test",
        issue_date=clock.today(),
        currency="EUR",
        net="100",
        gross="121",
        payable="121",
        received_at=now,
        changed_at=now,
    )


def _ignore(invoice: Invoice) -> None:
    invoice.move(State.IGNORED, who="ann@example.org", why="not ours", at=clock.now())


def test_a_move_changes_the_row_and_the_object_alike(invoice: Invoice) -> None:
    _ignore(invoice)
    stored = Invoice.objects.get(pk=invoice.pk)
    assert (stored.state, stored.version) == (invoice.state, invoice.version) == (State.IGNORED, 2)


def test_the_event_tells_from_to_who_and_why(invoice: Invoice) -> None:
    _ignore(invoice)
    event = invoice.events.get()
    assert (event.from_state, event.to_state) == (State.RECEIVED, State.IGNORED)
    assert (event.who, event.why) == ("ann@example.org", "not ours")


def test_a_row_moved_meanwhile_is_not_moved_again(invoice: Invoice) -> None:
    seen_before = Invoice.objects.get(pk=invoice.pk)
    _ignore(invoice)
    with pytest.raises(Changed):
        seen_before.move(State.ATTENTION, who="bob", why="late", at=clock.now(), cause="vendor_unknown")
    assert Invoice.objects.get(pk=invoice.pk).state == State.IGNORED
    assert invoice.events.count() == 1


def test_a_change_within_one_state_counts_as_a_change(invoice: Invoice) -> None:
    seen_before = Invoice.objects.get(pk=invoice.pk)
    Invoice.objects.filter(pk=invoice.pk).update(version=2)
    with pytest.raises(Changed):
        _ignore(seen_before)


def test_a_refused_move_leaves_no_event(invoice: Invoice) -> None:
    with pytest.raises(Exception, match="cause_exactly_when_waiting"):
        invoice.move(State.ATTENTION, who="bob", why="without a cause", at=clock.now())
    assert invoice.state == State.RECEIVED
