"""What is known in one administration when a rule is tried on its past: kept as maps, read once for all its lines."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from apps.clients.models import Administration
from apps.exact.models import Division, Item, ItemGroup, Relation, SupplierItem
from apps.invoices.replay_past import Window, usual_codes
from apps.rules import books, rule_book
from apps.rules.books import Books
from apps.rules.conditions import DocumentFacts, LineFacts, Patience, Rule
from apps.rules.models import BookingRule
from apps.rules.replay_spec import Strength, strength_of
from apps.rules.replaying import codes_of
from apps.rules.suggestion import FIELDS

_RELATION = ("exact_id", "code", "name", "classification", "gl_account_purchase")
NOBODY = DocumentFacts()


@dataclass(frozen=True)
class Ground:
    """The books and suppliers of an administration, the other rules there, strongest first, and what is usual.

    `scenarios`: VAT code -> the one scenario that it stands for. `groups`: (supplier, seller's code) -> item group;
    None when no rule asks for it.
    """

    administration: Administration
    books: Books
    relations: Mapping[str, Relation]
    others: Sequence[tuple[Strength, Rule]]
    usual: Mapping[str, Mapping[str, str]]
    scenarios: Mapping[str, str]
    table: Mapping[str, str]
    groups: Mapping[tuple[str, str], str] | None = None
    known: dict[str, DocumentFacts] = field(default_factory=dict)

    @property
    def usable(self) -> dict[str, Container[str]]:
        """Which codes a rule may give here, by field."""
        codes = self.books
        return {
            "gl_code": codes.bookable,
            "vat_code": codes.vat_codes,
            "cost_center": codes.cost_centers,
            "cost_unit": codes.cost_units,
        }

    def stronger(self, than: Strength) -> list[Rule]:
        """Return the rules that speak before one of this strength."""
        return [rule for strength, rule in self.others if strength < than]

    def supplier_facts(self, supplier: str) -> DocumentFacts:
        """Return what the ledger tells of a document of this supplier (its id)."""
        if supplier not in self.known:
            card = self.relations.get(supplier)
            self.known[supplier] = (
                DocumentFacts(
                    supplier_name=card.name, supplier_code=card.code, classification=card.classification
                )
                if card
                else NOBODY
            )
        return self.known[supplier]

    def proposal(
        self, document: DocumentFacts, line: LineFacts, supplier: str, patience: Patience
    ) -> dict[str, str]:
        """Return what would be proposed without the rule: by other rules, the card, the table, or what is usual."""
        rules = [rule for _strength, rule in self.others if rule.fits(document, line, patience)]
        usable, card = self.usable, self.relations.get(supplier)
        usual = self.usual.get(supplier, {})
        found: dict[str, str] = {}
        for name in FIELDS:
            said = (codes_of(rule).get(name, "") for rule in rules)
            found[name] = next((code for code in said if code and code in usable[name]), "")
        default = self.books.accounts.get(str(card.gl_account_purchase)) if card else None
        found["gl_code"] = found["gl_code"] or (default.code if default else usual.get("gl_code", ""))
        by_table = self.table.get(line.scenario or "", "")
        found["vat_code"] = found["vat_code"] or by_table or usual.get("vat_code", "")
        return found


def ground_of(key: int, window: Window, *, rule: Rule) -> Ground | None:
    """Return what is known in the administration `key`; None when it is gone or not linked to a division any more."""
    administration = Administration.objects.filter(pk=key).first()
    division = Division.objects.filter(administration=key).first()
    if administration is None or division is None:
        return None
    others = sorted(_others(administration, rule.pk), key=lambda one: one[0])
    relations = Relation.everything.filter(division=division, is_supplier=True).only(*_RELATION)
    table = rule_book.vat_table_of(administration)
    asks = any(one.item_group for one in (rule, *(other for _strength, other in others)))
    return Ground(
        administration=administration,
        books=books.books_of(division),
        relations={str(card.exact_id): card for card in relations.iterator()},
        others=others,
        usual=usual_codes(key, window),
        scenarios=_scenarios(table),
        table=table,
        groups=_groups(division) if asks else None,
    )


def _others(administration: Administration, without: int) -> Iterator[tuple[Strength, Rule]]:
    client, firm = administration.client_id, Q(administration=None, client=None)
    group = Q(client_group=None) | Q(client_group__clients=client)
    rows = BookingRule.objects.filter(
        Q(administration=administration) | Q(client=client) | firm, group, active=True
    )
    for row in rows.exclude(pk=without).select_related("administration", "client").prefetch_related("splits"):
        yield strength_of(row), rule_book.rule_of(row)


def _scenarios(table: Mapping[str, str]) -> dict[str, str]:
    codes = list(table.values())
    return {code: scenario for scenario, code in table.items() if codes.count(code) == 1}


def _groups(division: Division) -> dict[tuple[str, str], str]:
    """Return the item group by supplier and seller's code; a code that stands for two items is left out."""
    names = dict(ItemGroup.objects.filter(division=division).values_list("exact_id", "code"))
    items = dict(Item.objects.filter(division=division).values_list("exact_id", "item_group"))
    found: dict[tuple[str, str], set[UUID]] = {}
    rows = SupplierItem.objects.filter(division=division).exclude(supplier_code="")
    for supplier, code, item in rows.values_list("supplier", "supplier_code", "item"):
        found.setdefault((str(supplier), code), set()).add(item)
    groups = {place: items.get(min(those)) for place, those in found.items() if len(those) == 1}
    return {place: names.get(group, "") if group else "" for place, group in groups.items()}
