"""Gives templates what stands still, and why."""

from datetime import timedelta
from typing import Any

from django.template import Library

from apps.clients.models import Administration
from apps.core import clock
from apps.invoices import arriving
from apps.invoices.models import ActiveMethod, Kind, Leaving
from apps.invoices.switching import methods_of as methods_for
from apps.posting.models import Halt, Method, Posting, PostingState

register = Library()


@register.simple_tag(takes_context=True)
def halts(context: Any) -> list[Halt]:
    """Return the halts that wait for the person who looks."""
    rows = Halt.objects.visible_to(context["request"].user).filter(halted_at__isnull=False)
    return list(rows.select_related("division__administration").order_by("halted_at"))


@register.simple_tag
def methods_of(administration: Administration) -> list[dict[str, Any]]:
    """Return each kind of document with how it is delivered, and the methods that its package takes."""
    methods = methods_for(administration)
    return [
        {
            "kind": kind,
            "label": kind.label,
            "method": Method(ActiveMethod.objects.method_for(administration.pk, kind)),
            "methods": methods,
        }
        for kind in Kind
    ]


@register.simple_tag
def in_mailbox(administration: Administration) -> int:
    """Return how many documents lie in its digital mailbox and are not known to be booked."""
    return arriving.handed_over(administration)


@register.simple_tag
def delivered_to_mailbox(administration: Administration) -> int:
    """Return how many documents were put into the digital mailbox of an administration in the last 30 days."""
    done = Posting.objects.filter(division__administration=administration, method=Method.MAILBOX)
    return done.filter(state=PostingState.DONE, finished_at__gte=clock.now() - timedelta(days=30)).count()


@register.simple_tag
def halt_of(administration: Administration | None) -> Halt | None:
    """Return the halt of an administration, None when it is not halted, or not there yet (the page for a new one)."""
    if not administration:
        return None
    return Halt.objects.filter(division__administration=administration, halted_at__isnull=False).first()


@register.simple_tag
def leaving_of(administration: Administration) -> Leaving | None:
    """Return the end of a trial in a test division that is still under way, None when there is none."""
    rows = Leaving.objects.under_way().filter(administration=administration)
    return rows.select_related("test").first()
