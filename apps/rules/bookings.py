"""What suppliers were booked on in the last twelve months, from the ledger mirror, and which rules name them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from apps.core import clock
from apps.exact.models import GLAccount, LedgerLine, Relation
from apps.rules.books import SUSPENDED
from apps.rules.conditions import DocumentFacts, Rule
from apps.rules.proposing import Booked

DAYS = 365
PURCHASES = (30, 31)  # TransactionLines.Type: purchase entries and credit notes (Exact 4.8)
Place = tuple[int, str]  # the key of a division, and an id or code in it
_LONGEST = 100  # letters of a text that count: what comes after tells lines of one kind apart


def entries(divisions: Collection[int]) -> QuerySet[LedgerLine]:
    """Return the headers of the purchase entries of the last twelve months."""
    return _purchases(divisions).filter(line_number=0, relation__isnull=False)


def lines_of(
    divisions: Collection[int], accounts: Mapping[Place, GLAccount], suppliers: Collection[UUID] | None = None
) -> dict[Place, list[Booked]]:
    """Return what each supplier was booked on, by division and supplier; all of them unless `suppliers` are named.

    One query; without lines on accounts that no purchase is booked on, as those of VAT, and without what waits on
    the suspense account for the client's answer.
    """
    lines = _purchases(divisions).filter(line_number__gt=0, relation__isnull=False).exclude(SUSPENDED)
    if suppliers is not None:
        lines = lines.filter(relation__in=suppliers)
    counted = (
        lines.order_by().values("division", "relation", "gl_code", "description").annotate(times=Count("pk"))
    )
    found: dict[Place, list[Booked]] = defaultdict(list)
    rows = counted.values_list("division", "relation", "gl_code", "description", "times")
    for division, supplier, code, text, times in rows.iterator():
        account = accounts.get((division, code))
        if account is not None and account.type not in GLAccount.NOT_FOR_ENTRIES:
            found[division, str(supplier)].append(Booked(code, text[:_LONGEST], times))
    return found


def accounts_of(divisions: Collection[int]) -> dict[Place, GLAccount]:
    """Return the ledger accounts by division and code, those that are gone or blocked by now as well; one query."""
    rows = GLAccount.everything.filter(division__in=divisions).order_by("-gone_at")
    slim = rows.only("division_id", "exact_id", "code", "type", "blocked", "gone_at")
    return {(one.division_id, one.code): one for one in slim}


def bookable(accounts: Mapping[Place, GLAccount], division: int) -> dict[str, str]:
    """Return the codes in `division` that may be booked on now, by the ids of their accounts."""
    return {
        str(one.exact_id): code
        for (where, code), one in accounts.items()
        if where == division and one.takes_entries and one.gone_at is None
    }


def facts_of(card: Relation) -> DocumentFacts:
    """Return what rules may ask of a document of this card, as far as the card tells."""
    keys = (("kvk", card.chamber_of_commerce), ("vat", card.vat_number), ("oin", card.oin), ("gln", card.gln))
    return DocumentFacts(
        supplier_name=card.name,
        supplier_code=card.code.strip(),
        classification=card.classification,
        vendor_keys=frozenset(f"{kind} {value}" for kind, value in keys if value),
    )


def is_named(card: Relation, rules: Iterable[Rule]) -> bool:
    """Tell whether one of `rules` gives an account to this supplier's lines, or to some of them."""
    facts = facts_of(card)
    return any(
        (rule.gl_code or rule.splits)
        and (rule.supplier_contains or rule.supplier_code or rule.vendor_key or rule.classification)
        and rule.fits_document(facts) is not False
        for rule in rules
    )


def _purchases(divisions: Collection[int]) -> QuerySet[LedgerLine]:
    today = clock.today()
    period = (today - timedelta(days=DAYS), today)
    return LedgerLine.objects.filter(division__in=divisions, type__in=PURCHASES, date__range=period)
