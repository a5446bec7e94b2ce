"""Where Exact's notifications arrive. Anybody may call it: only the signature lets something in (Exact facts 7)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.core import queue
from apps.exact import notices
from apps.exact.hook_signature import Forged, Malformed
from apps.exact.models import ExactApp

LONGEST = 64 * 1024  # bytes; a notification has some three hundred


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, app_id: int) -> HttpResponse:
    """Keep a notification for the app, and answer 200 once it is kept; an empty body asks whether we are there.

    400 for what is no notification, 403 for a wrong signature or another app's, 413 for a long body.
    """
    app = get_object_or_404(ExactApp, pk=app_id)
    body = request.read(LONGEST + 1)
    if len(body) > LONGEST:
        return HttpResponse(status=413)
    if not body:
        return HttpResponse()
    try:
        is_new = notices.receive(app, body)
    except Malformed:
        return HttpResponse(status=400)
    except Forged:
        return HttpResponse(status=403)
    if is_new and notices.is_first_of_many(app):
        queue.ring("apps.exact.hook_tasks.handle_notices")
    return HttpResponse()
