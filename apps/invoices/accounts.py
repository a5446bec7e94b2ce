"""The account numbers on a document against what is known of the supplier: a new one is a case, and holds it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.invoices.models import Invoice
from apps.vendors import cards, iban_cases, telephone
from apps.vendors.evidence import Card
from apps.vendors.models import CaseState, CollectiveVendor, IBANCase


def asked_on(invoice: Invoice) -> list[str]:
    """Return the accounts that a document asks to be paid to, as cases hold them."""
    return [iban[: iban_cases.LONGEST] for iban in invoice.payment.get("ibans", [])]


def says_nothing_new(invoice: Invoice, card: Card) -> bool:
    """Tell whether every account that a document names is on the card."""
    return set(asked_on(invoice)) <= cards.ibans_of(card)


def obstacles_of(
    invoice: Invoice, card: Card, administration: Administration, *, asks: bool
) -> list[Obstacle]:
    """Return why a document of this supplier waits because of an account; `asks`: a new one opens its case.

    A known account beside a new one does not help: the money may go to either. While any case about the
    supplier is open, everything of it waits; what names a rejected account waits for good.
    """
    asked, on_card = asked_on(invoice), cards.ibans_of(card)
    cases = iban_cases.standing(administration, card.supplier)
    decided = {case.iban for case in cases}
    new = [iban for iban in asked if iban not in on_card and iban not in decided]
    if new:
        learned = iban_cases.accepted(administration, card.supplier)
        new = [iban for iban in new if iban not in learned]
        if new and asks and (on_card or learned) and not _is_collective(card, administration):
            known = on_card | learned
            cases += iban_cases.open_cases(administration, card, new, part=invoice.part, known=known)
    return [Obstacle(Cause.IBAN_CHANGED, words) for words in _told(cases, asked, on_card)]


def _is_collective(card: Card, administration: Administration) -> bool:
    """Tell whether many senders are booked on this card: their accounts are as many."""
    rules = CollectiveVendor.objects.filter(administration=administration, active=True)
    return rules.filter(supplier=card.supplier).exists()


def _told(cases: Sequence[IBANCase], asked: Sequence[str], on_card: Iterable[str]) -> list[str]:
    """Return the sentences about what holds a document; none when nothing does."""
    holding = [case for case in cases if _holds(case.state, case.iban, asked)]
    if not holding:
        return []
    if any(case.iban in asked for case in holding):
        words = _("On the document: %(asked)s. On the card: %(known)s.")
        first = words % {"asked": ", ".join(asked), "known": ", ".join(sorted(on_card)) or "-"}
    else:
        first = _("Another document of this supplier names a new account; until that is decided all wait.")
    return [first, *map(stands, holding)]


def _holds(state: str, iban: str, asked: Iterable[str]) -> bool:
    return state in iban_cases.OPEN or (state == CaseState.REJECTED and iban in asked)


def stands(case: IBANCase) -> str:
    """Return where a case stands, in one sentence."""
    sentences = {
        CaseState.OPEN: _("%(iban)s: nobody called the supplier yet."),
        CaseState.CALLED: _("%(iban)s: %(caller)s called; a second person must confirm it."),
        CaseState.REJECTED: _("%(iban)s: rejected by %(decider)s; documents with it are not booked."),
        CaseState.ACCEPTED: _("%(iban)s: accepted by %(decider)s."),
    }
    names = {"caller": case.called_by or "-", "decider": case.decided_by or "-"}
    return sentences[CaseState(case.state)] % {"iban": case.iban, **names}


def holding(invoice: Invoice) -> IBANCase | None:
    """Return the case that holds this document, an open one first; None when none does."""
    if invoice.administration_id is None or invoice.supplier is None:
        return None
    cases, asked = iban_cases.standing(invoice.administration_id, invoice.supplier), asked_on(invoice)
    found = [case for case in cases if _holds(case.state, case.iban, asked)]
    found.sort(key=lambda case: (case.state == CaseState.REJECTED, case.iban not in asked))
    return found[0] if found else None


def cases_about(invoice: Invoice) -> QuerySet[IBANCase]:
    """Return the cases that may hold this document, which has a supplier."""
    rows = IBANCase.objects.filter(administration=invoice.administration_id, supplier=str(invoice.supplier))
    return rows.filter(state__in=iban_cases.STANDING)


def is_held(invoice: Invoice) -> bool:
    """Tell whether a case about an account holds this document now."""
    return bool(held_among([invoice]))


def held_among(invoices: Iterable[Invoice]) -> set[int]:
    """Return the keys of those of `invoices` that a case about an account holds, found with one query."""
    found = [invoice for invoice in invoices if invoice.supplier is not None]
    if not found:
        return set()
    rows = IBANCase.objects.filter(
        administration__in={invoice.administration_id for invoice in found},
        supplier__in={invoice.supplier for invoice in found},
        state__in=iban_cases.STANDING,
    )
    cases: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    for administration, supplier, state, iban in rows.values_list(
        "administration", "supplier", "state", "iban"
    ):
        cases[administration, str(supplier)].append((state, iban))
    return {
        invoice.pk
        for invoice in found
        if any(
            _holds(state, iban, asked_on(invoice))
            for state, iban in cases.get((invoice.administration_id, str(invoice.supplier)), ())
        )
    }


def numbers_on(invoice: Invoice) -> list[str]:
    """Return the telephone numbers that stand on a document: those are never the ones to call."""
    texts = (invoice.vendor.get("phone", ""), invoice.payment.get("note", ""))
    return [number for text in texts for number in telephone.numbers_in(text)]
