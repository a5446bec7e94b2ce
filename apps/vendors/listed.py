"""What staff put on lists, and the firm's own numbers: read as matching wants them, one query each."""

from apps.clients.models import Administration, AdministrationIdentifier
from apps.vendors.collective import Rule, parse
from apps.vendors.evidence import NO_EVIDENCE_DOMAINS, Key
from apps.vendors.models import CollectiveVendor, SharedDomain


def rules_of(administration: Administration) -> list[Rule]:
    """Return the active collective vendors of `administration` as rules, in the order of their names.

    Whether their suppliers may be booked on is not looked at, nor whether a domain was put on the list of shared
    ones since: the caller has the cards, and asks with no shared domain.
    """
    rows = CollectiveVendor.objects.filter(administration=administration, active=True).order_by("name", "pk")
    rules = []
    for name, supplier, words in rows.values_list("name", "supplier", "words"):
        phrases, domains, _problems = parse(words, shared=())
        rules.append(Rule(name, str(supplier), phrases, domains))
    return rules


def shared_domains() -> frozenset[str]:
    """Return the domains that say nothing of who sent a document: the product's own list and what staff added."""
    return NO_EVIDENCE_DOMAINS | frozenset(SharedDomain.objects.values_list("domain", flat=True))


def own_numbers() -> frozenset[Key]:
    """Return the numbers by which all administrations of the firm are known: never evidence about a vendor."""
    rows = AdministrationIdentifier.objects.values_list("kind", "value")
    return frozenset(Key(kind, value) for kind, value in rows)
