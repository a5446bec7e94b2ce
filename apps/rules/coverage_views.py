"""The page *Coverage*: the suppliers without a rule, and the rule that would save most."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.core.addresses import key_in
from apps.people.models import User
from apps.rules import coverage
from apps.rules.rule_views import address_of_form
from apps.rules.saying import sentences_of_columns

SHOWN = 50


def page(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show one page (`p`, from 1) of the suppliers without a rule, those with the most work first."""
    user = request.user
    if not model_admin.has_view_permission(request) or not isinstance(user, User):
        raise PermissionDenied
    found = coverage.gaps(user)
    number = max(key_in(request.GET.get("p", "1")), 1)
    start = (number - 1) * SHOWN
    rows = coverage.offers(found[start : start + SHOWN])
    said = sentences_of_columns([one.columns for one in rows])
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Suppliers without a rule"),
        "all": len(found),
        "rows": [(one, words, address_of_form(one.columns)) for one, words in zip(rows, said, strict=True)],
        "previous": number - 1,
        "next": number + 1 if len(found) > start + SHOWN else 0,
        "may_make": model_admin.has_add_permission(request),
    }
    return TemplateResponse(request, "admin/rules/coverage.html", context)
