"""What the page of a changed account shows, gathered for its template."""

from typing import Any

from django.db.models import QuerySet

from apps.core.causes import Cause
from apps.invoices.accounts import asked_on, numbers_on
from apps.invoices.models import Invoice, State
from apps.people.models import User
from apps.vendors import iban_cases, numbers_to_call
from apps.vendors.iban_words import beside, grouped
from apps.vendors.models import CaseState, IBANCase, NumberSource

SHOWN = 20  # documents that the page names; the others it counts


def stamp(case: IBANCase) -> str:
    """Return what tells whether a case is still as somebody saw it."""
    return f"{case.state} {case.called_at.isoformat() if case.called_at else ''}".strip()


def waiting(case: IBANCase, user: Any) -> QuerySet[Invoice]:
    """Return the documents of the supplier that wait because of an account, as far as `user` sees them."""
    rows = Invoice.objects.visible_to(user).filter(
        administration=case.administration_id,
        supplier=case.supplier,
        state=State.ATTENTION,
        cause=Cause.IBAN_CHANGED,
    )
    return rows.order_by("received_at", "pk")


def content(case: IBANCase, user: User, *, may_act: bool) -> dict[str, Any]:
    """Return what the template shows of `case`, its texts in the language of the moment."""
    card, rows = numbers_to_call.card_of(case), waiting(case, user)
    numbers = numbers_to_call.numbers_of(card)
    return {
        "case": case,
        "stamp": stamp(case),
        "card": card,
        "is_gone": card is None or card.gone_at is not None,
        "number": numbers[0] if numbers else "",
        "source": NumberSource.CARD if numbers else NumberSource.KNOWN,
        "sources": NumberSource.choices if numbers else [(NumberSource.KNOWN, NumberSource.KNOWN.label)],
        "asked": grouped(case.iban),
        "known": [beside(iban, case.iban) for iban in case.known],
        "is_collected_elsewhere": not case.is_factoring and case.iban in iban_cases.factoring(),
        "documents": [{"row": row, "asks": case.iban in asked_on(row)} for row in rows[:SHOWN]],
        "count": rows.count(),
        "opened_by": Invoice.objects.visible_to(user).filter(part=case.part_id).first()
        if case.part_id
        else None,
        "changes": list(case.history.select_related("history_user").order_by("-history_date", "-history_id")),
        "may_act": may_act,
        "is_open": case.state in iban_cases.OPEN,
        "may_call": may_act and case.state == CaseState.OPEN,
        "may_confirm": may_act
        and case.state == CaseState.CALLED
        and case.called_by_id not in {None, user.pk},
        "is_caller": case.state == CaseState.CALLED and case.called_by_id == user.pk,
    }


def on_documents(case: IBANCase) -> list[str]:
    """Return the telephone numbers that stand on the documents which name the account, whoever may see them."""
    rows = Invoice.objects.filter(administration=case.administration_id, supplier=case.supplier)
    named = [row for row in rows.only("vendor", "payment") if case.iban in asked_on(row)]
    return [number for row in named for number in numbers_on(row)]
