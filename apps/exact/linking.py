"""Which division of Exact is which administration of ours."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.clients.models import Administration, AdministrationIdentifier, Client
from apps.core import clock, identifiers
from apps.exact.models import Division, SyncPlan
from apps.exact.models.division import Divisions

_SLUG_LENGTH = 45


class LinkRefused(Exception):
    """This division and this administration do not go together. The message is a sentence for people."""


def offer() -> Divisions:
    """Return the divisions that can be linked: reached by a connection, and nobody's yet."""
    free: Divisions = Division.objects.filter(administration=None, connection__isnull=False)
    return free.order_by("customer_name", "name")


def link(division: Division, administration: Administration) -> None:
    """Link the two, let documents for the division's numbers find the administration, and let a sync begin.

    Linking what is linked already changes nothing. Raises LinkRefused when either is taken.
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
        _keep_numbers(division, administration)
        SyncPlan.objects.update_or_create(division=division, defaults={"due_at": clock.now()})


def create_for(division: Division) -> Administration:
    """Make an administration for `division` (mode propose), with its client when that is new, and link them.

    Named after what Exact says. Raises LinkRefused when the division is taken.
    """
    with transaction.atomic():
        administration = Administration.objects.create(
            client=_client(division.customer_name or division.name),
            name=division.name,
            slug=_free_slug(Administration, division.name),
        )
        link(division, administration)
    return administration


def _client(name: str) -> Client:
    known = Client.objects.filter(name=name).first()
    return known or Client.objects.create(name=name, slug=_free_slug(Client, name))


def _free_slug(model: type[Client] | type[Administration], name: str) -> str:
    stem = slugify(name)[:_SLUG_LENGTH].strip("-") or "administratie"
    taken = set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)


def _keep_numbers(division: Division, administration: Administration) -> None:
    """Store the numbers that senders address this administration by, if their check digits are right."""
    vat = identifiers.vat(division.vat_number, division.country)
    chamber = identifiers.be_enterprise if division.country == "BE" else identifiers.kvk
    found = [vat, chamber(division.chamber_of_commerce)] if division.country in {"NL", "BE"} else [vat]
    for number in (*found, *(identifiers.implied(vat) if vat else ())):
        if number and number.valid and not number.is_placeholder:
            AdministrationIdentifier.objects.get_or_create(
                administration=administration, kind=number.kind, value=number.value
            )
