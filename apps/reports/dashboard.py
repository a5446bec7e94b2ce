"""The first page: what waits for this person, and how their clients run."""

from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.causes import Cause
from apps.invoices.models import Invoice
from apps.invoices.stages import counts_of_page
from apps.reports import figures
from apps.reports.charts import OPTIONS, chart


def context(request: HttpRequest, values: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the admin's first page with our figures added (Unfold's DASHBOARD_CALLBACK)."""
    user = request.user
    works = user.has_perm("invoices.change_invoice")
    days = figures.per_day(user)
    share = figures.touchless(user)
    values.update(
        {
            "title": _("Dashboard"),
            "works": works,
            "matrix": figures.matrix(user),
            "columns": figures.COLUMNS,
            "portfolio": [] if works else figures.portfolio(user),
            "touchless": share,
            "touchless_level": figures.level(share),
            "late": figures.waiting_long(user),
            "changed_in_exact": counts_of_page(request)["since"],
            "unconnected": figures.unconnected(user),
            "fewest_calls": figures.fewest_calls(user),
            "causes": _causes(user),
            "chart": chart(
                [date_format(day, "j M") for day, _came, _booked in days],
                [
                    (_("Came in"), [came for _day, came, _booked in days]),
                    (_("Booked"), [booked for _day, _came, booked in days]),
                ],
            ),
            "chart_options": OPTIONS,
        }
    )
    return values


def _causes(user: Any) -> list[dict[str, Any]]:
    found = figures.causes(Invoice.objects.visible_to(user)).most_common()
    most = found[0][1] if found else 1
    return [
        {"cause": cause, "label": Cause(cause).label, "count": count, "share": count * 100 // most}
        for cause, count in found
    ]
