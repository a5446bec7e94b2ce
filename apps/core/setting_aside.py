"""One document of many: one over which we stumble is set aside for a person, and those behind it go on."""

import logging
from collections.abc import Callable
from contextlib import suppress
from decimal import DecimalException
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.core.states import SYSTEM, State
from apps.core.transitions import Changed

log = logging.getLogger(__name__)
OUTAGE = (OperationalError, InterfaceError)  # the database is away: nothing is wrong with the document


def safely(act: Callable[..., object], document: Any, **how: Any) -> bool:
    """Do `act` with `document` and `how`; False when another process moved it. One over which it stumbles is set aside.

    Raises OUTAGE.
    """
    try:
        act(document, **how)
    except OUTAGE:
        raise
    except Changed:
        return False
    except Exception as error:  # a poisoned document must not stop those behind it
        log.exception("%s %s could not be gone on with", type(document).__name__, document.pk)
        set_aside(document, error)
    return True


def set_aside(document: Any, error: Exception) -> None:
    """Let a person see what a fault of ours stopped, rather than trying each minute for ever."""
    detail = our_fault(error)
    document.refresh_from_db()
    with suppress(Changed):
        document.move(
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
    """Return the sentence for people about a fault of ours, or about a number that nobody can reckon with."""
    words = _("Something went wrong in Postkamer itself: %(error)s")
    if isinstance(error, DecimalException):
        words = _("There is a number in it that Postkamer cannot reckon with: %(error)s")
    return words % {"error": type(error).__name__}
