"""The lists that staff keep, as matching wants them."""

from apps.clients.models import Administration
from apps.vendors.collective import Rule
from apps.vendors.models import CollectiveVendor


def rules_of(administration: Administration) -> list[Rule]:
    """Return the collective vendors of `administration`; one query."""
    rows = CollectiveVendor.objects.filter(administration=administration, active=True)
    return [Rule(row.name, str(row.supplier), tuple(row.words.casefold().split("\n"))) for row in rows]
