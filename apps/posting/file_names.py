"""Names of the files on a document in Exact, and the sentence about those that are not there. Pure."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from apps.intake.document import LANGUAGE


def told_apart(filename: str, taken: set[str]) -> str:
    """Return `filename`, numbered where `taken` has it; it is `taken` from then on. On one document names differ."""
    stem, dot, suffix = filename.rpartition(".")
    name, number = filename, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem} ({number}).{suffix}" if dot else f"{filename} ({number})"
    taken.add(name.casefold())
    return name


def left_out(names: Sequence[str], reference: str) -> str:
    """Return the sentence for the document in Exact about files that were not sent, "" when all were."""
    if not names:
        return ""
    with translation.override(LANGUAGE):
        words = _("Not attached here: %(files)s. Postkamer keeps it under %(reference)s.")
        return words % {"files": ", ".join(names), "reference": reference}
