"""PDFs and pictures that came in with an order are kept with it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.intake import order_papers
from apps.intake.models import Part, PartOutcome


def of(part: Part) -> list[Part]:
    """Return the unread papers that belong to the order in `part`. Not to be called in a transaction."""
    return order_papers.papers_of(part)


def attach(papers: Iterable[Part], document: Part) -> None:
    """Make unread `papers` attachments of `document`; one that somebody else settled meanwhile stays what it is."""
    for paper in papers:
        paper.settle(
            PartOutcome.ATTACHMENT,
            attached_to=document,
            administration=document.administration,
            reason=_("Came with %(file)s.") % {"file": document.filename},
        )
