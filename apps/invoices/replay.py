"""A rule tried on the last twelve months, in chunks that are kept: killed anywhere it goes on where it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.clients.models import Administration
from apps.core import clock, leases, queue
from apps.exact.models import LedgerLine
from apps.invoices.models import InvoiceLine
from apps.invoices.replay_ground import Ground, ground_of
from apps.invoices.replay_past import Window, count, ledger_lines, own_lines, year_until
from apps.invoices.replay_samples import ledger_sample, own_sample
from apps.invoices.replay_tally import Tally
from apps.people.models import User
from apps.rules.conditions import Patience, Rule
from apps.rules.models import BookingRule, Replay
from apps.rules.replay_spec import Spec, rule_from, strength_in
from apps.rules.replaying import Usable, judge

CHUNK = 2_000  # lines that are looked at, and counted, at once
LEASE = 90  # seconds; renewed with each chunk
SPELL = 45  # seconds of one task, well below the time that the queue gives it
MOST_TRIES = 5  # claims without a chunk between them
KEPT = timedelta(days=30)
LOST = timedelta(minutes=1)  # after which a bell is taken for lost

_OWN, _LEDGER = "own", "ledger"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines of one administration, and where the next ones begin."""

    ground: Ground
    lines: Sequence[InvoiceLine | LedgerLine]
    cursor: dict[str, Any]


def ask(spec: Spec, *, rule: BookingRule | None, by: User) -> Replay:
    """Ask for a replay of the rule that `spec` holds, saved as `rule` or not; the same one is asked once at a time."""
    waiting = Replay.objects.filter(asked_by=by, finished_at=None, rule=rule)
    same = next((one for one in waiting if one.spec == spec), None)
    found = same or Replay.objects.create(
        asked_by=by,
        asked_at=clock.now(),
        rule=rule,
        spec=spec,
        administrations=list(_reach(spec, by).order_by("pk").values_list("pk", flat=True)),
    )
    queue.ring("replay_asked", found.pk)
    return found


def _reach(spec: Spec, by: User) -> QuerySet[Administration]:
    """Return the administrations that the rule speaks in, as far as `by` sees them."""
    rows: QuerySet[Administration] = Administration.objects.visible_to(by).filter(division__isnull=False)
    if spec["administration"]:
        return rows.filter(pk=spec["administration"])
    if spec["client"]:
        return rows.filter(client=spec["client"])
    return rows.filter(client__group=spec["client_group"]) if spec["client_group"] else rows


def due() -> list[int]:
    """Return the replays that nobody works on although they were asked a while ago, the oldest first."""
    now = clock.now()
    idle = Q(lease=None) | Q(leased_until__lt=now)
    waiting = Replay.objects.filter(idle, finished_at=None, asked_at__lt=now - LOST)
    return list(waiting.order_by("asked_at").values_list("pk", flat=True))


def prune() -> None:
    """Remove the replays that were asked for KEPT ago, finished or not: what they found is out of date."""
    Replay.objects.filter(asked_at__lt=clock.now() - KEPT).delete()


def run(key: int, *, seconds: int = SPELL) -> None:
    """Go on with the replay `key` for about `seconds`; whoever comes second while one works on it leaves."""
    row = Replay.objects.filter(pk=key, finished_at=None).first()
    lease = leases.take(row, seconds=LEASE) if row else None
    if row is None or lease is None:
        return
    replay = Replay.objects.get(pk=key)  # as whoever held it before left it
    until = clock.now() + timedelta(seconds=seconds)
    tries = replay.cursor.get("tries", 0) + 1
    if tries > MOST_TRIES:
        _write(replay, lease, trouble="tries", finished_at=clock.now())
    elif _write(replay, lease, cursor={**replay.cursor, "tries": tries}):
        _go_on(replay, lease, until)
    leases.free(replay, lease)


def _go_on(replay: Replay, lease: UUID, until: datetime) -> None:
    window = year_until(clock.local_date(replay.asked_at))
    if replay.total is None and not _write(replay, lease, total=count(replay.administrations, window)):
        return
    rule, tally = rule_from(replay.spec), Tally.of(replay)
    for chunk in _chunks(replay, window):
        stronger, usable = chunk.ground.stronger(strength_in(replay.spec)), chunk.ground.usable
        patience = Patience()
        for line in chunk.lines:
            _look(line, chunk.ground, rule, stronger, usable, patience, tally)
        cursor = {**chunk.cursor, "tries": 0}
        if not _write(replay, lease, cursor=cursor, examples=tally.examples, **tally.counts):
            return
        if clock.now() >= until:
            queue.ring("replay_asked", replay.pk)
            return
    _write(replay, lease, total=tally.counts["looked_at"], finished_at=clock.now())


def _look(
    line: InvoiceLine | LedgerLine,
    ground: Ground,
    rule: Rule,
    stronger: Sequence[Rule],
    usable: Usable,
    patience: Patience,
    tally: Tally,
) -> None:
    if isinstance(line, InvoiceLine):
        sample, supplier = own_sample(line, ground), str(line.invoice.supplier or "")
    else:
        sample, supplier = ledger_sample(line, ground), str(line.relation or "")
    if rule.fits(sample.document, sample.line, patience):
        proposed = ground.proposal(sample.document, sample.line, supplier, patience)
        sample = replace(sample, proposed=proposed)
    name = sample.document.supplier_name or ""
    tally.add(line, judge(rule, sample, stronger, usable, patience), name, ground.administration.pk)


def _chunks(replay: Replay, window: Window) -> Iterator[Chunk]:
    """Yield what is left to look at, from the kept cursor on."""
    cursor = {"at": 0, "source": _OWN, "after": 0, **replay.cursor}
    rule = rule_from(replay.spec)
    for at in range(cursor["at"], len(replay.administrations)):
        key = replay.administrations[at]
        goes_on = at == cursor["at"]
        ground = ground_of(key, window, rule=rule)
        if ground is None:
            continue
        for source in (_LEDGER,) if goes_on and cursor["source"] == _LEDGER else (_OWN, _LEDGER):
            after = cursor["after"] if goes_on and source == cursor["source"] else 0
            while lines := _lines(source, key, window, after):
                after = lines[-1].pk
                yield Chunk(ground, lines, {"at": at, "source": source, "after": after})


def _lines(source: str, key: int, window: Window, after: int) -> list[Any]:
    if source == _OWN:
        lines = own_lines([key], window).filter(pk__gt=after).select_related("invoice")
        return list(lines.defer("rules", "invoice__customer", "invoice__findings")[:CHUNK])
    return list(ledger_lines([key], window).filter(pk__gt=after)[:CHUNK])


def _write(replay: Replay, lease: UUID, **values: Any) -> bool:
    """Keep how far it is, in one guarded update; False when the lease was lost, and then nothing was written."""
    values["leased_until"] = clock.now() + timedelta(seconds=LEASE)
    return Replay.objects.filter(pk=replay.pk, lease=lease, finished_at=None).update(**values) == 1
