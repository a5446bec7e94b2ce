"""Handing ready documents to `posting`, and having it write them."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper
from django.utils.translation import gettext as _

from apps.core import clock, queue
from apps.core.causes import Cause
from apps.core.setting_aside import OUTAGE
from apps.core.transitions import Changed
from apps.exact.models import DigitalMailbox, Division, Relation, VATCode
from apps.invoices import accounts, item_delivery, last_look, mailbox_obstacles, mailbox_plans, plans
from apps.invoices.coding import code
from apps.invoices.collecting import collect
from apps.invoices.due import divisions_with_work, is_connected, ready_in
from apps.invoices.entry_lines import lines_of
from apps.invoices.handing_over import document_plan
from apps.invoices.holding import hold
from apps.invoices.models import BOOKS, ActiveMethod, Invoice, State, WaitsFor
from apps.invoices.receiving import SYSTEM
from apps.posting.drain import Drained, drain, goes_on_at
from apps.posting.models import (
    DOCUMENT,
    EARLIER,
    ENTRY,
    PURCHASE_INVOICE,
    Method,
    Posting,
    PostingState,
    new_reference,
)
from apps.posting.removing import DOCUMENTS, leavings, step
from apps.rules.vat_percentages import codes_on

log = logging.getLogger(__name__)
GIVEN_UP = (PostingState.REFUSED, PostingState.WITHDRAWN)
RENEWED_EVERY = 50  # documents that are handed over between two extensions of the turn
BUSY = timedelta(seconds=2)  # a sync gives way at its next page
WITHOUT_MAILBOX = timedelta(minutes=5)  # until it is looked at again: that costs no call
WITHOUT_CONNECTION = timedelta(minutes=15)  # whoever mends it wakes what waits at once


def deliver(division: Division, *, at_once: bool = False) -> Drained:
    """Submit what is ready in `division`, drain it, and take the results back. Never inside a transaction.

    `at_once`: no hold-back, and nothing waits for its minute. Nothing is sent while the division stands still.
    """
    if words := hold(division):
        collect(division)
        return Drained(stopped=words)
    if not is_connected(division):
        words = _("The connection to Exact must be mended first.")
        due = ready_in(division, at_once=at_once)  # who still has minutes to undo it keeps them
        due.update(waits_for=WaitsFor.CONNECTION, waits_until=None)
        until = clock.now() + WITHOUT_CONNECTION
        Posting.objects.filter(division=division).open().update(words=words, next_attempt_at=until)
        collect(division)
        return Drained(stopped=words)
    any_ready = ready_in(division, at_once=at_once).exists()
    try:
        fill = partial(hand_over, division, at_once) if any_ready else None
        drained = drain(division, at_once=at_once, fill=fill)
    finally:
        collect(division)
    if drained.read:
        queue.ring("ledger_read", division.pk)
    return drained


def hand_over(division: Division, at_once: bool, renew: Callable[[], None]) -> None:
    """Submit what is ready in `division`: by the one process that has the turn in it, for it takes a while.

    `renew` extends that turn.
    """
    ready = ready_in(division, at_once=at_once).select_related("part", "administration")
    for place, invoice in enumerate(ready.prefetch_related("lines")):
        if place % RENEWED_EVERY == 0:
            renew()
        _submit_safely(invoice, division)


def deliver_due(pk: int) -> datetime | None:
    """Deliver what is due in one division; return when it wants to go on, None when it does not."""
    division = Division.objects.select_related("app", "connection", "administration").get(pk=pk)
    drained = deliver(division)
    if hold(division):  # also what was not begun when it halted just now
        return None
    return clock.now() + BUSY if drained.busy else goes_on_at(division)


def resume(connection: int) -> list[Division]:
    """Let go on what waited for this connection, which works again; return the divisions with work to do.

    Every open posting of its divisions becomes due: why one waits is not kept, and a try too early costs a call.
    """
    reached = Division.objects.filter(connection=connection)
    waiting = Invoice.objects.filter(state=State.READY, waits_for=WaitsFor.CONNECTION)
    waiting.filter(administration__division__in=reached).update(waits_for=WaitsFor.NOTHING, waits_until=None)
    now = clock.now()
    due = Posting.objects.filter(division__in=reached, next_attempt_at__gt=now).open()
    due.update(next_attempt_at=now, words="")
    return [division for division in divisions_with_work() if division.connection_id == connection]


def mailbox_opened(administration: int) -> list[Division]:
    """Let go on what waited for this administration's mailbox, if that takes it now; return its division if any did."""
    division = Division.objects.filter(administration=administration).first()
    mailbox = DigitalMailbox.objects.filter(administration=administration).first()
    if division is None or mailbox_obstacles.obstacle(mailbox, division.code):
        return []
    waiting = Invoice.objects.filter(administration=administration, state=State.READY)
    ready = waiting.filter(waits_for=WaitsFor.MAILBOX)
    woken = ready.update(waits_for=WaitsFor.NOTHING, waits_until=None, detail="")
    now, begun = clock.now(), Posting.objects.filter(division=division, method=Method.MAILBOX)
    begun = begun.filter(state=PostingState.WAITING, next_attempt_at__gt=now)
    woken += begun.update(next_attempt_at=now, words="")
    return [division] if woken else []


