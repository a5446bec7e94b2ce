"""Where eConnect's hook calls us. Anybody may call it: only the signature lets something in (eConnect facts 2.2)."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.core import queue
from apps.econnect import hook_calls
from apps.econnect.hook_signature import HEADER, Forged, Malformed, Stale
from apps.econnect.models import Account

log = logging.getLogger(__name__)
LONGEST = 64 * 1024  # bytes; a call has about a thousand
TOLD = "econnect_told"


@csrf_exempt
@require_POST
def hook(request: HttpRequest, account_id: int) -> HttpResponse:
    """Keep a call of the hook, and answer 200 once it is kept.

    403 for a wrong signature, 400 for what is no call or not sent just now, 413 for a long body. A topic that we do
    not know is kept and answered 200, too: eConnect sends all calls of an environment one after the other, and one that
    it has to repeat holds up the invoices behind it.
    """
    account = get_object_or_404(Account, pk=account_id)
    body = request.read(LONGEST + 1)
    if len(body) > LONGEST:
        return HttpResponse(status=413)
    try:
        is_new = hook_calls.receive(account, body, request.headers.get(HEADER, ""))
    except Forged:
        log.warning("A call of the hook of %s was not signed with its secret.", account)
        return HttpResponse(status=403)
    except Stale:
        log.warning("A signed call of the hook of %s was not sent just now; is our clock right?", account)
        return HttpResponse(status=400)
    except Malformed:
        return HttpResponse(status=400)
    if is_new and hook_calls.is_first_of_many(account):
        queue.ring(TOLD)
    return HttpResponse()
