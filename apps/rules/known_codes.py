"""The codes of Exact that rules name: what the books call them, which may be chosen, and who lacks them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Client
from apps.core import clock
from apps.exact.models import (
    CostCenter,
    CostUnit,
    Division,
    GLAccount,
    PaymentCondition,
    Relation,
    VATCode,
)
from apps.rules.conditions import Rule
from apps.rules.models import BookingRule

CODES: dict[str, Any] = {
    "gl_code": GLAccount,
    "vat_code": VATCode,
    "cost_center": CostCenter,
    "cost_unit": CostUnit,
    "payment_condition": PaymentCondition,
}
IN_PARTS = ("gl_code", "vat_code", "cost_center", "cost_unit")
MOST_CHOICES = 1_000
MOST_NAMED = 5

Names = dict[tuple[str, str], str]


def usable(field: str, administrations: Collection[int]) -> Any:
    """Return the rows of the mirror behind `field` that purchases of these administrations may name now."""
    rows = CODES[field].objects.filter(division__administration__in=administrations)
    if field == "gl_code":
        return rows.filter(blocked=False).exclude(type__in=GLAccount.NOT_FOR_ENTRIES)
    if field == "vat_code":
        return rows.filter(blocked=False)
    if field in ("cost_center", "cost_unit"):
        return rows.filter(Q(end_date=None) | Q(end_date__gte=clock.today()))
    return rows


def choices(administrations: Collection[int]) -> dict[str, list[tuple[str, str]]]:
    """Return for each field the codes that may be chosen in any of `administrations`, as (code, description)."""
    found = {}
    for field in CODES:
        rows = usable(field, administrations).order_by("code").values_list("code", "description").distinct()
        found[field] = list(rows[:MOST_CHOICES]) if administrations else []
    return found


def names_by_administration(rules: dict[int, list[Rule]]) -> dict[int, Names]:
    """Return what the books of each administration call the codes of its rules; one query for each kind."""
    found: dict[int, Names] = {key: {} for key in rules}
    for field in IN_PARTS:
        codes = {code for several in rules.values() for rule in several for code in codes_of(rule)[field]}
        if not codes:
            continue
        rows = CODES[field].objects.filter(division__administration__in=list(rules), code__in=codes)
        for key, code, text in rows.values_list("division__administration_id", "code", "description"):
            found[key][field, code] = text
    for key, code, name in _suppliers(rules):
        found[key]["supplier_code", code] = name
    return found


def _suppliers(rules: dict[int, list[Rule]]) -> Iterator[tuple[int, str, str]]:
    """Yield (administration, code, name) of the suppliers that `rules` name; Exact may pad codes to 18 signs."""
    named = {rule.supplier_code.strip() for several in rules.values() for rule in several} - {""}
    if named:
        codes = named | {code.rjust(18) for code in named}
        rows = Relation.objects.filter(division__administration__in=list(rules), code__in=codes)
        for key, code, name in rows.values_list("division__administration_id", "code", "name"):
            yield key, code.strip(), name


def codes_of(rule: Rule) -> dict[str, set[str]]:
    """Return the codes that `rule` and its parts name, by their fields."""
    found: dict[str, set[str]] = defaultdict(set)
    for field in CODES:
        found[field] |= {getattr(rule, field)} - {""}
    for share in rule.splits:
        for field in IN_PARTS:
            found[field] |= {getattr(share, field)} - {""}
    return found


def scope_of(row: BookingRule, user: Any) -> list[Administration]:
    """Return the administrations that `row` speaks in, of those that `user` sees and whose books were linked."""
    linked = Division.objects.filter(administration__isnull=False).values("administration")
    rows = Administration.objects.visible_to(user).filter(pk__in=linked).order_by("name")
    if row.administration_id:
        rows = rows.filter(pk=row.administration_id)
    elif row.client_id:
        rows = rows.filter(client=row.client_id)
    elif row.client_group_id:
        rows = rows.filter(client__group=row.client_group_id)
    return list(rows)


def administrations_of(administration: Administration | None, client: Client | None) -> list[int]:
    """Return the keys of the administrations whose codes are choices for a rule of this owner; the firm's has none."""
    if administration is not None:
        return [administration.pk]
    return list(client.administrations.values_list("pk", flat=True)) if client is not None else []


def lacking(rule: Rule, administrations: Sequence[Administration]) -> list[str]:
    """Return in words which of `administrations` lack a code that `rule` names; there it says nothing of it.

    Whose books were never read lack nothing yet.
    """
    keys = [one.pk for one in administrations]
    read = set(
        GLAccount.objects.filter(division__administration__in=keys)
        .values_list("division__administration", flat=True)
        .distinct()
    )
    return [
        words
        for field, codes in codes_of(rule).items()
        for code in sorted(codes)
        for words in _lacking(field, code, [one for one in administrations if one.pk in read])
    ]


def _lacking(field: str, code: str, administrations: Sequence[Administration]) -> Iterator[str]:
    rows = usable(field, [one.pk for one in administrations]).filter(code=code)
    there = set(rows.values_list("division__administration", flat=True))
    without = [one.name for one in administrations if one.pk not in there]
    if without:
        named = ", ".join(without[:MOST_NAMED])
        more = len(without) - MOST_NAMED
        where = _("%(names)s and %(count)d more") % {"names": named, "count": more} if more > 0 else named
        label = CODES[field]._meta.verbose_name
        yield _("%(what)s %(code)s is not usable in %(where)s.") % {
            "what": str(label).capitalize(),
            "code": code,
            "where": where,
        }
