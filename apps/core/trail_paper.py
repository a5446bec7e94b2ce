"""An audit trail as a PDF: the same trail gives the same bytes.

The library costs 57 MB of memory: import this only where something is printed.
"""

from datetime import datetime

from django.http import HttpResponse
from django.utils.formats import date_format, number_format
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.core.paper import Paper
from apps.core.trail import Trail


def paper(trail: Trail) -> bytes:
    """Return `trail` as a PDF in the language of the moment. Characters that the font lacks become question marks."""
    made = Paper(trail.changed_at, trail.number)
    made.paragraph(_("Audit trail"), size=14, bold=True)
    if trail.is_in_test:
        made.paragraph(_("Test division: nothing here reaches the books."), bold=True)
    for fact in trail.facts:
        made.pair(fact.name, f"{fact.value or '-'} {fact.why}".rstrip() if fact.value or fact.why else "")
    _head(made, _("What happened"))
    for step in trail.steps:
        made.paragraph(f"{_moment(step.at)}   {step.title}   {step.who}", bold=True)
        made.paragraph("\n".join(part for part in (step.why, step.technical) if part))
    for listed in trail.lists:
        _head(made, listed.title)
        made.paragraph("\n".join(listed.sentences))
    _head(made, trail.lines_title)
    for line, values in trail.lines:
        made.paragraph(f"{line.position}. {line.description}   {_money(line.net)}".rstrip(), bold=True)
        made.paragraph("\n".join(f"{one.name} {one.value}: {one.why}".rstrip(": ") for one in values))
    return bytes(made.output())


def download(trail: Trail, key: int) -> HttpResponse:
    """Return `trail` of the document with this key as a PDF to keep; nobody between us and the browser keeps it."""
    response = HttpResponse(paper(trail), content_type="application/pdf")
    name = "-".join(part for part in (_("audit-trail"), slugify(trail.number), str(key)) if part)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _head(made: Paper, text: str) -> None:
    made.ln(3)
    made.paragraph(text, size=11, bold=True)


def _money(amount: object) -> str:
    return "" if amount is None else number_format(str(amount), decimal_pos=2, force_grouping=True)


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT")
