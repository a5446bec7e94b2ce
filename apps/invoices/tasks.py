"""What bells and schedules call. Decides nothing; ids only."""

from datetime import UTC, datetime

from apps.core import crew, queue
from apps.core.causes import Cause
from apps.exact.models import Division
from apps.invoices import (
    answering,
    client_questions,
    delivering,
    due,
    following,
    item_answers,
    pausing,
    processed,
    processing,
    question_mails,
    recoding,
    replay,
    rerouting,
    retabling,
    reviewing,
)
from apps.invoices.models import Invoice, State
from apps.invoices.receiving import SYSTEM


def process(receipt: int | None = None) -> None:
    """Read and code what came in with one receipt, or everything unread."""
    processing.process(receipt)


def deliver(division: int) -> None:
    """Submit and drain one division."""
    delivering.deliver(
        Division.objects.select_related("app", "connection", "administration").get(pk=division)
    )
    answering.settle(division)


def resume(connection: int) -> None:
    """Go on with what waited for one connection, which works again."""
    for division in delivering.resume(connection):
        queue.ring("division_due", division.pk)


def deliver_round(stay: int = 0) -> None:
    """Submit and drain the divisions that have something due, side by side; `stay`: seconds since 1970."""
    crew.hold_round("apps.invoices.tasks.deliver_round", due.divisions_due, _deliver_due, stay=stay)


def _deliver_due(division: int) -> datetime | None:
    goes_on_at = delivering.deliver_due(division)
    answering.settle(division)
    return goes_on_at


def cards_read(division: int) -> None:
    """Go on with new suppliers of one division: its cards were read."""
    answering.settle(division)


def follow(division: int) -> None:
    """Tell what people did in Exact since with what was booked in one division."""
    row = Division.objects.select_related("app", "connection").get(pk=division)
    processed.look(row)
    following.notice(row)


def follow_all() -> None:
    """Each night: the same for all divisions, for a lost bell; one task each, so that none holds up another."""
    for pk in (
        Division.objects.filter(administration__isnull=False).order_by("pk").values_list("pk", flat=True)
    ):
        queue.ring("ledger_read", pk)


def method_switched(administration: int, kind: str) -> None:
    """Decide anew about what waits, after documents of `kind` got another method in an administration.

    Not about what may be booked already, by whatever method: a person was asked that.
    """
    waiting = Invoice.objects.filter(
        administration=administration, kind=kind, state__in=(State.ATTENTION, State.PROPOSED)
    ).exclude(cause=Cause.POSSIBLE_DOUBLE)
    reviewing.retry_all(waiting.select_related("administration", "posting").order_by("pk"), by=SYSTEM)


def mailbox_changed(administration: int) -> None:
    """Go on with what waited for the digital mailbox of an administration, if that can be used now."""
    for division in delivering.mailbox_opened(administration):
        queue.ring("division_due", division.pk)


def mappings_adopted(administration: int) -> None:
    """Look again at what waits for an answer about its vendor, after mappings came in by the dozen."""
    waiting = Invoice.objects.filter(
        administration=administration, state=State.ATTENTION, question__isnull=False
    )
    reviewing.retry_all(waiting.select_related("administration", "posting").order_by("pk"), by=SYSTEM)


def routing_changed() -> None:
    """Ask again for whom is what nobody could place, after a rule of the firm was made or changed."""
    rerouting.follow_rules()


def vat_table_changed(administration: int) -> None:
    """Code anew what the VAT table of an administration concerns, after a row was confirmed or doubted."""
    retabling.table_changed(administration)


def rules_changed(since: int) -> None:
    """Code anew what waits where booking rules changed; `since`: seconds since 1970."""
    recoding.follow_rules(datetime.fromtimestamp(since, UTC))


def end_tests(division: int) -> None:
    """Go on with what a trial left to do, after its administration was linked to a division or that was read."""
    processing.end_tests(division)


def account_asked(case: int) -> None:
    """Hold what goes on of the supplier that this case about an account was opened for."""
    pausing.account_asked(case)


def account_decided(case: int) -> None:
    """Let go on what waited for this case about an account, or tell it how that stands now."""
    pausing.account_decided(case)


def replay_rule(key: int) -> None:
    """Go on with trying one booking rule on the past."""
    replay.run(key)


def replay_due() -> None:
    """Each minute: go on with the replays that nobody works on; one task each, so that none holds up another."""
    for key in replay.due():
        queue.ring("replay_asked", key)


def prune_replays() -> None:
    """Each night: remove old replays."""
    replay.prune()


def client_answered(question: int) -> None:
    """Bring the document that a client answered about back from the suspense account."""
    client_questions.settle(question)


def item_answered(question: int) -> None:
    """Go on with what asked this question about an item."""
    item_answers.item_answered(question)


def item_mapping_taken_back(mapping: int) -> None:
    """Ask again about, or flag, what this mapping of an item decided."""
    item_answers.item_mapping_taken_back(mapping)


def sweep() -> None:
    """Each minute: read what a lost bell left lying, go on with new suppliers and with questions to clients."""
    processing.process()
    rerouting.sweep()
    recoding.sweep()
    pausing.sweep()
    retabling.sweep()
    item_answers.sweep()
    answering.settle()
    client_questions.settle()
    question_mails.send_due()
