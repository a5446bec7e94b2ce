"""The page that files are uploaded on. With scripts it is sent in the background, and then the answer is JSON."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.intake import uploading
from apps.intake.forms import UploadForm
from apps.intake.models import Receipt
from apps.intake.uploading import Upload
from apps.people.models import User


def upload(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Take several files in; a worker reads them, and the receipt says what became of each."""
    if not model_admin.has_upload_permission(request):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    in_background = request.headers.get("Accept", "").startswith("application/json")
    if request.method == "POST" and form.is_valid():
        address = _taken_in(request, form)
        return JsonResponse({"address": address}) if in_background else redirect(address)
    if request.method == "POST" and in_background:
        errors = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"errors": errors}, status=400)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Upload"),
        "form": form,
        "largest": settings.MAX_UPLOAD_BYTES,
        "largest_whole": settings.MAX_MAIL_BYTES,
    }
    return TemplateResponse(request, "admin/intake/receipt/upload.html", context)


def _taken_in(request: HttpRequest, form: UploadForm) -> str:
    """Keep the files, say what is kept and what was refused, and return the address of the page to look at next."""
    values = form.cleaned_data
    files, refused = values["documents"]
    own = Upload(cast(User, request.user), values["administration"], values["mark"])
    receipts = uploading.take_in(own, files)
    text = ngettext(
        "%(count)d file is kept and being read.", "%(count)d files are kept and being read.", len(files)
    )
    messages.success(request, text % {"count": len(files)})
    for one in refused:
        words = _("“%(name)s” was refused: %(reason)s.") % {"name": one.name, "reason": one.reason}
        messages.error(request, words)
    return _address(receipts)


def _address(receipts: list[Receipt]) -> str:
    if len(receipts) == 1:
        return reverse("admin:intake_receipt_change", args=(receipts[0].pk,))
    return reverse("admin:intake_receipt_changelist")
