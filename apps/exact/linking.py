"""Which division of Exact is which administration of ours."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.clients.models import Administration, AdministrationIdentifier, Client
from apps.core import clock, identifiers
from apps.core.identifiers import LABELS, Identifier, Kind
from apps.exact.models import Division, SyncPlan
from apps.exact.models.division import Divisions
from apps.people.models import User

_SLUG_LENGTH = 45
_REGISTERED = (Kind.VAT, Kind.KVK, Kind.BE_ENTERPRISE)  # one company has one of each


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


def unlink(division: Division, administration: Administration) -> None:
    """End the link of the two; what was mirrored and booked there stays. Raises LinkRefused when there is none."""
    linked = Division.objects.filter(pk=division.pk, administration=administration)
    if linked.update(administration=None) != 1:
        raise LinkRefused(
            _("%(administration)s is not linked to division %(division)s any more.")
            % {"administration": administration, "division": division}
        )
    division.administration = None


def create_for(division: Division, *, is_test: bool = False) -> Administration:
    """Make an administration for `division` (mode propose), with its client when that is new, and link them.

    Named after what Exact says. Raises LinkRefused when the division is taken.
    """
    with transaction.atomic():
        administration = Administration.objects.create(
            client=_client(division.customer_name or division.name),
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
    known = list(administration.identifiers.values_list("kind", "value"))
    found = []
    for number in _numbers(division):
        ours = tuple(sorted(value for kind, value in known if kind == number.kind))
        if number.kind in _REGISTERED and ours and number.value not in ours:
            found.append(Contradiction(number.kind, number.value, ours))
    return found


def _keep_numbers(division: Division, administration: Administration) -> None:
    """Store the numbers that senders address this administration by, if their check digits are right.

    Those of a test division only while there are none: it may be a copy, or somebody else.
    """
    if division.is_test and administration.identifiers.filter(kind__in=_REGISTERED).exists():
        return
    for number in _numbers(division):
        AdministrationIdentifier.objects.get_or_create(
            administration=administration, kind=number.kind, value=number.value
        )


def _numbers(division: Division) -> list[Identifier]:
    vat = identifiers.vat(division.vat_number, division.country)
    chamber = identifiers.be_enterprise if division.country == "BE" else identifiers.kvk
    found = [vat, chamber(division.chamber_of_commerce)] if division.country in {"NL", "BE"} else [vat]
    numbers = (*found, *(identifiers.implied(vat) if vat else ()))
    return [number for number in numbers if number and number.valid and not number.is_placeholder]
