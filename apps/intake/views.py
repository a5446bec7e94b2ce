"""What came in, shown and taken in: upload, and the one guarded door to original files."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.intake import keeping, ubl
from apps.intake.forms import UploadForm
from apps.intake.models import Channel, Part
from apps.intake.parsing import Unreadable

TEXT = "text/plain; charset=utf-8"
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
# A PDF viewer needs more than an empty sandbox; scripts and requests stay shut out for all types.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def upload(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Take several files in; a worker reads them, and the receipt says what became of each."""
    if not model_admin.has_upload_permission(request):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        files = [(str(file.name), file.read()) for file in form.cleaned_data["documents"]]
        receipt = keeping.keep(
            files,
            channel=Channel.UPLOAD,
            sender=str(request.user),
            subject=files[0][0] if len(files) == 1 else _("%(count)d files") % {"count": len(files)},
            administration=form.cleaned_data["administration"],
            user=request.user,  # type: ignore[arg-type]
        )
        text = ngettext(
            "%(count)d file is kept and being read.", "%(count)d files are kept and being read.", len(files)
        )
        messages.success(request, text % {"count": len(files)})
        return redirect("admin:intake_receipt_change", receipt.pk)
    context = {**model_admin.admin_site.each_context(request), "title": _("Upload"), "form": form}
    return TemplateResponse(request, "admin/intake/receipt/upload.html", context)


def original(request: HttpRequest, part_id: int) -> HttpResponse:
    """Serve the bytes of a part as they came in, to those who may see the part."""
    part = _visible_part(request, part_id)
    try:
        content = part.original.content()
    except FileNotFoundError as error:
        raise Http404(_("The file is gone from the storage.")) from error
    return _served(content, part.filename, download="download" in request.GET)


def attachment(request: HttpRequest, part_id: int, position: int) -> HttpResponse:
    """Serve a file that is embedded in an e-invoice; `position` counts from 1."""
    part = _visible_part(request, part_id)
    try:
        found = ubl.read(part.original.content()).attachments[position - 1]
    except (FileNotFoundError, Unreadable, IndexError) as error:
        raise Http404(_("There is no such file in the document.")) from error
    content = found.content()
    if content is None:
        raise Http404(_("The embedded file cannot be read."))
    return _served(content, found.filename, download="download" in request.GET)


def _visible_part(request: HttpRequest, part_id: int) -> Part:
    if not request.user.has_perm("intake.view_part"):
        raise PermissionDenied
    return get_object_or_404(Part.objects.visible_to(request.user).select_related("original"), pk=part_id)


def _type_of(content: bytes) -> str | None:
    """Return the type that may be shown in a browser, by the bytes and not by what the sender says."""
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            return kind
    looks_like_text = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
    return TEXT if looks_like_text else None


def _served(content: bytes, filename: str, *, download: bool) -> HttpResponse:
    kind = _type_of(content)
    response = HttpResponse(content, content_type=kind or "application/octet-stream")
    response["Content-Disposition"] = (
        content_disposition_header(download or kind is None, filename) or "attachment"
    )
    response["Content-Security-Policy"] = POLICY if kind == "application/pdf" else f"sandbox; {POLICY}"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response
