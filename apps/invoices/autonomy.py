"""How far the vendors of an administration run by themselves: counted, offered, switched on and off, fallen back.

Each step is one locked read and one write with its row of history. None is done twice: a booking counts in the
transaction that ends its document, a fall in the one that codes or corrects it.
"""

from collections.abc import Callable, Container, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients.ceilings import ceilings_of
from apps.clients.models import Administration
from apps.core import clock
from apps.invoices import earning
from apps.invoices.ceilings import amount_of
from apps.invoices.earning import UNKNOWN, Seen, Standing, Verdict, counted, fallen, judge
from apps.invoices.models import BOOKS, Autonomy, Held, Invoice, InvoiceLine, Level, Outcome
from apps.invoices.own_past import amounts_of
from apps.people.models import User

Change = Callable[[Standing], Standing | None]


class StepRefused(Exception):
    """The step is not possible now; the text is one sentence for people."""


def standing_of(row: Autonomy | None) -> Standing | None:
    """Return how far a vendor came, as `earning` sees it; None for one of which nothing was ever kept."""
    if row is None:
        return None
    scenarios = frozenset(row.scenarios)
    return Standing(row.level, row.untouched, row.up_to, scenarios, row.held, row.why)


def row_of(administration: int | None, supplier: UUID | str | None) -> Autonomy | None:
    """Return the row of a supplier, None when nothing was kept of it yet."""
    if administration is None or supplier is None:
        return None
    return Autonomy.objects.filter(administration=administration, supplier=str(supplier)).first()


def weigh(
    invoice: Invoice,
    administration: Administration,
    mode: str,
    *,
    supplier: Any,
    lines: Sequence[InvoiceLine],
    seen: tuple[set[str], set[str], set[str]],
    is_range_known: bool,
    there: Container[str],
) -> Verdict:
    """Return whether a document that is being coded runs by itself; `seen`: its scenarios, findings, causes.

    `is_range_known`: whether enough bookings of the supplier are known to tell what is usual.
    `there`: whether there is a row of the vendor ("autonomies") and of ceilings ("limits"), as `knowing.look` found.
    """
    scenarios, findings, causes = (frozenset(one) for one in seen)
    amount = amount_of(invoice, administration, lines)
    standing = standing_of(row_of(administration.pk, supplier) if "autonomies" in there else None)
    ceilings = ceilings_of(administration, are_there="limits" in there)
    return judge(mode, standing, Seen(amount, scenarios, findings, causes, is_range_known), ceilings)


def fall_back(
    administration: Administration, supplier: UUID, name: str, *, why: str, by: User | str = ""
) -> bool:
    """Have a vendor propose from now on; False when it had nothing to lose. In the transaction of what caused it."""
    row = row_of(administration.pk, supplier)
    if fallen(standing_of(row), administration.mode, why) is None:
        return False
    key = {"administration": administration, "supplier": supplier}
    if row is None:
        values = {"supplier_name": name[:255], "changed_at": clock.now()}
        row, _made = Autonomy.objects.get_or_create(**key, defaults=values)
    return _step(row.pk, lambda now: fallen(now, administration.mode, why), by=by)


def corrected(invoice: Invoice, *, why: str, by: User | str) -> bool:
    """Have the vendor of `invoice` fall back: a person corrected what was booked, or would have been."""
    if invoice.administration is None or invoice.supplier is None:
        return False
    words = f"{why}: {invoice.number}" if invoice.number else why
    return fall_back(invoice.administration, invoice.supplier, invoice.supplier_name, why=words, by=by)


