"""The states of a document, whatever it is, and what it waits for. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """The states of a document."""

    RECEIVED = "RECEIVED", _("received")
    ATTENTION = "ATTENTION", _("to do")
    PROPOSED = "PROPOSED", _("proposed")
    READY = "READY", _("ready")
    POSTING = "POSTING", _("being booked")
    UNCERTAIN = "UNCERTAIN", _("uncertain")
    DONE = "DONE", _("done")
    IGNORED = "IGNORED", _("ignored")


SENT = (State.POSTING, State.UNCERTAIN)
WITH_CAUSE = (State.ATTENTION, State.UNCERTAIN)
UNDER_WAY = (State.POSTING, State.UNCERTAIN, State.DONE)
SYSTEM = "Postkamer"  # who acts where no person does


class WaitsFor(models.TextChoices):
    """What a ready document waits for; none of these is anybody's work."""

    NOTHING = "", _("nothing")
    CLOCK = "clock", _("the clock")
    CONNECTION = "connection", _("the connection to Exact")
    MAILBOX = "mailbox", _("the digital mailbox")
    HOLD_BACK = "hold_back", _("the minutes for undo")
    PILOT = "pilot", _("the end of the pilot")
    PAUSE = "pause", _("the end of a pause")
    HALT = "halt", _("a person, after several equal refusals")
