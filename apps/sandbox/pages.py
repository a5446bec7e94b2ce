"""The page that tells people what the sandbox is and what it was asked lately."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from apps.core import clock
from apps.sandbox import calls, seed, time
from apps.sandbox.econnect import switches as econnect
from apps.sandbox.models import EconnectParty, Fault, Row
from apps.sandbox.transport import MOUNT, STANDALONE


def index(request: HttpRequest) -> HttpResponseBase:
    """Show clock, addresses, faults and recent calls; to staff, or to everybody when it runs alone."""
    alone = bool(request.META.get(STANDALONE))
    user = getattr(request, "user", None)
    if not alone and not (user is not None and user.is_active and user.is_staff):
        return redirect_to_login(request.get_full_path())
    switches, at_econnect = seed.ensure(), econnect.current()
    root = request.build_absolute_uri(MOUNT).rstrip("/") if alone else settings.SANDBOX_URL
    return render(
        request,
        "sandbox/index.html",
        {
            "now": clock.now(),
            "offset_seconds": time.offset_seconds(),
            "base_url": f"{root}/exact",
            "client_id": seed.CLIENT_ID,
            "client_secret": seed.CLIENT_SECRET,
            "switches": switches,
            "econnect_url": f"{root}/econnect",
            "identity_url": f"{root}/econnect-identity",
            "econnect_id": settings.SANDBOX_ECONNECT_CLIENT_ID,
            "econnect_secret": settings.SANDBOX_ECONNECT_CLIENT_SECRET,
            "econnect": at_econnect,
            "parties": EconnectParty.objects.select_related("user").order_by("pk"),
            "divisions": [
                row.data for row in Row.objects.filter(resource="system/Divisions").order_by("key")
            ],
            "faults": Fault.objects.filter(times__gt=0),
            "calls": calls.recent(),
            "alone": alone,
        },
    )
