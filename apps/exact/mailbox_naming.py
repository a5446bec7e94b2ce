"""Which address the digital mailbox of an administration has: ours, or one of Exact that a person chose."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core.identifiers import Kind
from apps.exact import mailbox_words
from apps.exact.mailbox_words import NoAddress
from apps.exact.models import DigitalMailbox, Division
from apps.people.models import User


def division_of(administration: Administration) -> Division | None:
    """Return the division that holds the mailbox: the linked one, also for books in Exact Globe."""
    return Division.objects.filter(administration=administration).select_related("connection__app").first()


def numbers_of(administration: Administration) -> list[str]:
    """Return the KvK numbers that an administration goes by."""
    kvk = administration.identifiers.filter(kind=Kind.KVK).order_by("value")
    return list(kvk.values_list("value", flat=True))


def set_up(administration: Administration) -> DigitalMailbox:
    """Return the row of an administration's mailbox, made when there is none; Exact is not asked.

    Raises NoAddress, with a sentence for people.
    """
    known = DigitalMailbox.objects.filter(administration=administration).first()
    if known:
        return known
    address = _own_address(administration)
    try:
        with transaction.atomic():
            return DigitalMailbox.objects.create(administration=administration, address=address)
    except IntegrityError as error:
        raise _taken(address) from error


def ask(mailbox: DigitalMailbox, *, by: User, declines: bool = False) -> bool:
    """Have the mailbox found or made under our own address, whatever it was called before; False when it is under way.

    `declines`: not the one that Exact has under another name. Raises NoAddress.
    """
    more = {} if declines else {"offered": ""}
    return _want(mailbox, _own_address(mailbox.administration), by, **more)


def use(mailbox: DigitalMailbox, *, by: User) -> bool:
    """Use the mailbox that Exact has under another name; False when nobody asked that. Raises NoAddress."""
    return bool(mailbox.offered) and _want(mailbox, mailbox.offered, by, offered="")


def _want(mailbox: DigitalMailbox, address: str, by: User, **more: Any) -> bool:
    if address != mailbox.address:  # what people confirmed was about the other address
        more |= {"address": address, "sender_allowed": "", "setting_confirmed": ""}
    try:
        return mailbox.want(by=by, **more)
    except IntegrityError as error:
        raise _taken(address) from error


def _own_address(administration: Administration) -> str:
    division = division_of(administration)
    chamber = division.chamber_of_commerce if division else ""
    return mailbox_words.address_of(settings.EXACT_MAILBOX_PATTERN, numbers_of(administration), chamber)


def _taken(address: str) -> NoAddress:
    words = _("Another administration has %(address)s already: two with one KvK number cannot both have it.")
    return NoAddress(words % {"address": address})


def sender() -> str:
    """Return who mails to the digital mailboxes."""
    return str(settings.EXACT_MAILBOX_FROM or settings.DEFAULT_FROM_EMAIL)
