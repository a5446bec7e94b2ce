"""Questions to clients: the document is booked on the suspense account meanwhile, and the answer brings it back.

An answer is stored before anything else. What follows from it a worker does: each step is kept, and done once.
"""

import logging
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core import clock, queue
from apps.core.setting_aside import OUTAGE, our_fault
from apps.core.transitions import Changed
from apps.exact.models import Division, GLAccount
from apps.invoices import four_eyes, question_mails, suspended, withdrawing
from apps.invoices.coding import CODED, code
from apps.invoices.done import keep
from apps.invoices.models import ActiveMethod, ClientQuestion, Invoice, State, ValueSource
from apps.invoices.reviewing import Refused
from apps.people.models import User
from apps.posting.models import Method, PostingState
from apps.rules.books import Books, books_of
from apps.rules.rule_book import vat_table_of
from apps.rules.scenario import Scenario

log = logging.getLogger(__name__)
LONGEST = 2000  # characters of a question, and of an answer
_WITHOUT_VAT = ("N", "B")  # VATCodes.Type: none, and nought per cent (Exact 4.3)
_BACK = (State.READY, State.PROPOSED, State.ATTENTION)


def draft(invoice: Invoice) -> str:
    """Return the question as it is offered, in Dutch: what was bought, and for whom."""
    with translation.override("nl"):
        words = _(
            "We received invoice %(number)s of %(supplier)s, dated %(date)s, of %(amount)s. What was this for, "
            "and is it entirely for the business?"
        )
        return words % question_mails.facts_of(invoice)


def open_of(invoice: Invoice) -> ClientQuestion | None:
    """Return the question about `invoice` that is not finished, None without one."""
    return ClientQuestion.objects.filter(invoice=invoice, closed_at=None).first()


def last_of(invoice: Invoice) -> ClientQuestion | None:
    """Return the last question that was asked about `invoice`, None when there was none."""
    return ClientQuestion.objects.filter(invoice=invoice).select_related("asked_by").order_by("-pk").first()


def ask(invoice: Invoice, text: str, *, by: User, version: int) -> ClientQuestion:
    """Book every line of `invoice` on the suspense account, and ask its client `text` by mail.

    Without an e-mail address the question is kept, to be asked by hand. Raises Refused when the document cannot be
    booked even so, and core.transitions.Changed when it moved since `version`.
    """
    if invoice.version != version:
        raise Changed(_("The document was changed since you opened it."))
    administration, books, account = _place(invoice)
    text = text.strip()[:LONGEST]
    if not text:
        raise Refused(_("Write down what you want to ask."))
    with transaction.atomic():
        _suspend(invoice, administration, books, account)
        question = _kept(invoice, administration, text, by, account.code)
        invoice.coded_by, invoice.coders = by, [by.pk]  # whoever coded it before did not choose this
        why = _("the client is asked: %(text)s") % {"text": text}
        looked = {**four_eyes.coded(by), "accepted_by": by}
        code(invoice, accepted=True, who=str(by), why=why, touched=True, **looked)
        if invoice.state != State.READY and not four_eyes.waits_for_second(invoice):
            words = _("It cannot be booked on the suspense account yet. %(cause)s: %(detail)s")
            cause = invoice.get_cause_display() or invoice.get_state_display()
            raise Refused(words % {"cause": cause, "detail": invoice.detail})
        if question.to:
            due = max(filter(None, [invoice.waits_until, clock.now()]))
            ClientQuestion.objects.filter(pk=question.pk).update(next_attempt_at=due)
    return question


def answer(question: ClientQuestion, text: str, *, who: str) -> bool:
    """Keep what the client said; False when somebody answered first, or nothing is asked any more.

    What follows is done by a worker, at once when its bell is heard, and within a minute when it is not.
    """
    said = text.strip()[:LONGEST]
    unanswered = ClientQuestion.objects.filter(pk=question.pk, answered_at=None, closed_at=None)
    given = {"answer": said, "answered_by": who[:200], "answered_at": clock.now(), "trouble": ""}
    if not said or unanswered.update(**given) != 1:
        return False
    queue.ring("client_answered", question.pk)
    return True


