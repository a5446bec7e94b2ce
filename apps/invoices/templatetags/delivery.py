"""Gives templates what stands still, and why."""

from typing import Any

from django.template import Library

from apps.clients.models import Administration
from apps.invoices.models import ActiveMethod, Kind, Leaving
from apps.invoices.switching import METHODS
from apps.posting.models import Halt, Method

register = Library()


@register.simple_tag(takes_context=True)
def halts(context: Any) -> list[Halt]:
    """Return the halts that wait for the person who looks."""
    rows = Halt.objects.visible_to(context["request"].user).filter(halted_at__isnull=False)
    return list(rows.select_related("division__administration").order_by("halted_at"))


@register.simple_tag
def methods_of(administration: Administration) -> list[dict[str, Any]]:
    """Return each kind of document with how it is delivered, and the methods that there are."""
    return [
        {
            "kind": kind,
            "label": kind.label,
            "method": Method(ActiveMethod.objects.method_for(administration.pk, kind)),
            "methods": METHODS,
        }
        for kind in Kind
    ]


@register.simple_tag
def halt_of(administration: Administration | None) -> Halt | None:
    """Return the halt of an administration, None when it is not halted."""
    halt = Halt.objects.filter(division__administration=administration, halted_at__isnull=False).first()
    return halt if administration else None


@register.simple_tag
def leaving_of(administration: Administration) -> Leaving | None:
    """Return the end of a trial in a test division that is still under way, None when there is none."""
    rows = Leaving.objects.under_way().filter(administration=administration)
    return rows.select_related("test").first()