def _submit_safely(invoice: Invoice, division: Division) -> None:
    """Submit one document; one that cannot be, by a fault of ours, does not stop those behind it."""
    try:
        submit(invoice, division)
    except OUTAGE:
        raise
    except Exception as error:
        log.exception("Document %s could not be handed over", invoice.pk)
        detail = _("Something went wrong in Postkamer itself: %(error)s") % {"error": type(error).__name__}
        invoice.refresh_from_db()
        with suppress(Changed):
            invoice.move(
                State.ATTENTION, who=SYSTEM, why=detail, at=clock.now(), cause=Cause.UNREADABLE, detail=detail
            )


def submit(invoice: Invoice, division: Division) -> Posting | None:
    """Turn a ready document into a posting; None when somebody else just did, or Exact lacks what it needs by now.

    A posting that Exact refused before is used again with the new plan, so that its steps already done (the
    document, its attachment) are not repeated.
    """
    try:
        method = _method(invoice)
        is_booked = method in BOOKS
        if method == Method.MAILBOX and (
            words := mailbox_obstacles.obstacle(_mailbox_of(invoice), division.code)
        ):
            _without_mailbox(invoice, words)
            return None
        if is_booked and _is_uncoded(invoice, method):
            code(invoice, why=_("it is booked from now on, and so it is coded"))
            return None
        if is_booked and (gone := _gone_codes(invoice, division)):
            _without_codes(invoice, gone)
            return None
        if _is_recoded(invoice, division, method):
            return None
        with transaction.atomic():
            posting = _posting(invoice, division, method)
            invoice.move(
                State.POSTING,
                who=SYSTEM,
                why=_("handed to the outbox as %(reference)s") % {"reference": posting.reference},
                at=clock.now(),
                posting=posting,
            )
    except Changed:
        return None
    return posting


def _method(invoice: Invoice) -> str:
    """Return how `invoice` is delivered. An entry that may be in Exact already stays an entry, and what may lie in the
    digital mailbox is not sent another way as well.
    """
    if invoice.posting and invoice.posting.steps.get(ENTRY, {}).get("state") == "started":
        return Method.ENTRY
    if invoice.posting and invoice.posting.steps.get(PURCHASE_INVOICE, {}).get("state") == "started":
        return Method.INVOICE
    if invoice.posting and invoice.posting.may_lie_in_mailbox:
        return Method.MAILBOX
    return ActiveMethod.objects.method_for(invoice.administration_id, invoice.kind)


def _mailbox_of(invoice: Invoice) -> DigitalMailbox | None:
    """Return the mailbox, sent to in the way that was begun: what may lie there is not sent the other way as well."""
    mailbox = DigitalMailbox.objects.filter(administration=invoice.administration_id).first()
    if mailbox and invoice.posting and (way := mailbox_plans.way_begun(invoice.posting.steps)):
        mailbox.sent_by = way
    return mailbox


def _without_mailbox(invoice: Invoice, words: str) -> None:
    """Let a document wait, for nothing is wrong with it; its page says why. No event for each look."""
    waits = {"waits_for": WaitsFor.MAILBOX, "waits_until": clock.now() + WITHOUT_MAILBOX, "detail": words}
    Invoice.objects.filter(pk=invoice.pk, state=State.READY, version=invoice.version).update(**waits)


def _is_uncoded(invoice: Invoice, method: str) -> bool:
    """Tell whether a document was decided on without what `method` needs: it was another then."""
    if method == Method.INVOICE:
        return item_delivery.is_uncoded(invoice)
    return invoice.supplier is None or any(
        line.vat_code == "" or line.gl_account is None for line in invoice.lines.all()
    )


def _gone_codes(invoice: Invoice, division: Division) -> list[str]:
    used = {line.vat_code for line in lines_of(invoice)}
    return sorted(used - set(VATCode.objects.filter(division=division).values_list("code", flat=True)))


