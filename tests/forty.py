"""An office that connects: forty divisions in Exact, and the administrations that it works in already."""

from dataclasses import dataclass, field

from apps.clients.models import Administration, Client
from apps.core.identifiers import Kind
from apps.exact.models import Division
from apps.exact.syncing import divisions_due, run
from apps.sandbox import seed, switches
from apps.sandbox.firm.draw import Draw, vat_number
from apps.sandbox.firm.large import Company
from apps.sandbox.models import Row
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory, ClientFactory

FIRST = 4_000_001
BY_KVK, BY_VAT, BY_NAME, NEW_CLIENT, KNOWN_CLIENT = 14, 11, 5, 4, 3
OWNER = "Holding De Ooievaar"


@dataclass
class Forty:
    """Codes by what is to be proposed for them; `ours`: the administration that is the right one, by code."""

    certain: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    known_owner: list[int] = field(default_factory=list)
    unused: list[int] = field(default_factory=list)
    ours: dict[int, Administration] = field(default_factory=dict)

    @property
    def codes(self) -> list[int]:
        """All of them."""
        return sorted([*self.certain, *self.asked, *self.new, *self.known_owner, *self.unused])


def make() -> Forty:
    """Add the divisions to the sandbox and the administrations to the office; every one is another company."""
    made = Forty()
    ClientFactory(name=OWNER)
    for at in range(BY_KVK):
        made.certain.append(_division(f"Kamer {at} B.V.", kvk=_kvk(at)))
        made.ours[made.certain[-1]] = _ours(f"Boeken kamer {at}", kvk=_kvk(at))
    for at in range(BY_VAT):
        made.certain.append(_division(f"Fiscus {at} B.V.", vat=_vat(at)))
        made.ours[made.certain[-1]] = _ours(f"Boeken fiscus {at}", vat=_vat(at))
    for at in range(BY_NAME):
        made.asked.append(_division(f"Naamgenoot {at} B.V."))
        made.ours[made.asked[-1]] = _ours(f"Naamgenoot {at}")
    made.asked.append(_division("Twee Kanten B.V.", kvk=_kvk(50), vat=_vat(50)))
    made.ours[made.asked[-1]] = _ours("Kant van de kamer", kvk=_kvk(50))
    _ours("Kant van de fiscus", vat=_vat(50))
    made.new = [_division(f"Nieuwkomer {at} B.V.") for at in range(NEW_CLIENT)]
    made.known_owner = [_division(f"Dochter {at} B.V.", customer=OWNER) for at in range(KNOWN_CLIENT)]
    made.unused = [
        _division("Archief B.V.", kvk=_kvk(60), status=2),
        _division("Geblokkeerd B.V.", kvk=_kvk(61), blocking=3),
    ]
    _ours("Boeken archief", kvk=_kvk(60))
    return made


def read_all(most: int | None = None) -> int:
    """Let a worker read what is due, of so many divisions at `most`; return of how many it was."""
    switches.change(minute_limit=100_000)
    due = divisions_due()[:most]
    for division in Division.objects.select_related("app", "connection__app").filter(pk__in=due):
        run(division)
    return len(due)


def clients_of(codes: list[int]) -> list[str]:
    """Return the names of the clients that the divisions with these codes became administrations of."""
    linked = Client.objects.filter(administrations__division__code__in=codes)
    return list(linked.order_by("administrations__division__code").values_list("name", flat=True))


def _division(
    name: str, customer: str = "", vat: str = "", kvk: str = "", status: int = 1, blocking: int = 0
) -> int:
    code = FIRST + Row.objects.filter(resource="system/Divisions", key__gte=str(FIRST)).count()
    owner = customer or f"Eigenaar {name}"
    company = Company(customer=owner, vat=vat, kvk=kvk, status=status, blocking=blocking)
    seed.add_division(code, name, relations=1, bank_share=0, company=company)
    return code


def _ours(name: str, kvk: str = "", vat: str = "") -> Administration:
    administration: Administration = AdministrationFactory(name=name)
    for kind, value in ((Kind.KVK, kvk), (Kind.VAT, vat)):
        if value:
            AdministrationIdentifierFactory(administration=administration, kind=kind.value, value=value)
    return administration


def _kvk(at: int) -> str:
    return f"7{at:07}"


def _vat(at: int) -> str:
    return vat_number(Draw("forty", at))