def send_again(question: ClientQuestion) -> None:
    """Have an open question mailed once more, with a link of its own, to the address that its client has now.

    The links of earlier mails answer nothing any more. Raises Refused where nothing is to be asked or sent, and when
    somebody else was first.
    """
    administration = question.invoice.administration
    to = administration.client.question_email if administration else ""
    if question.answered_at or question.closed_at:
        raise Refused(_("This question is not open any more."))
    if not question_mails.can_be_sent(to):
        raise Refused(
            _("The client has no e-mail address for questions, or PUBLIC_URL is not set: ask it by hand.")
        )
    same = ClientQuestion.objects.filter(pk=question.pk, answered_at=None, closed_at=None)
    same = same.filter(digest=question.digest, sent_at=question.sent_at)
    renewed = same.update(
        to=to,
        digest="",
        old_digests=question_mails.replaced(question),
        sent_at=None,
        attempts=0,
        trouble="",
        next_attempt_at=max(filter(None, [question.invoice.waits_until, clock.now()])),
    )
    if renewed != 1:
        raise Refused(_("Somebody else was first. Look at the question again."))


def drop(question: ClientQuestion, *, by: User, version: int) -> None:
    """Take back a question whose booking was not sent yet: the document is a proposal again, coded anew."""
    invoice = question.invoice
    if invoice.version != version:
        raise Changed(_("The document was changed since you opened it."))
    _return(question, who=str(by), why=_("the question to the client is taken back"))


def settle(key: int | None = None) -> int:
    """Go on with what was answered, or taken back from the suspense account; return how many documents moved."""
    left = ClientQuestion.objects.filter(closed_at=None).select_related(
        "invoice__administration__division", "invoice__posting", "invoice__double_of", "invoice__removal"
    )
    if key is not None:
        left = left.filter(pk=key)
    moved = 0
    for question in left.order_by("pk"):
        try:
            moved += _go_on(question)
        except OUTAGE:
            raise
        except Changed:
            continue  # somebody is at the document: the next minute looks again
        except Exception as error:  # a poisoned document must not stop the answers behind it, nor the mails
            log.exception("The question %s could not be gone on with", question.pk)
            ClientQuestion.objects.filter(pk=question.pk).update(trouble=our_fault(error)[:255])
    return moved


def _go_on(question: ClientQuestion) -> bool:
    invoice, is_answered = question.invoice, question.answered_at is not None
    if invoice.state == State.DONE and is_answered:
        return _take_back(question)
    is_taken_back = invoice.posting is not None and invoice.posting.state == PostingState.WITHDRAWN
    if (invoice.state == State.PROPOSED and is_taken_back) or (invoice.state in _BACK and is_answered):
        _return(question, who=question.answered_by or str(question.asked_by), why=_words(question))
        return True
    is_coded_by_hand = invoice.state == State.PROPOSED and not suspended.stands_on_suspense(invoice)
    if invoice.state == State.IGNORED or is_coded_by_hand:
        _close(question)  # else a person agrees with the proposal on the suspense account, and it is asked
    return False


def _take_back(question: ClientQuestion) -> bool:
    """Have the booking on the suspense account removed; where that cannot be, say what is to be done in Exact."""
    invoice, words = question.invoice, _words(question)
    hindrance = withdrawing.hindrance(invoice)
    if question.reopened_at and not hindrance:
        hindrance = _("Exact did not let the booking on the suspense account go.")
    with transaction.atomic():
        if hindrance:
            said = f"{words}. {hindrance}"
            moment = invoice.in_exact_at or clock.now()
            keep(invoice, who=question.answered_by, why=words, to_correct=said, in_exact_at=moment)
            _close(question)
        else:
            withdrawing.withdraw(invoice, by=question.answered_by)
            ClientQuestion.objects.filter(pk=question.pk).update(reopened_at=clock.now())
    return True


