"""Reports for partners: the portfolio, and one page per client."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.clients.models import Client
from apps.core import clock
from apps.core.causes import Cause
from apps.reports import yearly
from apps.reports.charts import OPTIONS, chart
from apps.reports.portfolio import portfolio


def clients(request: HttpRequest) -> HttpResponse:
    """Show how every client of this person runs, the one that costs most hand work first."""
    _demand_permission(request)
    values = {"title": _("Reports"), "portfolio": portfolio(request.user)}
    return _page(request, "reports/clients.html", values)


def client(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the report of one client over the last twelve months."""
    _demand_permission(request)
    found = get_object_or_404(Client.objects.visible_to(request.user), slug=slug)
    report = yearly.report(found)
    labels = [date_format(month.first, "M Y") for month in report.months]
    return _page(
        request,
        "reports/client.html",
        {
            "title": found.name,
            "report": report,
            "outcomes": [
                (_outcome_names()[key], count, report.orders[key]) for key, count in report.outcomes.items()
            ],
            "total": sum((*report.outcomes.values(), *report.orders.values())),
            "ages": [label for _days, label in yearly.AGES],
            "causes": _causes(report.ages),
            "causes_of_orders": _causes(report.ages_of_orders),
            "chart": chart(
                labels,
                [
                    (_("Received"), [month.received for month in report.months]),
                    (_("Booked"), [month.booked for month in report.months]),
                    (_("Booked without a touch"), [month.untouched for month in report.months]),
                    (_("Orders done"), [month.ordered for month in report.months]),
                ],
            ),
            "chart_options": OPTIONS,
            "made_at": clock.now(),
        },
    )


def _causes(ages: dict[str, dict[str, int]]) -> list[tuple[Any, list[int], int]]:
    """Return each cause with how many wait for it by age, and in all."""
    return [(Cause(cause).label, list(one.values()), sum(one.values())) for cause, one in ages.items()]


def _outcome_names() -> dict[str, str]:
    return {
        "booked": _("booked or ordered"),
        "tried": _("in the test division"),
        "waiting": _("waits for a person"),
        "proposed": _("proposed"),
        "under_way": _("ready or on its way"),
        "ignored": _("ignored"),
        "duplicate": _("duplicate"),
        "rejected": _("rejected"),
    }


def _demand_permission(request: HttpRequest) -> None:
    if not request.user.has_perm("reports.view_report"):
        raise PermissionDenied


def _page(request: HttpRequest, template: str, values: dict[str, Any]) -> HttpResponse:
    request.current_app = admin.site.name
    return TemplateResponse(request, template, {**admin.site.each_context(request), **values})
