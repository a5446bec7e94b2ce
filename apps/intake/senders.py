"""Whose mail an administration takes in: everybody's, or that of the senders on its list."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from apps.clients.models import Administration
from apps.intake.models import AllowedSender, Channel, Receipt

_ANGLED = re.compile(r".*<([^<>]+)>\s*")
_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:@\"]+@[^\s<>()\[\]\\,;:@\"*]+\.[^\s<>()\[\]\\,;:@\"*.]+")


def is_welcome(receipt: Receipt, administration: Administration | None) -> bool:
    """Tell whether a receipt may be read for `administration`: its sender is on the list, or there is no list.

    Only mail has a sender that anybody can be. A From that names no one address is nobody's; a receipt that somebody
    let in stays let in.
    """
    if receipt.channel != Channel.MAIL or receipt.released_by or administration is None:
        return True
    listed = AllowedSender.objects.filter(administration=administration)
    if not listed.exists():
        return True
    sender = address_of(receipt)
    domain = sender[sender.find("@") :]
    return bool(sender) and listed.filter(Q(pattern__iexact=sender) | Q(pattern__iexact=domain)).exists()


def address_of(receipt: Receipt) -> str:
    """Return the one address that a mail came from, "" where From names none or several: never a whole domain."""
    sender = receipt.sender.lower()
    return sender if _ADDRESS.fullmatch(sender) and not sender.startswith("*") else ""


def pattern_of(text: str) -> str:
    """Return what somebody typed as the list keeps it: `name@firm.nl`, or `@firm.nl` for everybody there.

    "" when it is neither. Takes `Name <name@firm.nl>` and `*@firm.nl`, too.
    """
    angled = _ANGLED.fullmatch(text)
    bare = (angled[1] if angled else text).strip().lower().removeprefix("*")
    whole = f"any{bare}" if bare.startswith("@") else bare
    return bare if _ADDRESS.fullmatch(whole) and len(bare) <= 254 else ""


def allow(administration: Administration, patterns: Iterable[str], *, by: str) -> int:
    """Put senders on the list of an administration; return how many were not there yet."""
    with transaction.atomic():
        return sum(
            AllowedSender.objects.get_or_create(
                administration=administration, pattern=pattern, defaults={"added_by": by}
            )[1]
            for pattern in dict.fromkeys(patterns)
        )