def _return(question: ClientQuestion, *, who: str, why: str) -> None:
    """Take the lines off the suspense account, code them anew as a proposal, and end the question."""
    invoice = question.invoice
    administration = invoice.administration
    mode = "" if administration is None or administration.mode == Mode.PILOT else Mode.PROPOSE
    with transaction.atomic():
        _close(question)
        suspended.release(invoice)
        code(invoice, who=who, why=why, mode=mode, touched=True, **four_eyes.NOBODY)


def _words(question: ClientQuestion) -> str:
    if not question.answered_at:
        return _("the booking on the suspense account was taken back")
    return _("the client answered: %(answer)s") % {"answer": question.answer}


def _close(question: ClientQuestion) -> None:
    """End it, once: Changed when another process did."""
    ended = ClientQuestion.objects.filter(pk=question.pk, closed_at=None).update(closed_at=clock.now())
    if ended != 1:
        raise Changed(_("The question was finished by somebody else meanwhile."))


def _place(invoice: Invoice) -> tuple[Administration, Books, GLAccount]:
    administration = invoice.administration
    if invoice.state not in {State.ATTENTION, State.PROPOSED} or administration is None:
        raise Refused(_("The client can be asked while the document waits for a person."))
    if administration.mode == Mode.PILOT:
        raise Refused(_("On pilot nothing is written into Exact. End the pilot first."))
    if ActiveMethod.objects.method_for(administration.pk, invoice.kind) == Method.INVOICE:
        raise Refused(_("A purchase invoice books items: it cannot wait on the suspense account."))
    if invoice.supplier is None:
        raise Refused(_("Map the vendor first: an entry needs its supplier."))
    division = Division.objects.filter(administration=administration).first()
    books = books_of(division) if division else None
    account = books.accounts_by_code.get(administration.suspense_account) if books else None
    if books is None or account is None or not account.takes_entries:
        words = _("Choose the suspense account of %(name)s first, on the page of the administration.")
        raise Refused(words % {"name": administration.name})
    return administration, books, account


def _suspend(invoice: Invoice, administration: Administration, books: Books, account: GLAccount) -> None:
    """Put the lines on the suspense account, with the VAT code that is known, else one without VAT."""
    why = _("until the client answers")
    without = ""
    for line in invoice.lines.all():
        line.gl_account, line.gl_code = account.exact_id, account.code
        line.gl_source, line.gl_why, line.split = ValueSource.PERSON, why, []
        if line.vat_code not in books.vat_codes:
            without = without or _without_vat(administration, books)
            line.vat_code, line.vat_source, line.vat_why = without, ValueSource.PERSON, why
        line.save(update_fields=CODED)


def _without_vat(administration: Administration, books: Books) -> str:
    table = vat_table_of(administration).get(Scenario.OUTSIDE, "")
    if table in books.vat_codes:
        return table
    codes = (code for kind in _WITHOUT_VAT for code in _of_kind(books, kind))
    found = next(codes, "")
    if not found:
        raise Refused(_("Choose the VAT codes of the lines first: Exact has none without VAT."))
    return found


def _of_kind(books: Books, kind: str) -> Iterable[str]:
    known = books.vat_codes.values()
    return sorted(one.code for one in known if one.type == kind and not one.charged)


def _kept(
    invoice: Invoice, administration: Administration, text: str, by: User, account: str
) -> ClientQuestion:
    to = administration.client.question_email
    trouble = "" if to else _("The client has no e-mail address for questions: ask it by hand.")
    if to and not question_mails.can_be_sent(to):
        to, trouble = "", _("PUBLIC_URL is not set, so no link can be sent: ask it by hand.")
    try:
        with transaction.atomic():
            question = ClientQuestion.objects.create(
                invoice=invoice,
                text=text,
                to=to,
                account=account,
                asked_by=by,
                asked_at=clock.now(),
                trouble=trouble,
            )
    except IntegrityError as error:  # one open question a document, by a constraint
        raise Refused(_("The client was asked about this document already.")) from error
    return question
