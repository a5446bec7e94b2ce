"""An order by hand: on a form of its own, or beside a PDF that nobody can read. And the example to fill in."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock
from apps.core.addresses import key_in
from apps.core.tables.files import TYPES
from apps.core.transitions import Changed
from apps.intake.order import OrderDocument
from apps.intake.order_sheets import example as example_of
from apps.intake.order_sheets import figures
from apps.orders import line_form, paper_page, picking, typing
from apps.orders.line_form import Lines
from apps.orders.models import PurchaseOrder
from apps.orders.order_form import OrderForm
from apps.orders.refused import Refused
from apps.orders.typed_order import document_of
from apps.orders.views import PAGE, person, version_in, visible
from apps.people.models import User


def may_type(request: HttpRequest) -> bool:
    """Tell whether this person fills in orders by hand."""
    return bool(request.user.has_perm("orders.add_purchaseorder"))


def new(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Take an order that a person fills in; what is wrong with it is said by row."""
    if not may_type(request):
        raise PermissionDenied
    form, lines, is_good = _filled_in(request, {"order_date": clock.today(), **_asked(request)})
    if is_good:
        document = document_of(form, lines)
        try:
            order = _typed_in(form, document, by=person(request))
        except (Refused, Changed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The order is filled in."))
            return redirect(PAGE, order.pk)
    return _shown(request, model_admin, form, lines, title=_("New order"))


def _typed_in(form: OrderForm, document: OrderDocument, *, by: User) -> PurchaseOrder:
    name, content = form.cleaned_data["original"] or ("", None)
    return typing.type_in(
        form.cleaned_data["administration"],
        document,
        by=by,
        original=content,
        filename=name,
        supplier=form.cleaned_data["relation"],
        mark=form.cleaned_data["mark"],
    )


def fill_in(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Take what a person reads in an original that nobody else can, with that beside the form."""
    if not may_type(request):
        raise PermissionDenied
    order = visible(request, object_id)
    if order.administration is None:
        messages.error(request, _("Choose the administration of this document first."))
        return redirect(PAGE, order.pk)
    form, lines, is_good = _filled_in(request, _said(order), order)
    if is_good:
        document = document_of(form, lines)
        try:
            typing.fill_in(order, document, by=person(request), version=version_in(request))
        except (Refused, Changed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The order is filled in."))
            return redirect(PAGE, order.pk)
    beside = {"order": order, **paper_page.content(order.part)}
    return _shown(
        request, model_admin, form, lines, title=_("Fill in %(order)s") % {"order": order}, **beside
    )


def _filled_in(
    request: HttpRequest, initial: dict[str, Any], of: PurchaseOrder | None = None
) -> tuple[OrderForm, Any, bool]:
    """Return the forms of this request, and whether they are to be taken: asking for more rows is not."""
    owner = of.administration if of else None
    if request.method != "POST":
        rows = list(_said_of_lines(of)) if of else []
        return (
            OrderForm(user=request.user, of=owner, initial=initial),
            Lines(prefix="lines", initial=rows),
            False,
        )
    form = OrderForm(request.POST, request.FILES, user=request.user, of=owner)
    if "more" in request.POST:
        return form, Lines(_more(request), prefix="lines"), False
    lines = Lines(request.POST, prefix="lines")
    is_good = form.is_valid()
    is_good = lines.is_valid() and is_good
    return form, lines, is_good and line_form.is_item_known(form.cleaned_data["administration"], lines)


def _more(request: HttpRequest) -> Any:
    """Return what was sent, with more rows: for whoever has no scripts."""
    data = request.POST.copy()
    rows = key_in(data.get("lines-TOTAL_FORMS", "")) + line_form.ROWS
    data["lines-TOTAL_FORMS"] = str(min(rows, line_form.MOST_ROWS))
    return data


def _asked(request: HttpRequest) -> dict[str, Any]:
    administration = key_in(request.GET.get("administration", ""))
    return {"administration": administration} if administration else {}


def _said(order: PurchaseOrder) -> dict[str, Any]:
    """Return what is known of an order that is to be filled in."""
    return {
        "supplier": order.vendor.get("code") or order.supplier_name,
        "number": order.number,
        "order_date": order.order_date,
        "receipt_date": order.receipt_date,
        "buyer_reference": order.buyer_reference,
        "currency": order.currency or "EUR",
        "note": order.note,
        **({"rate": ""} if order.line_count else {}),  # each line says its own, or none on purpose
    }


def _said_of_lines(order: PurchaseOrder) -> Iterator[dict[str, Any]]:
    """Yield what was filled in on each line before."""
    for line in order.lines.order_by("position"):
        yield {
            "item": line.buyer_item,
            "seller_item": line.seller_item,
            "gtin": line.gtin,
            "description": line.description,
            "unit": line.unit,
            "receipt_date": line.receipt_date,
            "cost_center": line.document_cost_center,
            "cost_unit": line.document_cost_unit,
            "project": line.project_text,
            **{name: figures.written(getattr(line, name)) for name in line_form.FIGURES},
        }


def _shown(
    request: HttpRequest, model_admin: Any, form: OrderForm, lines: Any, *, title: str, **more: Any
) -> HttpResponse:
    is_sent = lines.is_bound and "more" not in request.POST
    context = {
        **model_admin.admin_site.each_context(request),
        **more,
        "title": title,
        "form": form,
        "lines": lines,
        "problems": list(lines.problems) if is_sent else [],
        "is_fullwidth": "1",
    }
    return TemplateResponse(request, "admin/orders/order_form.html", context)


def example(request: HttpRequest, model_admin: Any, form: str) -> FileResponse:
    """Give the example of an order as `form`, "csv" or "xlsx"."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if form not in TYPES:
        raise Http404
    name = f"{_('order example')}.{form}"
    answer = FileResponse(
        BytesIO(example_of(form)), as_attachment=True, filename=name, content_type=TYPES[form]
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def suppliers(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Return suggestions for the supplier that somebody types, as a piece of page."""
    administration, typed = _typing(request, model_admin, "supplier")
    found = picking.suppliers_like(administration, typed) if administration else []
    return _options(request, [(one.code.strip(), one.name) for one in found])


def items(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Return suggestions for the item that somebody types, as a piece of page."""
    administration, typed = _typing(request, model_admin, "item", "named", "lines-")
    found = picking.items_like(administration, typed) if administration else []
    return _options(request, [(one.code.strip(), one.description) for one in found])


def _typing(request: HttpRequest, model_admin: Any, *names: str) -> tuple[Administration | None, str]:
    """Return in which administration somebody types (None: not chosen yet), and what: the field called like `names`.

    Raises Http404 for an administration that this person does not see.
    """
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    chosen = request.GET.get("administration", "")
    mine = Administration.objects.visible_to(request.user)
    administration = get_object_or_404(mine, pk=key_in(chosen)) if chosen else None
    return administration, next(
        (str(text) for name, text in request.GET.items() if name.startswith(names)), ""
    )


def _options(request: HttpRequest, found: list[tuple[str, str]]) -> HttpResponse:
    return TemplateResponse(request, "admin/orders/options.html", {"found": found})
