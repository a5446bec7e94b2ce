"""The active rules of the whole firm, kept at hand, and which of them may speak about a document."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.rules import changes
from apps.rules.changes import Changes
from apps.rules.conditions import COLUMNS, PART_COLUMNS, DocumentFacts, Rule, Share
from apps.rules.models import BookingRule, VATTable


@dataclass
class RuleBook:
    """Rules by whom they are of, each list strongest first; keys are primary keys."""

    administrations: dict[int, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    clients: dict[int, list[Rule]] = field(default_factory=lambda: defaultdict(list))
    firm: list[tuple[int | None, Rule]] = field(default_factory=list)

    def of(self, administration: Administration) -> Iterator[Rule]:
        """Yield the rules that may speak in `administration`, strongest first: its own, its client's, the firm's."""
        yield from self.administrations.get(administration.pk, ())
        yield from self.clients.get(administration.client_id, ())
        is_grouped = any(group for group, _rule in self.firm)
        group = administration.client.group_id if is_grouped else None
        yield from (rule for of_group, rule in self.firm if of_group is None or of_group == group)


def rules_for(
    administration: Administration, document: DocumentFacts, found: Changes | None = None
) -> list[Rule]:
    """Return the active rules that may speak about lines of this document, strongest first."""
    book = _book.get(found)
    return [rule for rule in book.of(administration) if rule.fits_document(document)]


def all_for(administration: Administration, found: Changes | None = None) -> list[Rule]:
    """Return the active rules that may speak in `administration`, about whatever document, strongest first."""
    return list(_book.get(found).of(administration))


def rule_of(row: BookingRule, shares: tuple[Share, ...] | None = None) -> Rule:
    """Return a rule as coding sees it; `shares` are its parts where they are not those that are stored."""
    if shares is None:
        shares = tuple(
            Share(**{name: getattr(part, name) for name in PART_COLUMNS}) for part in row.splits.all()
        )
    values = {name: getattr(row, name) for name in COLUMNS}
    return Rule(pk=row.pk or 0, owner=row.owner, changed_at=row.changed_at, splits=shares, **values)


def vat_table_of(administration: Administration, found: Changes | None = None) -> dict[str, str]:
    """Return the confirmed part of the administration's VAT table: scenario -> VAT code; not what is in doubt."""
    return vat_table_and_doubts(administration, found)[0]


def vat_table_and_doubts(
    administration: Administration, found: Changes | None = None
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the confirmed part of a VAT table (scenario -> VAT code), and what must be confirmed again.

    The latter is scenario -> why its code does not count, in words.
    """
    words = _("VAT code %(code)s must be confirmed again in the VAT table: %(why)s")
    rows = _tables.get(found).get(administration.pk, ())
    codes = {scenario: code for scenario, code, doubt in rows if not doubt}
    doubts = {scenario: words % {"code": code, "why": doubt} for scenario, code, doubt in rows if doubt}
    return codes, doubts


def _read_rules() -> RuleBook:
    book = RuleBook()
    rows = BookingRule.objects.filter(active=True).select_related("administration", "client")
    for row in rows.prefetch_related("splits").order_by("position", "pk"):
        if row.administration_id:
            book.administrations[row.administration_id].append(rule_of(row))
        elif row.client_id:
            book.clients[row.client_id].append(rule_of(row))
        else:
            book.firm.append((row.client_group_id, rule_of(row)))
    return book


def _read_tables() -> dict[int, list[tuple[str, str, str]]]:
    tables: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    rows = VATTable.objects.filter(confirmed_at__isnull=False)
    for row in rows.only("administration_id", "scenario", "vat_code", "doubt"):
        tables[row.administration_id].append((row.scenario, row.vat_code, row.doubt))
    return tables


_book = changes.Kept(_read_rules, "rules", "splits")
_tables = changes.Kept(_read_tables, "vat_tables")