def count(invoice: Invoice) -> None:
    """Count a document that was booked just now, in the transaction that says so.

    Only what a person looked at says something: what ran by itself, was booked by hand in Exact, or lies in a test
    division is not counted. Told of the document that was counted last, it counts nothing; that one is not counted
    again later is up to the move that ends a document, which happens once for each booking.
    """
    posting = invoice.posting
    if posting is None or invoice.outcome != Outcome.BOOKED or posting.method not in BOOKS:
        return
    is_looked_at = invoice.accepted_by_id is not None or invoice.touched
    if posting.adopted or not is_looked_at or invoice.supplier is None or posting.division.is_test:
        return
    administration = invoice.administration
    if administration is None:
        return
    row = row_of(administration.pk, invoice.supplier)
    if row is not None and row.counted_id == invoice.pk:
        return
    if row is None:
        if invoice.touched:
            return
        values = {"supplier_name": invoice.supplier_name, "changed_at": clock.now()}
        key = {"administration": administration, "supplier": invoice.supplier}
        row, _made = Autonomy.objects.get_or_create(**key, defaults=values)
    scenarios = {one or UNKNOWN for one in invoice.lines.values_list("scenario", flat=True).distinct()}
    needed = ceilings_of(administration).untouched

    def change(now: Standing) -> Standing | None:
        return counted(now, is_unchanged=not invoice.touched, scenarios=scenarios, needed=needed)

    _step(row.pk, change, by=invoice.accepted_by or "", counted=invoice)


def proposed_limit(row: Autonomy) -> Decimal | None:
    """Return the amount with VAT that is proposed when a vendor is switched on, None without a booking of it."""
    division = getattr(row.administration, "division", None)
    return earning.proposed_limit(amounts_of(division, row.supplier)) if division else None


def switch_on_as_proposed(row: Autonomy, *, by: User) -> None:
    """Have a vendor that is offered run by itself up to the amount that is proposed for it. Raises StepRefused."""
    switch_on(row, by=by, up_to=proposed_limit(row))


def switch_on(row: Autonomy, *, by: User, up_to: Decimal | None = None) -> None:
    """Have a vendor that is offered run by itself, up to an amount with VAT when one is given. Raises StepRefused."""

    def change(now: Standing) -> Standing | None:
        if now.level == Level.PROPOSING:
            raise StepRefused(
                _("This vendor did not earn it yet: its bookings must be accepted unchanged first.")
            )
        why = _("switched on by %(who)s") % {"who": by}
        return Standing(Level.AUTOMATIC, now.untouched, up_to, now.scenarios, Held.NO, why)

    if up_to is not None:
        _check_amount(up_to)
    _step(row.pk, change, by=by)


def _check_amount(amount: Decimal) -> None:
    """Refuse what the column cannot hold: its digits, cents and lowest amount are those of the model."""
    if amount.is_finite() and amount <= 0:
        raise StepRefused(_("The amount must be more than nothing."))
    try:
        Autonomy._meta.get_field("up_to").clean(amount, None)
    except ValidationError as error:
        raise StepRefused(" ".join(error.messages)) from error


def switch_off(row: Autonomy, *, by: User) -> None:
    """Have a person accept its documents again until a person switches it on; what it earned stays."""

    def change(now: Standing) -> Standing | None:
        why = _("switched off by %(who)s") % {"who": by}
        level = Level.PROPOSING if now.level == Level.PROPOSING else Level.OFFERED
        return Standing(level, now.untouched, None, now.scenarios, Held.OFF, why)

    _step(row.pk, change, by=by)


def start_again(row: Autonomy, *, by: User) -> None:
    """Have a vendor earn it from the beginning."""
    why = _("set back to proposing by %(who)s") % {"who": by}
    _step(row.pk, lambda _now: Standing(held=Held.FELL, why=why), by=by)


@transaction.atomic
def _step(key: int, change: Change, *, by: User | str, counted: Invoice | None = None) -> bool:
    """Change one row as it is now, whoever else is at it; False when there is nothing to change."""
    row = Autonomy.objects.select_for_update().get(pk=key)
    if counted is not None and row.counted_id == counted.pk:
        return False
    before = standing_of(row)
    after = change(before) if before else None
    if after is None or after == before:
        return False
    row.level, row.untouched, row.up_to = after.level, after.untouched, after.up_to
    row.held, row.scenarios, row.why = after.held, sorted(after.scenarios), after.why[:255]
    row.changed_at = row.changed_at if before and before.level == after.level else clock.now()
    row.counted = counted or row.counted
    row.remember(after.why, by=by if isinstance(by, User) else None)
    return True
