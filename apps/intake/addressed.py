"""For whom a mail is, by the address that it was sent to: evidence of the way in, not of the document.

`post+short-name@firm.nl` names the administration with that short name, and so does `short-name@firm.nl`.
"""

from collections.abc import Iterable

from apps.clients.models import Administration
from apps.intake.mail import addresses
from apps.intake.mail.headers import Head
from apps.intake.models import Mailbox


def recipient(head: Head, own: str) -> str:
    """Return the address of ours that a mail was sent to, `own` where it names none of that mailbox."""
    return next((address for address in head.recipients if _names(address, own)), own)


def administration_in(mailbox: Mailbox, head: Head) -> Administration | None:
    """Return the administration that a mail in this mailbox is for; None where the address does not say.

    What the delivering servers noted decides before what the sender wrote; several at once decide nothing.
    """
    if mailbox.administration:
        return mailbox.administration
    for group in (head.delivered_to, head.addressed_to):
        named = {name for address in group for name in _names(address, mailbox.address)}
        found = list(Administration.objects.filter(slug__in=named)[:2]) if named else []
        if found:
            return found[0] if len(found) == 1 else None
    return None


def administration_at(address: str) -> Administration | None:
    """Return the administration of an address that our own mail server delivered to."""
    mailbox = Mailbox.objects.filter(address__iexact=address, administration__isnull=False).first()
    if mailbox:
        return mailbox.administration
    local, plus, _domain = addresses.parts(address)
    return Administration.objects.filter(slug=plus or local).first() if local else None


def address_of(mailbox: Mailbox, administration: Administration) -> str:
    """Return the address in this mailbox that names an administration."""
    local, _plus, domain = addresses.parts(mailbox.address)
    own = mailbox.administration_id == administration.pk
    return mailbox.address if own else f"{local}+{administration.slug}@{domain}"


def _names(address: str, own: str) -> Iterable[str]:
    """Return the short names that an address may mean in the mailbox `own`."""
    local, plus, domain = addresses.parts(address)
    own_local, _own_plus, own_domain = addresses.parts(own)
    if plus:
        return [plus] if local == own_local or domain == own_domain else []
    return [local] if domain == own_domain else []
