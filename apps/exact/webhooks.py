"""Asking Exact to tell us of changes: one subscription per division and topic, to our own address (Exact facts 7)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.http import OutcomeUnknown, Rejected, RemoteError, Temporary, is_allowed
from apps.exact import packages
from apps.exact.budget import Purpose
from apps.exact.client import Exact
from apps.exact.models import ConnectionStatus, Division, ExactApp, Subscription
from apps.exact.notices import MIRRORS
from apps.exact.resources import RESOURCES
from apps.exact.turns import Turn, TurnLost, turn
from apps.exact.values import guid_of, text_of

RESOURCE = "webhooks/WebhookSubscriptions"
TOPICS = ("Accounts", "BankAccounts", "Items", "GLAccounts", "PurchaseEntries", "PurchaseOrders")
AGAIN = timedelta(days=7)
_TAKEN = ("bestaat reeds", "already exists")
_NOT_REACHED = "callback url"


def is_possible(app: ExactApp) -> bool:
    """Tell whether `app` can have webhooks: our public address and its webhook secret are known."""
    return bool(settings.PUBLIC_URL and is_allowed(settings.PUBLIC_URL) and app.webhook_secret)


def callback_url(app: ExactApp) -> str:
    """Return the address that Exact is to call for `app`."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('exact:webhook', args=[app.pk])}"


def due() -> list[int]:
    """Return the divisions to `subscribe` by primary key: linked, connected, read once, and not tried this week."""
    week = Q(subscriptions__topic__in=TOPICS, subscriptions__tried_at__gt=clock.now() - AGAIN)
    settled = Q(sync_states__synced_at__isnull=False) | (
        Q(sync_states__trouble__gt="", sync_states__resume_at=None)  # refused, until a person does something
    )
    ready = Division.objects.filter(
        administration__isnull=False, connection__status=ConnectionStatus.ALIVE
    ).annotate(
        tried=Count("subscriptions", filter=week, distinct=True),
        read=Count("sync_states", filter=settled & Q(sync_states__resource__in=RESOURCES), distinct=True),
    )
    found = ready.filter(tried__lt=len(TOPICS), read__gte=len(RESOURCES)).select_related("app").order_by("pk")
    return [division.pk for division in found if is_possible(division.app)]


def subscribe(division: Division) -> list[Subscription]:
    """Make Exact tell us of TOPICS in `division`, and return how each topic stands; `trouble` says what is wrong.

    What is there already is kept, what points elsewhere is made anew, for Exact refuses a change: one call, and one
    or two for each topic that lacks. Nothing happens where that is not possible (see `is_possible`) or somebody
    else is at work in the division. Never raises what Exact answers.
    """
    if is_possible(division.app):
        with turn(division) as held:
            if held:
                _subscribe(division, held)
    return list(division.subscriptions.order_by("pk"))


def unsubscribe(division: Division) -> None:
    """End our subscriptions in `division`. Raises what Exact answers, and Temporary while others work there."""
    with turn(division) as held:
        if not held:
            raise Temporary(_("Another task is at work in this administration. Try again in a minute."))
        exact = Exact(division)
        for subscription in division.subscriptions.order_by("pk"):
            if subscription.exact_id:
                _remove(exact, subscription.exact_id)
            subscription.delete()


def _subscribe(division: Division, held: Turn) -> None:
    exact, left = Exact(division, Purpose.SYNC), list(TOPICS)
    try:
        there = _ours(division, exact)
        while left:
            held.renew()
            _settle(division, exact, left[0], there.get(left[0]))
            left.pop(0)
    except RemoteError as error:
        for topic in left:
            _keep_trouble(division, topic, error)
    except TurnLost:
        return


def _settle(division: Division, exact: Exact, topic: str, known: dict[str, Any] | None) -> None:
    """Have one subscription to `topic` that calls us, and keep its id, or in words why there is none."""
    if not packages.has(division, RESOURCES[MIRRORS[topic]]):
        lacks = _("The package of this administration does not have it.")
        return _keep(division, topic, trouble=lacks, tried_at=clock.now())
    try:
        guid = _made(exact, topic, callback_url(division.app), known)
    except (Rejected, OutcomeUnknown) as error:
        _keep_trouble(division, topic, error)
    else:
        _keep(division, topic, exact_id=guid, trouble="", tried_at=clock.now())


def _ours(division: Division, exact: Exact) -> dict[str, dict[str, Any]]:
    """Return our app's subscriptions in `division`, by topic."""
    ours = guid_of(division.app.client_id)
    rows = exact.find(RESOURCE, "", select=("ID", "Topic", "CallbackURL", "ClientID"))
    return {text_of(row.get("Topic")): row for row in rows if guid_of(row.get("ClientID")) in (ours, None)}


def _made(exact: Exact, topic: str, url: str, known: dict[str, Any] | None) -> UUID | None:
    """Return the id of the subscription to `topic` that calls `url`, made now unless it is there."""
    guid = guid_of(known.get("ID")) if known else None
    if known and guid:
        if text_of(known.get("CallbackURL")) == url:
            return guid
        _remove(exact, guid)
    return guid_of(exact.post(RESOURCE, {"CallbackURL": url, "Topic": topic}).get("ID"))


def _remove(exact: Exact, guid: UUID) -> None:
    try:
        exact.delete(RESOURCE, guid)
    except Rejected as error:
        if error.status != 404:
            raise


def _keep_trouble(division: Division, topic: str, error: RemoteError) -> None:
    """Keep what went wrong; what the clock solves is tried again at the next beat, the rest next week."""
    tried = {} if isinstance(error, Temporary) else {"tried_at": clock.now()}
    _keep(division, topic, trouble=_words(division, error), **tried)


def _keep(division: Division, topic: str, **values: Any) -> None:
    values["callback_url"] = callback_url(division.app)
    Subscription.objects.update_or_create(division=division, topic=topic, defaults=values)


def _words(division: Division, error: RemoteError) -> str:
    """Return what went wrong and what to do, in words."""
    words = error.words or str(error)
    if any(part in words.lower() for part in _TAKEN):
        return _(
            "Another subscription of this app exists in this licence. Remove it in the Exact App Center, or ask the "
            "colleague who made it; then try again."
        )
    if _NOT_REACHED in words.lower():
        return _(
            "Exact Online could not reach %(url)s. Check PUBLIC_URL, and that this address can be reached from the "
            "internet over https; then try again. (%(words)s)"
        ) % {"url": callback_url(division.app), "words": words}
    return _("Exact Online did not take the subscription: %(words)s It is tried again by itself.") % {
        "words": words
    }
