"""The first page: what waits for this person, and how their clients run."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.causes import Cause
from apps.invoices.stages import counts_of_page
from apps.orders.stages import counts_of_page as orders_of_page
from apps.reports import figures
from apps.reports.charts import OPTIONS, chart
from apps.reports.piles import Pile, piles_of
from apps.reports.portfolio import portfolio


def context(request: HttpRequest, values: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the admin's first page with our figures added (Unfold's DASHBOARD_CALLBACK)."""
    user = request.user
    works = user.has_perm("invoices.change_invoice")
    share = figures.touchless(user)
    found = [(pile, figures.waiting(pile)) for pile in piles_of(user)]
    late, late_orders = (waiting.late for _pile, waiting in found)
    values.update(
        {
            "title": _("Dashboard"),
            "works": works,
            "matrix": figures.matrix(user) if works else [],
            "columns": figures.COLUMNS,
            "portfolio": [] if works else portfolio(user),
            "touchless": share,
            "touchless_level": figures.level(share),
            "late": late,
            "late_orders": late_orders,
            "changed_in_exact": counts_of_page(request)["since"],
            "changed_orders": orders_of_page(request)["since"],
            "unconnected": figures.unconnected(user),
            "fewest_calls": figures.fewest_calls(user),
            "causes": _causes(found),
            "chart": _chart(user),
            "chart_options": OPTIONS,
        }
    )
    return values


def _chart(user: Any) -> str:
    days = figures.per_day(user)
    return chart(
        [date_format(one.day, "j M") for one in days],
        [
            (_("Came in"), [one.came for one in days]),
            (_("Booked"), [one.booked for one in days]),
            (_("Orders done"), [one.ordered for one in days]),
        ],
    )


def _causes(waiting: Sequence[tuple[Pile, figures.Waiting]]) -> list[dict[str, Any]]:
    """Return what documents wait for, what most of them wait for first; each kind leads to its own list."""
    found = [(count, pile, cause) for pile, one in waiting for cause, count in one.causes.items()]
    most = max((count for count, _pile, _cause in found), default=1)
    return [
        {
            "pile": pile,
            "cause": cause,
            "label": Cause(cause).label,
            "count": count,
            "share": count * 100 // most,
        }
        for count, pile, cause in sorted(found, key=lambda one: -one[0])
    ]
