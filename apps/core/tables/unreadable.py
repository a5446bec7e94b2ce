"""That an uploaded file is no table. Pure."""

from django.utils.translation import gettext as _


class Unreadable(Exception):
    """This is no table that can be read. The message is two sentences for people."""


def no_table() -> Unreadable:
    """Return the error for a file of which nothing can be made."""
    return Unreadable(_("This file holds no table that can be read. Save it as .xlsx or .csv and try again."))
