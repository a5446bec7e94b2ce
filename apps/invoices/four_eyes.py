"""A second person above an amount: who looked first, who may look second, and what waits for that.

Whoever coded a document, set its vendor or agreed with it first is a first one; anybody else of its client's people
is the second.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.clients.ceilings import ceilings_of
from apps.clients.models import Mode
from apps.clients.policy import Obstacle
from apps.core import clock
from apps.core.causes import Cause
from apps.invoices.ceilings import amount_of
from apps.invoices.models import BOOKS, ActiveMethod, Approval, Invoice
from apps.people.models import Role, User

MOST_NAMED = 5


def waits_for_second(invoice: Invoice) -> bool:
    """Tell whether one person agreed with `invoice` and another one must."""
    return invoice.cause == Cause.NEEDS_APPROVAL and invoice.accepted_by_id is not None


def looked(invoice: Invoice) -> set[int]:
    """Return the keys of the people who had the first look: they may not have the second one, too."""
    return {*coders(invoice), *([invoice.accepted_by_id] if invoice.accepted_by_id else [])}


def coders(invoice: Invoice) -> set[int]:
    """Return the keys of who last set codes on the lines of `invoice`, and of all who set its vendor since."""
    return {*invoice.coders, *([invoice.coded_by_id] if invoice.coded_by_id else [])}


def coded(by: User) -> dict[str, Any]:
    """Return the values of a move by which `by` set codes on lines: with all that anybody set before in view."""
    return {"coded_by": by, "coders": [by.pk]}


def mapped(invoice: Invoice, by: User) -> dict[str, Any]:
    """Return the values of a move by which `by` set the vendor: whoever chose codes before did not see it, and `by`
    perhaps not the codes, so neither is the second person for both."""
    return {"coded_by": by, "coders": sorted({*coders(invoice), by.pk})}


NOBODY: dict[str, Any] = {"coded_by": None, "coders": []}  # coded from scratch: nobody had the first look


def after_agreeing(invoice: Invoice, by: User | str) -> dict[str, Any]:
    """Return what `invoice` then waits for, as values of its move; {} when it may go on.

    The second look is written down with the version that was seen. In the transaction of whoever agrees.
    """
    limit = _limit(invoice)
    if limit is None:
        return {}
    first = coders(invoice)
    if isinstance(by, User) and first and by.pk not in first:
        approve(invoice, by)
        return {}
    words = second_words(invoice, by, limit)
    return {"cause": Cause.NEEDS_APPROVAL, "detail": words}


def second_look(invoice: Invoice, by: User | str) -> list[Obstacle]:
    """Return that a second person must look at what `by` agrees with while it is coded; it is above the amount."""
    words = after_agreeing(invoice, by).get("detail", "")
    return [Obstacle(Cause.NEEDS_APPROVAL, words, is_gap=True)] if words else []


def approve(invoice: Invoice, by: User) -> None:
    """Write down that `by` had the second look, at `invoice` as it is now."""
    Approval.objects.create(invoice=invoice, by=by, at=clock.now(), version=invoice.version)


def second_words(invoice: Invoice, by: User | str, limit: Any) -> str:
    """Return why a second person must look, and who may."""
    words = _("%(who)s agreed. Above %(amount)s a second person must: %(people)s.")
    without = {*looked(invoice), *([by.pk] if isinstance(by, User) else [])}
    people = who_may(invoice, without) or _("nobody else works for this client yet, ask an administrator")
    return words % {"who": by, "amount": number_format(limit, 2, force_grouping=True), "people": people}


def who_may(invoice: Invoice, without: Collection[int]) -> str:
    """Return the names of the people who may have the second look, the client's own first."""
    client = invoice.administration.client_id if invoice.administration else None
    workers = Q(role__in=(Role.BOOKKEEPER, Role.REVIEWER), assignments__client=client)
    rights = Q(role=Role.ADMINISTRATOR) | Q(is_superuser=True)
    people = User.objects.filter(is_active=True).exclude(pk__in=without)
    own = list(people.filter(workers).distinct().order_by("pk")[: MOST_NAMED + 1])
    found = own or list(people.filter(rights).order_by("pk")[: MOST_NAMED + 1])
    more = [_("and others")] if len(found) > MOST_NAMED else []
    return ", ".join([*map(str, found[:MOST_NAMED]), *more])


def _limit(invoice: Invoice) -> Any:
    """Return the amount above which two must look, when `invoice` is above it and is booked; else None."""
    administration = invoice.administration
    if administration is None or administration.mode == Mode.PILOT:
        return None
    ceilings = ceilings_of(administration)
    if not ceilings.asks_two(amount_of(invoice, administration)):
        return None
    method = ActiveMethod.objects.method_for(administration.pk, invoice.kind)
    return ceilings.four_eyes_above if method in BOOKS else None
