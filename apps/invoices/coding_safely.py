"""Coding one document of many: one that cannot be coded is set aside for a person, and those behind it go on."""

import logging
from contextlib import suppress
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.invoices.coding import code
from apps.invoices.models import Invoice, State
from apps.invoices.receiving import SYSTEM

log = logging.getLogger(__name__)
OUTAGE = (OperationalError, InterfaceError)  # the database is away: nothing is wrong with the document


def code_safely(invoice: Invoice, **how: Any) -> bool:
    """Code `invoice` anew; False when another process moved it. One that cannot be coded waits for a person.

    `how`: as coding.code takes it.
    """
    try:
        code(invoice, **how)
    except OUTAGE:
        raise
    except Changed:
        return False
    except Exception as error:  # a poisoned document must not stop those behind it
        log.exception("Document %s could not be coded", invoice.pk)
        _set_aside(invoice, our_fault(error))
    return True


def _set_aside(invoice: Invoice, detail: str) -> None:
    """Let a person see what cannot be coded, rather than trying each minute for ever."""
    invoice.refresh_from_db()
    with suppress(Changed):
        invoice.move(
            State.ATTENTION,
            who=SYSTEM,
            why=detail,
            at=clock.now(),
            cause=Cause.UNREADABLE,
            detail=detail,
            question=None,  # no answer about its vendor, given or taken back, moves it on
            mapping=None,
        )


def our_fault(error: Exception) -> str:
    """Return the sentence for people about a fault of ours."""
    return _("Something went wrong in Postkamer itself: %(error)s") % {"error": type(error).__name__}
