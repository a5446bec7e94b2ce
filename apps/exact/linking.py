"""Which division of Exact is which administration of ours."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.clients.models import Administration, AdministrationIdentifier, Client, Package
from apps.core import clock, queue
from apps.core.identifiers import LABELS, Identifier
from apps.exact import evidence
from apps.exact.models import Division, ShareLink, SyncPlan
from apps.exact.models.division import Divisions
from apps.people.models import User

LINKED = "division_linked"  # a bell: a division was linked, unlinked or reconnected
WITH_DIVISION = (Package.EXACT_ONLINE, Package.EXACT_GLOBE)  # of Globe that of its mailbox (decision 22)
_SLUG_LENGTH = 45
Known = frozenset[tuple[str, str]]


class LinkRefused(Exception):
    """This division and this administration do not go together. The message is a sentence for people."""


def offer() -> Divisions:
    """Return the divisions that can be linked: reached by a connection, and nobody's yet."""
    free: Divisions = Division.objects.filter(administration=None, connection__isnull=False)
    return free.order_by("customer_name", "name")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A number that Exact has for a division, and the others that the administration goes by."""

    kind: str
    theirs: str
    ours: tuple[str, ...]

    def __str__(self) -> str:
        words = _("%(kind)s %(theirs)s in Exact, %(ours)s here")
        return words % {"kind": LABELS[self.kind], "theirs": self.theirs, "ours": ", ".join(self.ours)}


def link(
    division: Division, administration: Administration, *, is_test: bool = False, by: User | None = None
) -> None:
    """Link the two, let documents for the division's numbers find the administration, and let a sync begin.

    `is_test`: the division is kept for trials. Linking what is linked already changes nothing. Raises
    LinkRefused when either is taken.
    """
    other = Division.objects.filter(administration=administration).exclude(pk=division.pk).first()
    if other:
        raise LinkRefused(
            _("%(administration)s is linked to division %(division)s already.")
            % {"administration": administration, "division": other}
        )
    with transaction.atomic():
        Division.objects.filter(pk=division.pk, administration=None).update(administration=administration)
        division.refresh_from_db()
        if division.administration_id != administration.pk:
            raise LinkRefused(
                _("Division %(division)s is linked to %(administration)s already.")
                % {"division": division, "administration": division.administration}
            )
        if is_test and not division.is_test:
            division.mark(is_test=True, by=by)
        _keep_numbers(division, administration)
        SyncPlan.objects.update_or_create(division=division, defaults={"due_at": clock.now()})
        queue.ring(LINKED, division.pk)


def unlink(division: Division, administration: Administration) -> None:
    """End the link of the two; what was mirrored and booked there stays. Raises LinkRefused when there is none.

    Share links that would reconnect the division for this administration are revoked with it.
    """
    linked = Division.objects.filter(pk=division.pk, administration=administration)
    if linked.update(administration=None) != 1:
        raise LinkRefused(
            _("%(administration)s is not linked to division %(division)s any more.")
            % {"administration": administration, "division": division}
        )
    division.administration = None
    for share in ShareLink.objects.filter(division=division, administration=administration):
        share.revoke()
    queue.ring(LINKED, division.pk)


def create_for(division: Division, *, client: Client | None = None, is_test: bool = False) -> Administration:
    """Make an administration for `division` (mode propose) and link them: one of `client`.

    Without a client: of the one that is called as the owner in Exact, who is made when new. Named after what Exact
    says. Raises LinkRefused when the division is taken.
    """
    with transaction.atomic():
        administration = Administration.objects.create(
            client=client or _client(division.customer_name or division.name),
            name=division.name,
            slug=_free_slug(Administration, division.name),
        )
        link(division, administration, is_test=is_test)
    return administration


def _client(name: str) -> Client:
    known = Client.objects.filter(name=name).first()
    return known or Client.objects.create(name=name, slug=_free_slug(Client, name))


def _free_slug(model: type[Client] | type[Administration], name: str) -> str:
    stem = slugify(name)[:_SLUG_LENGTH].strip("-") or "administratie"
    taken = set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)


def contradictions(division: Division, administration: Administration) -> list[Contradiction]:
    """Return where the numbers of `division` and those that `administration` goes by name different companies."""
    return against(division, numbers_of(administration))


def agrees(division: Division, known: Known) -> bool:
    """Tell whether a number of one company is that of `division` and among `known`, and none contradicts."""
    same = any(
        number.kind in evidence.REGISTERED and (number.kind, number.value) in known
        for number in _numbers(division)
    )
    return same and not against(division, known)


def numbers_of(administration: Administration) -> Known:
    """Return the numbers and addresses that `administration` goes by."""
    return frozenset(administration.identifiers.values_list("kind", "value"))


def against(division: Division, known: Known) -> list[Contradiction]:
    """Return where the numbers of `division` and those in `known` name different companies."""
    found = []
    for number in _numbers(division):
        ours = tuple(sorted(value for kind, value in known if kind == number.kind))
        if number.kind in evidence.REGISTERED and ours and number.value not in ours:
            found.append(Contradiction(number.kind, number.value, ours))
    return found


def _keep_numbers(division: Division, administration: Administration) -> None:
    """Store the numbers that senders address this administration by, if their check digits are right.

    Those of a test division only while there are none: it may be a copy, or somebody else.
    """
    if division.is_test and administration.identifiers.filter(kind__in=evidence.REGISTERED).exists():
        return
    for number in _numbers(division):
        AdministrationIdentifier.objects.get_or_create(
            administration=administration, kind=number.kind, value=number.value
        )


def _numbers(division: Division) -> list[Identifier]:
    return evidence.numbers(division.vat_number, division.chamber_of_commerce, division.country)
