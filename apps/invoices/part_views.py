"""The buttons beside a part that became no document."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.addresses import key_in, typed_in
from apps.intake.models import Part
from apps.invoices import part_acts
from apps.invoices.part_acts import Refused
from apps.people.models import User

LONGEST_WHY = 200


@require_POST
def offer(request: HttpRequest, model_admin: Any, part_id: int) -> HttpResponse:
    """Let a part be read once more."""
    part, person = _part(request, model_admin, part_id), _person(request)
    return _told(
        request, part, _("It is being read once more."), lambda: part_acts.offer_again(part, by=person)
    )


@require_POST
def aside(request: HttpRequest, model_admin: Any, part_id: int) -> HttpResponse:
    """Put a part aside; `why` is what the person says."""
    part, person = _part(request, model_admin, part_id), _person(request)
    why = typed_in(request.POST.get("why", ""))[:LONGEST_WHY]
    done = _("It is not for the books. It stays here, and can be offered again.")
    return _told(request, part, done, lambda: part_acts.set_aside(part, by=person, why=why))


@require_POST
def attach(request: HttpRequest, model_admin: Any, part_id: int) -> HttpResponse:
    """Keep a part with the document of the same arrival that `document` names."""
    part, person = _part(request, model_admin, part_id), _person(request)
    document = get_object_or_404(
        Part.objects.visible_to(person), pk=key_in(request.POST.get("document", "")), receipt=part.receipt_id
    )
    done = _("It is kept with %(file)s.") % {"file": document.filename}
    return _told(request, part, done, lambda: part_acts.attach_to(part, document, by=person))


VIEWS: dict[str, Callable[..., HttpResponse]] = {"offer": offer, "aside": aside, "attach": attach}


def _part(request: HttpRequest, model_admin: Any, part_id: int) -> Part:
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    parts = Part.objects.visible_to(request.user).select_related("receipt", "original")
    return get_object_or_404(parts, pk=part_id)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _told(request: HttpRequest, part: Part, done: str, act: Callable[[], None]) -> HttpResponse:
    """Do it, tell what came of it, and go back to where the button was."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return redirect(back)
    return redirect("admin:intake_receipt_change", part.receipt_id)
