"""Documents that stand on the suspense account until their client answers: which account, and taking them off it."""

from typing import Any

from apps.clients.models import Administration
from apps.core import clock
from apps.invoices.models import ClientQuestion, ClientQuestions, Invoice, InvoiceLine, ValueSource


def end(invoice: Invoice, *, is_answered_too: bool = True) -> bool:
    """End the open question about `invoice` and take its lines off the suspense account; False without a question.

    In the transaction of whoever decides that the client is not asked any more. `is_answered_too`: also one that was
    answered and whose answer nobody followed yet. The document is to be coded anew when it is to be booked.
    """
    asked = ClientQuestion.objects.filter(invoice=invoice, closed_at=None)
    if not is_answered_too:
        asked = asked.filter(answered_at=None)
    if not asked.update(closed_at=clock.now(), next_attempt_at=None):
        return False
    release(invoice)
    return True


def release(invoice: Invoice) -> None:
    """Forget what asking set on the lines; what a person chose since stays."""
    accounts = _accounts(invoice.administration, ClientQuestion.objects.filter(invoice=invoice))
    for line in invoice.lines.filter(gl_source=ValueSource.PERSON, gl_code__in=accounts):
        is_ours = line.vat_source == ValueSource.PERSON and line.vat_why == line.gl_why
        _forget(line, with_vat=is_ours)


def asked_in(administration: Administration) -> ClientQuestions:
    """Return the questions to the client of `administration`, open and finished."""
    rows: ClientQuestions = ClientQuestion.objects.filter(invoice__administration=administration)
    return rows


def accounts_of(administration: Administration, *, is_asked: bool = True) -> frozenset[str]:
    """Return the codes of the suspense accounts of `administration`: that of now, and those used by questions.

    `is_asked`: whether there are any questions; False spares the query.
    """
    asked = asked_in(administration) if is_asked else ClientQuestion.objects.none()
    return _accounts(administration, asked)


def stands_on_suspense(invoice: Invoice) -> bool:
    """Tell whether a line of `invoice` is still where asking put it."""
    accounts = _accounts(invoice.administration, ClientQuestion.objects.filter(invoice=invoice))
    return invoice.lines.filter(gl_source=ValueSource.PERSON, gl_code__in=accounts).exists()


def _accounts(administration: Administration | None, asked: ClientQuestions) -> frozenset[str]:
    now = administration.suspense_account if administration else ""
    return frozenset({now, *asked.order_by().values_list("account", flat=True).distinct()} - {""})


def _forget(line: InvoiceLine, *, with_vat: bool) -> None:
    values: dict[str, Any] = {
        "gl_account": None,
        "gl_code": "",
        "gl_source": ValueSource.NOBODY,
        "gl_why": "",
    }
    if with_vat:
        values |= {"vat_code": "", "vat_source": ValueSource.NOBODY, "vat_why": ""}
    InvoiceLine.objects.filter(pk=line.pk).update(**values)
