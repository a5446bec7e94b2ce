"""A changed account number as a case: opened once, called about by one person, decided by a second one."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.intake.models import Part
from apps.people.models import User
from apps.vendors import numbers_to_call, telephone
from apps.vendors.evidence import Card
from apps.vendors.iban_words import grouped
from apps.vendors.models import CaseState, IBANCase

LONGEST = 60  # of an account number, as the column holds it
OPEN = (CaseState.OPEN, CaseState.CALLED)
STANDING = (*OPEN, CaseState.REJECTED)  # these hold documents; an accepted account holds none
NOT_CALLED: dict[str, Any] = {
    "called_by": None,
    "called_at": None,
    "called_number": "",
    "number_source": "",
    "spoke_to": "",
}


class CaseRefused(Exception):
    """The case cannot be moved so; the text is one sentence what, one what to do."""


def open_cases(
    administration: Administration,
    supplier: Card,
    ibans: Iterable[str],
    *,
    part: Part | None,
    known: Collection[str],
) -> list[IBANCase]:
    """Return the case about each of `ibans`, opened now when there is none yet, whoever else opens it at the same time.

    `known`: the accounts on the supplier's card; `part`: the document that asks to be paid to the new one.
    """
    found = []
    for iban in dict.fromkeys(ibans):
        case, made = IBANCase.objects.get_or_create(
            administration=administration,
            supplier=supplier.supplier,
            iban=iban[:LONGEST],
            defaults={
                "supplier_name": supplier.name[:255],
                "known": sorted(known),
                "part": part,
                "opened_at": clock.now(),
            },
        )
        if made:
            queue.ring("account_asked", case.pk)
        found.append(case)
    return found


def standing(administration: Administration | int, supplier: UUID | str) -> list[IBANCase]:
    """Return the cases that hold documents of this supplier: an open one all, a rejected one those that name it."""
    rows = IBANCase.objects.filter(administration=administration, supplier=supplier, state__in=STANDING)
    return list(rows.select_related("called_by", "decided_by").order_by("pk"))


def accepted(administration: Administration | int, supplier: UUID | str) -> frozenset[str]:
    """Return the accounts that two people accepted for this supplier, on its card in Exact or not."""
    rows = IBANCase.objects.filter(administration=administration, supplier=supplier, state=CaseState.ACCEPTED)
    return frozenset(rows.values_list("iban", flat=True))


def factoring() -> frozenset[str]:
    """Return the accounts, of the whole firm, of companies that collect for many: they do not say who a vendor is."""
    rows = IBANCase.objects.filter(state=CaseState.ACCEPTED, is_factoring=True)
    return frozenset(rows.values_list("iban", flat=True))


def record_call(
    case: IBANCase,
    *,
    by: User,
    number: str,
    source: str,
    spoke_to: str,
    note: str = "",
    on_documents: Collection[str] = (),
) -> None:
    """Record that `by` called the supplier at `number` and asked about the account.

    `on_documents`: the telephone numbers that stand on its documents. Raises CaseRefused for one of those, for
    a number that is not the card's although it is said to be, for one of which nobody says where it is from,
    and when somebody called already.
    """
    if case.state != CaseState.OPEN:
        raise CaseRefused(_("Somebody called already, or it is decided. Look at the case as it is now."))
    number, spoke_to, note = number.strip(), spoke_to.strip(), note.strip()
    if not telephone.is_number(number):
        raise CaseRefused(_("Which number did you call? Fill in the telephone number."))
    if not spoke_to:
        raise CaseRefused(_("Whom did you speak to? Fill in a name."))
    if words := numbers_to_call.objection(case, number, source, note, on_documents):
        raise CaseRefused(words)
    _move(
        case,
        by=by,
        why=_("called %(number)s") % {"number": number},
        state=CaseState.CALLED,
        called_by=by,
        called_at=clock.now(),
        called_number=number[:40],
        number_source=source,
        spoke_to=spoke_to[:200],
        note=note,
    )


def accept(case: IBANCase, *, by: User, is_factoring: bool = False) -> None:
    """Accept the account as this supplier's; `is_factoring`: as that of a company that collects for it.

    Raises CaseRefused before somebody called, for the person who did, and when it is decided already.
    """
    if case.state == CaseState.OPEN:
        raise CaseRefused(_("Nobody called the supplier yet. Call first; then a second person confirms."))
    if case.state != CaseState.CALLED:
        raise CaseRefused(_("This is decided already. Reopen the case to decide anew."))
    if case.called_by_id is None:
        raise CaseRefused(_("Who called is not known here any more. Reopen the case and call again."))
    if case.called_by_id == by.pk:
        raise CaseRefused(_("You called yourself. Ask a colleague to confirm it."))
    why = _("accepted as the account of a factoring company") if is_factoring else _("accepted")
    _move(
        case,
        by=by,
        why=why,
        state=CaseState.ACCEPTED,
        decided_by=by,
        decided_at=clock.now(),
        is_factoring=is_factoring,
    )


def reject(case: IBANCase, *, by: User, note: str) -> None:
    """Reject the account: documents with it are not booked. One person may; `note` says why."""
    if case.state not in OPEN:
        raise CaseRefused(_("This is decided already. Reopen the case to decide anew."))
    if not note.strip():
        raise CaseRefused(_("Say in the note why the account is rejected."))
    _move(
        case,
        by=by,
        why=_("rejected"),
        state=CaseState.REJECTED,
        decided_by=by,
        decided_at=clock.now(),
        note=note.strip(),
    )


def reopen(case: IBANCase, *, by: User, note: str) -> None:
    """Begin anew, after a call that proved nothing or a wrong decision; what was before stays in the history."""
    if case.state == CaseState.OPEN:
        raise CaseRefused(_("This case is open already. Call the supplier, or reject the account."))
    if not note.strip():
        raise CaseRefused(_("Say in the note why the case is reopened."))
    _move(
        case,
        by=by,
        why=_("reopened"),
        state=CaseState.OPEN,
        decided_by=None,
        decided_at=None,
        is_factoring=False,
        note=note.strip(),
        **NOT_CALLED,
    )


def forget_open(administration: Administration) -> None:
    """Withdraw the cases that nobody decided: they are opened again, about the cards of another division."""
    IBANCase.objects.filter(administration=administration).open().delete()


def _move(case: IBANCase, *, by: User, why: str, **values: Any) -> None:
    """Set `values` if the case still is as it was read, with who did it in the history, and wake what waits for it."""
    as_read = {"state": case.state, "called_at": case.called_at, "decided_at": case.decided_at}
    with transaction.atomic():
        hit = IBANCase.objects.filter(pk=case.pk, **as_read).update(**values)
        if hit == 1:
            case.refresh_from_db()
            row: Any = case
            row._history_user, row._change_reason = by, why[:100]  # as much as a history row holds
            row.save(update_fields=[*values])  # for the history: an update writes none
            queue.ring("account_decided", case.pk)
    if hit != 1:
        raise CaseRefused(
            _("A colleague changed the case about %(iban)s just now. Look at it as it is now.")
            % {"iban": grouped(case.iban)}
        )
