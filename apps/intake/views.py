"""The one guarded door to what came in as bytes: parts, files inside an e-invoice, and whole messages."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from apps.intake import filetypes, keeping, order_reading, reading, scanning
from apps.intake.document import Attachment
from apps.intake.filetypes import FileType
from apps.intake.models import Original, Part, PartKind, Receipt
from apps.intake.parsing import Unreadable

# A PDF viewer needs more than an empty sandbox; scripts and requests stay shut out for all types.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
BINARY = "application/octet-stream"
_SUFFIXES = {FileType.EML: ".eml", FileType.ZIP: ".zip"}


def original(request: HttpRequest, part_id: int) -> HttpResponse:
    """Serve the bytes of a part as they came in, to those who may see the part."""
    part = _visible_part(request, part_id)
    if part.original.virus:
        return _infected(part.original)
    return _served(_content(part.original), part.filename, download="download" in request.GET)


def attachment(request: HttpRequest, part_id: int, position: int) -> HttpResponse:
    """Serve a file that is embedded in an e-invoice or an order; `position` counts from 1."""
    part = _visible_part(request, part_id)
    if part.original.virus:
        return _infected(part.original)
    try:
        found = _attachments(part)[position - 1]
    except (FileNotFoundError, Unreadable, IndexError) as error:
        raise Http404(_("There is no such file in the document.")) from error
    content = found.content()
    if content is None:
        raise Http404(_("The embedded file cannot be read."))
    return _served(content, found.filename, download="download" in request.GET)


def _attachments(part: Part) -> Sequence[Attachment]:
    content = part.original.content()
    if part.kind == PartKind.ORDER:
        return order_reading.read(content, part.filename).attachments
    return reading.read(content).attachments


def message(request: HttpRequest, object_id: int) -> HttpResponse:
    """Hand out the mail or ZIP file that a receipt was, to those who may see all that is in it; never in the page."""
    if not request.user.has_perm("intake.view_receipt"):
        raise PermissionDenied
    receipt = get_object_or_404(
        Receipt.objects.visible_to(request.user).select_related("message"), pk=object_id
    )
    parts = Part.objects.filter(receipt=receipt)
    seen = parts.visible_to(request.user).count()
    if receipt.message is None or seen != parts.count():
        raise Http404
    infected = Original.objects.exclude(virus="").filter(parts__receipt=receipt).first()
    if receipt.message.virus or infected:
        return _infected(infected or receipt.message)
    content = _content(receipt.message)
    suffix, name = _SUFFIXES.get(filetypes.detect(content), ""), receipt.subject or str(_("message"))
    return _served(content, name if name.casefold().endswith(suffix) else name + suffix, download=True)


def _visible_part(request: HttpRequest, part_id: int) -> Part:
    if not request.user.has_perm("intake.view_part"):
        raise PermissionDenied
    return get_object_or_404(Part.objects.visible_to(request.user).select_related("original"), pk=part_id)


def _content(kept: Original) -> bytes:
    try:
        return kept.content()
    except FileNotFoundError as error:
        raise Http404(_("The file is gone from the storage.")) from error


def _infected(kept: Original) -> HttpResponse:
    """Say why the bytes are not handed out. Shown in a frame as well, so it is a plain sentence."""
    refused = HttpResponseForbidden(scanning.reason(kept.virus), content_type=filetypes.SHOWN_AS_TEXT)
    return _guarded(refused, f"sandbox; {POLICY}")


def _served(content: bytes, filename: str, *, download: bool) -> HttpResponse:
    kind = filetypes.shown_as(content)
    response = HttpResponse(content, content_type=kind or BINARY)
    is_download, name = download or kind is None, keeping.filename_of(filename)
    response["Content-Disposition"] = content_disposition_header(is_download, name) or "attachment"
    return _guarded(response, POLICY if kind == "application/pdf" else f"sandbox; {POLICY}")


def _guarded(response: HttpResponse, policy: str) -> HttpResponse:
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response
