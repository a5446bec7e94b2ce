"""The list of orders as a file: what the list shows with its filters and its search, and no more than that."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.core.tables.files import TYPES, download
from apps.orders import exporting
from apps.orders.views import list_of

MOST = 5_000  # orders in one file


def export(request: HttpRequest, model_admin: Any, form: str) -> HttpResponseBase:
    """Give the list that the address asks for as `form`, "csv" or "xlsx"; one that is too long is to be narrowed."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if form not in TYPES:
        raise Http404
    try:
        found = model_admin.get_changelist_instance(request).queryset
    except IncorrectLookupParameters as error:
        raise Http404 from error
    orders = list(found.select_related(*exporting.NEEDED)[: MOST + 1])
    if len(orders) > MOST:
        words = _(
            "This list has more than %(most)s orders. Choose a stage, an administration or an age first."
        )
        messages.error(request, words % {"most": number_format(MOST, force_grouping=True)})
        return HttpResponseRedirect(list_of(request.GET.urlencode()))
    return download(exporting.table(orders), form, title=_("orders"))
