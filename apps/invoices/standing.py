"""How many documents stand where: the figures of `status` and of the demo's summary."""

from typing import Any

from django.db.models import Count, Q

from apps.clients.models import Administration
from apps.intake.models import Part, PartKind, PartOutcome
from apps.invoices.models import WITH_CAUSE, Invoice, Outcome, State, WaitsFor

# Rejected, or other post: no document came of it. Logos and the like are nothing that anybody sent.
NO_DOCUMENT = Q(outcome=PartOutcome.REJECTED) | Q(outcome=PartOutcome.IGNORED, invoice=None) & ~Q(
    kind=PartKind.JUNK
)
UNFINISHED = (State.RECEIVED, State.READY, State.POSTING)


def standing() -> dict[str, Any]:
    """Return counts per state, per cause and per outcome of a part, in all and per administration."""
    rows = Invoice.objects.values("administration__slug", "state", "cause").annotate(n=Count("pk"))
    per_slug: dict[str, dict[str, Any]] = {
        slug: {"slug": slug, "states": {}, "causes": {}}
        for slug in Administration.objects.order_by("slug").values_list("slug", flat=True)
    }
    whole: dict[str, Any] = {"states": {}, "causes": {}}
    for row in rows:
        for place in (whole, per_slug.get(row["administration__slug"])):
            if place is not None:
                _count(place, row["state"], row["cause"], row["n"])
    parts = Part.objects.values_list("outcome").annotate(n=Count("pk")).order_by()
    return {**whole, "parts": dict(parts), "administrations": list(per_slug.values())}


def _count(place: dict[str, Any], state: str, cause: str, n: int) -> None:
    place["states"][state] = place["states"].get(state, 0) + n
    if cause:
        place["causes"][cause] = place["causes"].get(cause, 0) + n


def summary() -> dict[str, Any]:
    """Return the summary of everything that came in; each document is counted in exactly one figure."""
    invoices = Invoice.objects.all()
    real = invoices.outside_tests()
    shadow = invoices.filter(state=State.READY, waits_for=WaitsFor.PILOT).count()
    waiting = (
        invoices.filter(state=State.ATTENTION).values_list("cause").annotate(n=Count("pk")).order_by("cause")
    )
    figures: dict[str, Any] = {
        "booked": real.filter(state=State.DONE, outcome=Outcome.BOOKED).count(),
        "proposed": invoices.filter(state=State.PROPOSED).count(),
        "ready": invoices.filter(state__in=UNFINISHED).count() - shadow,
        "uncertain": invoices.filter(state=State.UNCERTAIN).count(),
        "waiting": dict(waiting),
        "ignored": invoices.filter(state=State.IGNORED).count(),
        "rejected": Part.objects.filter(NO_DOCUMENT).count(),
        "duplicates": Part.objects.filter(outcome=PartOutcome.DUPLICATE).count(),
        "shadow": shadow,
    }
    if tried := invoices.filter(state=State.DONE, posting__division__is_test=True).count():
        figures["tried"] = tried  # only where somebody is live on a test division
    if handed_over := real.filter(outcome=Outcome.HANDED_OVER).count():
        figures["handed_over"] = handed_over  # only where documents alone are delivered
    single = sum(figure for figure in figures.values() if isinstance(figure, int))
    return {"documents": single + sum(figures["waiting"].values()), **figures, "administrations": _linked()}


def parts_astray() -> int:
    """Return how many parts are called documents and have none, which must be 0: a figure for /health/.

    Orders are counted where they are kept.
    """
    astray = Part.objects.filter(outcome=PartOutcome.DOCUMENT, invoice=None)
    return astray.exclude(kind=PartKind.ORDER).count()


def _linked() -> list[dict[str, Any]]:
    rows = Administration.objects.filter(division__isnull=False).order_by("slug")
    return [
        {
            "slug": row.slug,
            "division": row.division.code,
            "booked": row.invoices.outside_tests().filter(state=State.DONE).count(),
            "waiting": row.invoices.filter(state__in=WITH_CAUSE).count(),
        }
        for row in rows.select_related("division")
    ]
