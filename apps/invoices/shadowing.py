"""The trial of an administration: what would have been booked next to what people booked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from apps.clients.models import Administration
from apps.core import clock
from apps.core.money import ZERO
from apps.exact.models import Division, GLAccount, LedgerLine, Relation, SyncState, VATCode
from apps.invoices.comparing import Booking, Difference, Field, Verdict, booked, differences, planned
from apps.invoices.entry_lines import lines_of
from apps.invoices.models import Invoice, Invoices, State
from apps.invoices.pairing import Pair, pairs
from apps.posting.lookup import PURCHASE_TYPES
from apps.posting.models import Posting

MOST = 50  # documents of one report
AT_ONCE = 500
EARLIER, LATER = timedelta(days=31), timedelta(days=92)
VAT_ACCOUNT = 24  # GLAccounts.Type (Exact 4.3)
FRESH = timedelta(hours=1)
OPEN = (State.ATTENTION, State.PROPOSED, State.READY)


@dataclass(frozen=True, slots=True)
class ByHand:
    """An entry in Exact that none of our bookings became. `number` is what Exact calls it."""

    entry: UUID
    number: str
    booking: Booking


@dataclass(frozen=True, slots=True)
class Comparison:
    """One document with the bookings of it that people made, the likeliest first."""

    invoice: Invoice
    ours: Booking
    found: tuple[tuple[ByHand, bool], ...] = ()

    @property
    def differences(self) -> list[Difference]:
        """What differs from the likeliest one."""
        return differences(self.ours, self.found[0][0].booking) if self.found else []

    @property
    def verdict(self) -> Verdict:
        """What the comparison says in a word."""
        if not self.found:
            return Verdict.MISSING
        if len(self.found) > 1:
            return Verdict.DOUBLE
        return Verdict.DIFFERENT if self.differences else Verdict.EQUAL

    @property
    def is_certain(self) -> bool:
        """Whether what was found is surely this document."""
        return bool(self.found and self.found[0][1])


@dataclass(frozen=True)
class Report:
    """The trial of an administration in figures. `ledger_at`: when the ledger was last read, None for never."""

    comparisons: Sequence[Comparison]
    ledger_at: datetime | None

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many documents got which verdict."""
        counted = Counter(one.verdict for one in self.comparisons)
        return {verdict: counted[verdict] for verdict in Verdict}

    @property
    def booked(self) -> int:
        """How many documents people booked."""
        return sum(bool(one.found) for one in self.comparisons)

    def unlike(self, field: Field) -> int:
        """Return how many of the booked documents differ in `field`."""
        return sum(any(each.field == field for each in one.differences) for one in self.comparisons)

    def share(self, field: Field) -> int | None:
        """Return which part of the booked documents agree in `field`, in whole per cents; None without any."""
        return (self.booked - self.unlike(field)) * 100 // self.booked if self.booked else None

    @property
    def off(self) -> Decimal:
        """By how much the totals differ, all together, without regard to sign or currency."""
        totals = [each for one in self.comparisons for each in one.differences if each.field == Field.TOTAL]
        return sum((abs(Decimal(str(each.ours)) - Decimal(str(each.theirs))) for each in totals), ZERO)

    @property
    def is_fresh(self) -> bool:
        """Whether the ledger was read lately enough to rely on what is missing in it."""
        return is_fresh(self.ledger_at)


def is_fresh(moment: datetime | None) -> bool:
    """Tell whether what was read at `moment` can be relied on for what is not in it."""
    return moment is not None and clock.now() - moment <= FRESH


def report(administration: Administration) -> Report:
    """Return the report over the newest documents of `administration` that wait in it."""
    division = Division.objects.filter(administration=administration).first()
    if division is None:
        return Report([], None)
    return Report(compare(list(waiting_in(division).order_by("-pk")[:MOST]), division), ledger_at(division))


def compared(invoice: Invoice, division: Division) -> Comparison:
    """Return the comparison of one document; others of its vendor have a say in which entry is whose."""
    same = Q(vendor_name=invoice.vendor_name) | Q(supplier=invoice.supplier, supplier__isnull=False)
    rows = waiting_in(division).filter(same).order_by("pk")[:AT_ONCE]
    found = {one.invoice.pk: one for one in compare(list(rows), division)}
    return found.get(invoice.pk) or Comparison(invoice, _planned([invoice], division)[0])


def waiting_in(division: Division) -> Invoices:
    """Return the documents in the books of `division` that are not on their way, with what a comparison needs."""
    rows: Invoices = Invoice.objects.filter(administration=division.administration_id, state__in=OPEN)
    return rows.select_related("posting", "administration").prefetch_related("lines")


def compare(invoices: Sequence[Invoice], division: Division) -> list[Comparison]:
    """Return the comparison of each of `invoices`, which are of `division`, in their order; four queries or so."""
    ours = dict(zip((one.pk for one in invoices), _planned(invoices, division), strict=True))
    theirs = {one.entry: one for one in _by_hand(invoices, division)}
    found: dict[int, list[Pair[UUID]]] = pairs(ours, {key: one.booking for key, one in theirs.items()})
    return [
        Comparison(one, ours[one.pk], tuple((theirs[pair.entry], pair.certain) for pair in found[one.pk]))
        for one in invoices
    ]


def _planned(invoices: Sequence[Invoice], division: Division) -> list[Booking]:
    codes = {code.code: code for code in VATCode.objects.filter(division=division).defer("raw")}
    return [planned(one, lines_of(one), codes) for one in invoices]


def _by_hand(invoices: Sequence[Invoice], division: Division) -> list[ByHand]:
    """Return the purchase entries around `invoices` that none of our postings wrote or adopted."""
    if not invoices:
        return []
    days = [one.issue_date for one in invoices]
    heads = LedgerLine.objects.filter(division=division, type__in=PURCHASE_TYPES, line_number=0)
    near = heads.filter(date__gte=min(days) - EARLIER, date__lte=max(days) + LATER)
    suppliers = {one.supplier for one in invoices if one.supplier}
    numbers = {one.number for one in invoices if one.number}
    mine = Posting.objects.filter(division=division, exact_id__isnull=False).values("exact_id")
    wanted = near.filter(Q(relation__in=suppliers) | Q(your_ref__in=numbers)).exclude(entry_id__in=mine)
    lines: dict[UUID, list[LedgerLine]] = defaultdict(list)
    for line in LedgerLine.objects.filter(division=division, entry_id__in=wanted.values("entry_id")):
        lines[line.entry_id].append(line)
    accounts = GLAccount.everything.filter(division=division, type=VAT_ACCOUNT)
    vat_accounts = frozenset(str(key) for key in accounts.values_list("exact_id", flat=True))
    return [
        ByHand(entry, str(those[0].entry_number or ""), booked(those, vat_accounts, division.currency))
        for entry, those in sorted(lines.items(), key=lambda item: item[1][0].pk)
    ]


def ledger_at(division: Division) -> datetime | None:
    """Return when the ledger of `division` was last read, None for never."""
    state = SyncState.objects.filter(division=division, resource="ledger").first()
    return state.synced_at if state else None


def suppliers_of(comparisons: Iterable[Comparison], division: Division) -> dict[str, str]:
    """Return what the suppliers in the differences of `comparisons` are called, by their ids."""
    keys = {
        str(value)
        for one in comparisons
        for each in one.differences
        if each.field == Field.SUPPLIER
        for value in (each.ours, each.theirs)
        if value
    }
    rows = Relation.everything.filter(division=division, exact_id__in=keys).defer("raw")
    return {str(row.exact_id): str(row) for row in rows}
