"""Our participants: which of them eConnect lets us act for, and which administration each one is."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from apps.clients.models import Administration, AdministrationIdentifier
from apps.core import clock, http, queue
from apps.econnect.announcing import party_of
from apps.econnect.claiming import words_of
from apps.econnect.client import EConnect
from apps.econnect.models import Account, Party
from apps.econnect.party_ids import normal, numbers, participant
from apps.people.models import User


def refresh(account: Account) -> None:
    """Read the parties of an account and what it may do for each; those that are no longer named are marked gone.

    What went wrong is kept in the account, in words.
    """
    try:
        rows = EConnect(account).parties()
    except http.RemoteError as error:
        _checked(account, words_of(error))
        return
    found = _told(rows)
    with transaction.atomic():
        for party_id, (name, permissions) in found.items():
            _keep(account, party_id, name, permissions)
        missing = Party.objects.filter(account=account, is_gone=False).exclude(party_id__in=found)
        for party in missing:
            party.is_gone = True
            party.save(update_fields=["is_gone"])
    _checked(account, "")


def proposals(parties: Iterable[Party]) -> dict[int, list[Administration]]:
    """Return for each party, by key, the administrations that carry one of its numbers; costs one query."""
    wanted = {party.pk: {(one.kind.value, one.value) for one in numbers(party.party_id)} for party in parties}
    values = {value for pairs in wanted.values() for _kind, value in pairs}
    rows = AdministrationIdentifier.objects.filter(value__in=values).select_related("administration")
    owners: dict[tuple[str, str], set[Administration]] = defaultdict(set)
    for row in rows:
        owners[row.kind, row.value].add(row.administration)
    return {
        key: sorted(set().union(*(owners[pair] for pair in pairs)), key=lambda one: (one.name, one.pk))
        for key, pairs in wanted.items()
    }


def link(party: Party, administration: Administration | None, *, by: User | None = None) -> None:
    """Say which administration a party is (None: none any more), and let documents for its id find it."""
    with transaction.atomic():
        row = Party.objects.select_for_update().get(pk=party.pk)
        identifier = participant(row.party_id)
        value = identifier.value if identifier else row.party_id
        same = AdministrationIdentifier.objects.filter(kind="peppol", value=value)
        if row.administration_id and row.administration_id != (administration and administration.pk):
            same.filter(administration=row.administration_id).delete()
        if administration:
            AdministrationIdentifier.objects.get_or_create(
                administration=administration, kind="peppol", value=value
            )
        row.administration = administration
        row.keep("administration", by=by)
        queue.ring("routing_changed")
    party.administration = administration


def link_proposed(parties: Iterable[Party], *, by: User | None = None) -> int:
    """Link each party that has none to the one administration that fits; return how many there were."""
    free = [party for party in parties if party.administration_id is None]
    fitting = proposals(free)
    clear = [party for party in free if len(fitting[party.pk]) == 1]
    for party in clear:
        link(party, fitting[party.pk][0], by=by)
    return len(clear)


def _told(rows: list[dict[str, Any]]) -> dict[str, tuple[str, dict[str, bool]]]:
    """Return name and permissions by party id; two forms of one id are one party, which may what either may."""
    found: dict[str, tuple[str, dict[str, bool]]] = {}
    for row in rows:
        party_id = normal(str(row.get("id") or ""))
        given = row.get("permissions")
        name, may = found.get(party_id, ("", {}))
        for key, value in (given if isinstance(given, dict) else {}).items():
            may[str(key)] = bool(value) or may.get(str(key), False)
        if party_id:
            found[party_id] = (name or str(row.get("name") or "")[:200], may)
    return found


def _keep(account: Account, party_id: str, name: str, permissions: dict[str, bool]) -> None:
    party = party_of(account, party_id)
    mine = party.account_id == account.pk
    if not mine and party.seen_at and not party.is_gone:
        return  # another account of ours acts for it already
    wanted = {
        "account_id": account.pk,
        "name": name or party.name,
        "permissions": permissions,
        "is_gone": False,
    }
    changed = [key for key, value in wanted.items() if getattr(party, key) != value]
    for key in changed:
        setattr(party, key, wanted[key])
    if changed:
        party.save(update_fields=changed)
    Party.objects.filter(pk=party.pk).update(seen_at=clock.now())


def _checked(account: Account, trouble: str) -> None:
    Account.objects.filter(pk=account.pk).update(checked_at=clock.now(), trouble=trouble)