def _without_codes(invoice: Invoice, codes: list[str]) -> None:
    detail = _("Exact has no VAT code %(codes)s any more.") % {"codes": ", ".join(codes)}
    invoice.move(
        State.ATTENTION, who=SYSTEM, why=detail, at=clock.now(), cause=Cause.NO_VAT_CODE, detail=detail
    )


def _is_recoded(invoice: Invoice, division: Division, method: str) -> bool:
    """Code anew when Exact has lost the vendor, a case about its account was opened since, or what let it go on by
    itself does not hold any more; True when so.

    Whoever agreed with the booking agreed with another supplier, or did not know of the account.
    """
    if invoice.supplier is None:
        return False
    gone = Relation.everything.filter(division=division, gone_at__isnull=False, exact_id=invoice.supplier)
    here = Division.objects.filter(pk=division.pk)  # one query for all: it is asked for each document
    found = here.annotate(
        is_lost=Exists(gone),
        is_asked=Exists(accounts.cases_about(invoice)),
        is_overtaken=ExpressionWrapper(last_look.overtaken(invoice), BooleanField()),
    )
    is_lost, is_asked, is_overtaken = found.values_list("is_lost", "is_asked", "is_overtaken").get()
    if is_lost:
        code(invoice, why=_("Exact has no supplier %(name)s any more.") % {"name": invoice.supplier_name})
    elif is_asked and accounts.is_held(invoice):
        code(invoice, why=_("an account number of this supplier must be looked into first"))
    elif (method in BOOKS and is_overtaken) or _is_itemised_anew(invoice, division, method):
        code(invoice, why=_("what it was coded with was changed before it was sent"))
    else:
        return False
    return True


def _is_itemised_anew(invoice: Invoice, division: Division, method: str) -> bool:
    is_started = invoice.posting is not None and PURCHASE_INVOICE in invoice.posting.steps
    return method == Method.INVOICE and not is_started and item_delivery.overtaken(invoice, division)


def _posting(invoice: Invoice, division: Division, method: str) -> Posting:
    earlier = invoice.posting
    reference = earlier.reference if earlier else new_reference()
    values: dict[str, Any] = {
        "division": division,
        "method": method,
        "state": PostingState.WAITING,
        "plan": _plan(invoice, division, reference, method),
        "due_date": invoice.due_date,
        "attempts": 0,
        "looks": 0,
        "words": "",
        "cause": "",
        "finished_at": None,
        "next_attempt_at": clock.now(),
    }
    if earlier is None:
        return Posting.objects.create(reference=reference, created_at=clock.now(), **values)
    if method == Method.MAILBOX:
        # The mailbox makes a document of its own: an earlier one of ours, without an entry, goes.
        gone = [{**one, "name": EARLIER} for one in leavings(earlier)]
        values["plan"]["steps"] = [*gone, *values["plan"]["steps"]]
        values["steps"] = {name: kept for name, kept in earlier.steps.items() if name != DOCUMENT}
    elif earlier.plan["look"]["supplier"] != str(invoice.supplier):
        # The document in Exact hangs on another relation and goes; only what is still unclear is looked for.
        values["steps"] = {name: step for name, step in earlier.steps.items() if step["state"] == "started"}
        if document := earlier.steps.get(DOCUMENT, {}).get("id"):
            values["plan"]["steps"].insert(0, step(EARLIER, DOCUMENTS, document, earlier))
    Posting.objects.filter(pk=earlier.pk, state__in=GIVEN_UP).update(**values)
    return earlier


def plan_of(invoice: Invoice, division: Division, reference: str) -> dict[str, Any]:
    """Return the plan that posting would carry out for `invoice`: also what the pilot's page shows."""
    return _plan(invoice, division, reference, _method(invoice))


def _plan(invoice: Invoice, division: Division, reference: str, method: str) -> dict[str, Any]:
    if method == Method.DOCUMENT:
        return document_plan(invoice, reference=reference)
    if method == Method.MAILBOX:
        return mailbox_plans.mailbox_plan(invoice, _mailbox_of(invoice), reference=reference)
    if method == Method.INVOICE:
        return item_delivery.plan_of(invoice, division, reference)
    lines = lines_of(invoice)
    used = {line.vat_code for line in lines}
    found = codes_on(division, plans.entry_date(invoice), used)
    return plans.entry_plan(
        invoice,
        lines,
        {code.code: code for code, _percentage in found},
        journal=invoice.administration.purchase_journal if invoice.administration else "",
        reference=reference,
        percentages={code.code: percentage for code, percentage in found},
    )
