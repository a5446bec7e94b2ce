"""Settings of the simulated eConnect, which is filled with the firm's parties at the first question."""

from typing import Any

from django.db import transaction

from apps.sandbox import firm
from apps.sandbox.direct import DATABASE
from apps.sandbox.models import EconnectParty, EconnectSwitches, EconnectUser


def current() -> EconnectSwitches:
    """Return the one row of settings; an empty eConnect gets the firm's parties first."""
    return EconnectSwitches.objects.filter(pk=1, seeded=True).first() or _fill()


def change(**fields: Any) -> None:
    """Change settings by field name, e.g. `hook_verb="POST"`."""
    current()
    EconnectSwitches.objects.filter(pk=1).update(**fields)


def _fill() -> EconnectSwitches:
    with transaction.atomic(using=DATABASE):  # takes the write lock at once: one process fills
        switches, _made = EconnectSwitches.objects.get_or_create(pk=1)
        if not switches.seeded:
            user = EconnectUser.objects.create(username=firm.parties.USERNAME, password=firm.parties.PASSWORD)
            EconnectParty.objects.bulk_create(
                EconnectParty(
                    party_id=party.party_id,
                    name=party.name,
                    user=user if party.username else None,
                    can_receive_document=party.can_receive,
                )
                for party in firm.PARTIES
            )
            EconnectSwitches.objects.filter(pk=1).update(seeded=True)
            switches.seeded = True
    return switches
