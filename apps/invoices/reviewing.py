"""What a person decides about a document. Each act is one guarded move with its event; what it cannot do now, it says.

All of them raise core.transitions.Changed when the document moved since it was read, and Refused when the act
does not fit where the document is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.clients import policy
from apps.clients.models import Administration, Mode
from apps.clients.policy import WAIVABLE
from apps.core import clock, queue
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact.models import Division, Relation
from apps.intake import rule_making, senders
from apps.intake.models import Part, PartOutcome
from apps.intake.routing import Route
from apps.intake.rule_making import Proposal
from apps.invoices import (
    answers,
    asking,
    autonomy,
    correcting,
    four_eyes,
    item_editing,
    suspended,
    withdrawing,
)
from apps.invoices.card_sources import first_waiting
from apps.invoices.coding import CODED, code, waits_until
from apps.invoices.done import keep
from apps.invoices.edits import LineEdit as LineEdit
from apps.invoices.edits import Refused as Refused
from apps.invoices.models import NOTICEABLE, UNDER_WAY, InExact, Invoice, InvoiceLine, State, ValueSource
from apps.invoices.receiving import reroute, why_unrouted
from apps.invoices.terms import ON_OPEN_DAY
from apps.people.models import User
from apps.posting.models import Posting, PostingState
from apps.rules.books import Books, books_of
from apps.rules.corrections import Change
from apps.vendors import askers, learning
from apps.vendors.evidence import Key
from apps.vendors.models import Mapping, Origin, Question, Scope

Person = User | str


def accept(invoice: Invoice, *, by: Person, version: int) -> None:
    """Agree with a proposed booking; `version` is the one that was seen.

    It is booked after the minutes for undo; in an administration on pilot it waits for the pilot's end. Above the
    amount of the second person it waits for that one, unless somebody else chose its codes.
    """
    if invoice.state != State.PROPOSED:
        raise Refused(_("Only a proposed booking can be accepted."))
    _seen(invoice, version)
    if invoice.mapping and invoice.mapping.forgotten_at:
        raise Refused(_("The mapping of its vendor was taken back just now; the document is matched anew."))
    mode = invoice.administration.mode if invoice.administration else Mode.PROPOSE
    decision = policy.decide(mode, (), waived=(), accepted=True)
    looked = {"accepted_by": by if isinstance(by, User) else None}
    with transaction.atomic():
        if waits := four_eyes.after_agreeing(invoice, by):
            why = waits["detail"]
            invoice.move(State.ATTENTION, who=str(by), why=why, at=clock.now(), **waits, **looked)
            return
        invoice.move(
            decision.state,
            who=str(by),
            why=_("accepted"),
            at=clock.now(),
            waits_for=decision.waits_for,
            waits_until=waits_until(decision),
            **looked,
        )


def _seen(invoice: Invoice, version: int | None) -> None:
    """Refuse an act on a document that changed since the person saw it; None: the caller read it just now."""
    if version is not None and invoice.version != version:
        raise Changed(_("The document was changed since you opened it."))


def undo(invoice: Invoice, *, by: Person, version: int | None = None) -> None:
    """Take a booking back: a ready one before it is sent, a booked one by removing it from Exact."""
    if invoice.state == State.DONE:
        _seen(invoice, version)
        if words := withdrawing.hindrance(invoice):
            raise Refused(words)
        with transaction.atomic():
            autonomy.corrected(invoice, why=_("a booking was taken back"), by=by)
            withdrawing.withdraw(invoice, by=str(by))
        return
    if invoice.state != State.READY:
        raise Refused(_("This can no longer be undone: the booking is already on its way to Exact."))
    with transaction.atomic():
        is_asked = suspended.end(invoice, is_answered_too=False)
        back: dict[str, Any] = {"who": str(by), "why": _("taken back"), "touched": True, "accepted_by": None}
        if is_asked:  # the suspense account is no proposal
            code(invoice, mode="" if withdrawing.is_on_trial(invoice) else Mode.PROPOSE, **back)
        else:
            invoice.move(State.PROPOSED, at=clock.now(), **back)
        autonomy.corrected(invoice, why=_("a booking was taken back"), by=by)


def ignore(invoice: Invoice, *, by: Person, why: str, version: int | None = None) -> None:
    """Put a document aside: not ours, not an invoice, a double. `why` is what the person says."""
    _seen(invoice, version)
    if invoice.state in UNDER_WAY or invoice.state == State.IGNORED:
        raise Refused(_("A document that is booked or on its way cannot be ignored."))
    _refuse_uncertain(invoice)
    with transaction.atomic():
        said = "; ".join(filter(None, (why, withdrawing.tidy(invoice))))
        suspended.end(invoice)
        invoice.move(State.IGNORED, who=str(by), why=said, at=clock.now(), touched=True, question=None)
        Part.objects.filter(pk=invoice.part_id).update(
            outcome=PartOutcome.IGNORED, reason=why, settled_by=str(by)[:150]
        )


def reopen(invoice: Invoice, *, by: Person) -> None:
    """Take up again what was put aside, or whose entry somebody deleted in Exact."""
    if invoice.state == State.DONE and invoice.in_exact == InExact.DELETED:
        withdrawing.give_back(invoice, who=str(by), why=_("taken up again"))
        return
    if invoice.state != State.IGNORED:
        raise Refused(_("Only an ignored document can be taken up again."))
    with transaction.atomic():
        Part.objects.filter(pk=invoice.part_id).update(outcome=PartOutcome.DOCUMENT, reason="", settled_by="")
        _again(invoice, by=by, why=_("taken up again"))


def note(invoice: Invoice, *, by: Person, version: int) -> None:
    """Say that a person looked at what somebody changed in Exact: nothing is to be done about it."""
    _seen(invoice, version)
    if (invoice.in_exact not in NOTICEABLE or invoice.in_exact_seen) and not invoice.to_correct:
        raise Refused(_("There is nothing new in Exact about this document."))
    seen = {
        "in_exact_seen": True,
        "to_correct": "",
        "mapping": None if invoice.to_correct else invoice.mapping,
    }
    keep(invoice, who=str(by), why=_("seen: it stays as it is in Exact"), **seen)


def retry(invoice: Invoice, *, by: Person) -> None:
    """Try a waiting document again, with what is known now. One of unknown outcome is looked for at once."""
    if invoice.state == State.UNCERTAIN and invoice.posting:
        _look_now(invoice.removal or invoice.posting)
        return
    if invoice.state not in {State.ATTENTION, State.PROPOSED}:
        raise Refused(_("Only a document that waits can be tried again."))
    _again(invoice, by=by, why=_("tried again"))


def retry_all(invoices: Iterable[Invoice], *, by: Person) -> int:
    """Try each of `invoices` again; return how many were. Those that moved meanwhile are left alone."""
    tried = 0
    for invoice in invoices:
        try:
            retry(invoice, by=by)
        except (Changed, Refused):
            continue
        tried += 1
    return tried


def route(
    invoice: Invoice,
    administration: Administration,
    *,
    by: User,
    version: int | None = None,
    remember: Proposal | None = None,
) -> None:
    """Choose the administration of a document; it is matched and coded there at once.

    `remember`: what is made a rule of, so that the next one like it goes there by itself.
    """
    _seen(invoice, version)
    if invoice.state in UNDER_WAY:
        raise Refused(_("A document that is booked or on its way cannot be moved."))
    _refuse_uncertain(invoice)
    with transaction.atomic():
        if remember is not None:
            rule_making.make(invoice.part, remember, administration, by=by)
        _place(invoice, administration, by=by)


def _place(
    invoice: Invoice, administration: Administration, *, by: Person, route: Route | None = None
) -> None:
    """Bring a document to an administration, chosen or found, and code it there."""
    why = _("administration chosen: %(name)s") if route is None else _("administration found: %(name)s")
    words = why % {"name": administration.name}
    try:
        with transaction.atomic():
            if invoice.administration_id != administration.pk and (said := withdrawing.tidy(invoice)):
                words = f"{words}; {said}"
            reroute(invoice, administration, by=by, route=route)
            code(invoice, who=str(by), why=words)
    except IntegrityError as error:  # the same document came in there in this very moment
        raise Changed(_("The same document came in there just now. Open this one again.")) from error


def book_anyway(invoice: Invoice, *, by: Person, version: int | None = None) -> None:
    """Decide to book in spite of what the document waits for: the cause that the person saw, at `version`."""
    _seen(invoice, version)
    is_second = four_eyes.waits_for_second(invoice)
    if invoice.state != State.ATTENTION or invoice.cause not in WAIVABLE or is_second:
        raise Refused(_("What this document waits for must be solved first."))
    values: dict[str, Any] = {"waived": [*invoice.waived, invoice.cause], "touched": True}
    why = _("book anyway: %(cause)s") % {"cause": invoice.get_cause_display()}
    if invoice.cause == Cause.POSSIBLE_DOUBLE:
        values["double_key"] = None
    code(invoice, who=str(by), why=why, **values)


def book_on_open_day(invoice: Invoice, *, by: Person, version: int | None = None) -> None:
    """Decide to book on the first open day what lies in a closed or filed period; the document keeps its date."""
    _seen(invoice, version)
    is_possible = invoice.cause == Cause.PERIOD_CLOSED and invoice.entry_date is not None
    if invoice.state != State.ATTENTION or not is_possible:
        raise Refused(_("What this document waits for must be solved first."))
    waived = [*(one for one in invoice.waived if one != Cause.PERIOD_CLOSED), ON_OPEN_DAY]
    why = _("to be booked on the first open day")
    code(invoice, who=str(by), why=why, waived=waived, touched=True)


def edit_lines(invoice: Invoice, edits: Iterable[LineEdit], *, by: User, version: int | None = None) -> None:
    """Set codes on lines; what a person set is never overruled. Raises Refused for a code that Exact does not have."""
    _seen(invoice, version)
    if invoice.state not in {State.ATTENTION, State.PROPOSED} or invoice.administration is None:
        raise Refused(_("The lines of this document cannot be changed now."))
    division = Division.objects.filter(administration=invoice.administration).first()
    if division is None:
        raise Refused(_("No division of Exact is linked yet."))
    books = books_of(division)
    lines = {line.pk: line for line in invoice.lines.all()}
    changed: list[Change] = []
    edits = list(edits)
    is_correction = any(_replaces(lines.get(edit.line_id), edit) for edit in edits)
    with transaction.atomic():
        for edit in edits:
            line = lines.get(edit.line_id)
            if line is None:
                raise Refused(_("This line does not belong to the document."))
            before = correcting.seen(line)
            _set(line, edit, books, str(by))
            changed += correcting.changes(before, line)
        correcting.remember(invoice, changed, by=by)
        is_correction |= item_editing.choose(invoice, division, edits, who=str(by))
        if is_correction:  # first, so that what was just corrected does not go on by itself
            autonomy.corrected(invoice, why=_("a person changed the lines"), by=by)
        code(invoice, who=str(by), why=_("lines changed"), touched=True, **four_eyes.coded(by))


def supplier_of(question: Question, text: str) -> Relation:
    """Return the card of the question's administration with the id in `text`. Raises Refused when there is none."""
    try:
        key = UUID(text)
    except ValueError:
        key = None
    here = Relation.objects.filter(division__administration=question.administration_id)
    relation = here.filter(exact_id=key).select_related("division").first() if key else None
    if relation is None:
        raise Refused(_("Choose a supplier of this administration."))
    return relation


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a person decided, and how many documents moved on by it."""

    mapping: Mapping
    moved: int


def map_vendor(
    question: Question,
    relation: Relation,
    *,
    by: User,
    key: Key | None = None,
    scope: str = Scope.SENDER,
    origin: str = Origin.QUEUE,
    document: Invoice | None = None,
) -> Mapped:
    """Say that the vendor asked about is `relation`, for good; its documents move on.

    `key`: the identifier that is remembered, when it is not the vendor's strongest; it must be the vendor's own.
    `scope` *document* remembers nothing of the sender, only the first document that waits; `origin`: where it was
    decided. Raises Refused when the card may not be booked on or is another administration's, when no document waits
    that could be meant, or when somebody answered first.
    """
    if relation.division.administration_id != question.administration_id:
        raise Refused(_("This card is not in the books of %(name)s.") % {"name": question.administration})
    if not relation.is_supplier or relation.blocked:
        raise Refused(_("This card is blocked or is no supplier; release it in Exact first."))
    if key is not None and key not in learning.keys_about(question):
        raise Refused(_("This number is not one of the vendor's."))
    if scope == Scope.DOCUMENT and (document is None or document.question_id != question.pk):
        document = first_waiting(question)
    part = None
    if scope == Scope.DOCUMENT:
        part = document.part if document else askers.first_part(question)
        if part is None:
            raise Refused(_("No document waits for this any more. Choose to remember it for the sender."))
    mapping = learning.answer(question, relation, by=by, key=key, scope=scope, origin=origin, part=part)
    if mapping is None:
        raise Refused(_("A colleague answered this question just now."))
    why = _("vendor mapped to %(code)s %(name)s") % {"code": relation.code, "name": relation.name}
    return Mapped(mapping, answers.follow(question, who=str(by), why=why, coded_by=by))


def _refuse_uncertain(invoice: Invoice) -> None:
    if invoice.posting and invoice.posting.cause == Cause.OUTCOME_UNCERTAIN:
        raise Refused(_("Exact may have booked this already. Try it again first, so that we look."))


def _again(invoice: Invoice, *, by: Person, why: str) -> None:
    if invoice.administration is not None:
        code(invoice, who=str(by), why=why)
    elif not place_again(invoice, by=by):
        cause = why_unrouted(asking.route_of(invoice))
        invoice.move(State.ATTENTION, who=str(by), why=why, at=clock.now(), **cause)


def place_again(invoice: Invoice, *, by: Person) -> bool:
    """Bring a document without an administration to the one that is found now; False for none or several.

    Nor by itself to one that takes no mail of its sender: a person has to say so.
    """
    found = asking.route_of(invoice)
    if len(found.administrations) != 1:
        return False
    administration = Administration.objects.get(pk=found.administrations[0])
    if isinstance(by, str) and not senders.is_welcome(invoice.part.receipt, administration):
        return False
    _place(invoice, administration, by=by, route=found)
    return True


def _look_now(posting: Posting) -> None:
    Posting.objects.filter(pk=posting.pk, state=PostingState.UNCLEAR).update(next_attempt_at=clock.now())
    queue.ring("division_due", posting.division_id)


def _replaces(line: InvoiceLine | None, edit: LineEdit) -> bool:
    """Tell whether `edit` says another code than the machine did; filling in what it left open corrects nothing."""
    names = (("gl_code", "gl"), ("vat_code", "vat"), ("cost_center",) * 2, ("cost_unit",) * 2)
    return line is not None and any(
        (said := getattr(line, name))
        and said != getattr(edit, name)
        and getattr(line, f"{prefix}_source") != ValueSource.PERSON
        for name, prefix in names
    )


def _set(line: InvoiceLine, edit: LineEdit, books: Books, who: str) -> None:
    """Take over the fields of `edit` that differ from what stands there."""
    why = _("chosen by %(who)s") % {"who": who}
    if edit.gl_code != line.gl_code:
        _set_account(line, edit.gl_code, books, why)
    for field, known in (
        ("vat_code", books.vat_codes),
        ("cost_center", books.cost_centers),
        ("cost_unit", books.cost_units),
    ):
        value = getattr(edit, field)
        if value == getattr(line, field):
            continue
        if value and value not in known:
            raise Refused(_("Exact has no code %(code)s here.") % {"code": value})
        is_choice = value or field != "vat_code"  # no VAT code is no choice: it is looked for again
        prefix = field.removesuffix("_code")
        setattr(line, field, value)
        setattr(line, f"{prefix}_source", ValueSource.PERSON if is_choice else ValueSource.NOBODY)
        setattr(line, f"{prefix}_why", why if is_choice else "")
    line.save(update_fields=CODED)


def _set_account(line: InvoiceLine, code: str, books: Books, why: str) -> None:
    """Book `line` on the account of `code`; without a code it is looked for again."""
    account = books.accounts_by_code.get(code)
    if code and (account is None or not account.takes_entries):
        raise Refused(_("Exact has no ledger account %(code)s for purchases.") % {"code": code})
    line.gl_account = account.exact_id if account else None
    line.gl_code = code
    line.gl_source, line.gl_why = (ValueSource.PERSON, why) if account else (ValueSource.NOBODY, "")
