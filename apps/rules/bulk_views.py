"""Many rules changed at once: asked what, shown what it would do to each, and done."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.core.addresses import key_in
from apps.people.models import User
from apps.rules import bulk, known_codes
from apps.rules.bulk import Planned
from apps.rules.forms import BulkForm
from apps.rules.models import BookingRule
from apps.rules.saying import sentences_of

LIST = "admin:rules_bookingrule_changelist"
MOST = 500  # rules of one page


def asked(request: HttpRequest, model_admin: Any, rules: list[BookingRule]) -> HttpResponse:
    """Ask what is to be changed in `rules`, which this person sees."""
    user = _person(request, model_admin)
    return _page(request, model_admin, BulkForm(user=user), rules[:MOST])


@require_POST
def many(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show what a change would do to each of the rules, or do it once that was shown."""
    user = _person(request, model_admin)
    form = BulkForm(request.POST, user=user)
    rows = BookingRule.objects.visible_to(user).select_related("administration", "client", "client_group")
    keys = [key_in(key) for key in request.POST.getlist("rule")[:MOST]]
    rules = list(rows.prefetch_related("splits").filter(pk__in=keys).order_by("position", "pk"))
    if not form.is_valid():
        return _page(request, model_admin, form, rules)
    edit = form.edit()
    if edit.is_empty:
        form.add_error(None, _("Fill in what is to be changed."))
        return _page(request, model_admin, form, rules)
    if "do" not in request.POST:
        return _page(request, model_admin, form, rules, bulk.plan(rules, edit, user))
    done, left = bulk.carry_out([rule.pk for rule in rules], _marks(request), edit, by=user)
    words = ngettext("%(count)d rule is changed.", "%(count)d rules are changed.", done)
    messages.success(request, words % {"count": done})
    for planned in left:
        messages.warning(request, f"{planned.rule.name}: {planned.refusal}")
    return redirect(LIST)


def _page(
    request: HttpRequest,
    model_admin: Any,
    form: BulkForm,
    rules: list[BookingRule],
    plan: list[Planned] | None = None,
) -> HttpResponse:
    owners = {rule.administration_id for rule in rules}
    administrations = [key for key in owners if key]
    said = {} if plan else sentences_of(rules)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Change several rules"),
        "form": form,
        "rules": [(rule, said.get(rule.pk, "")) for rule in rules],
        "plan": plan,
        "done": sum(planned.is_done for planned in plan or ()),
        "codes": known_codes.choices(administrations),
    }
    return TemplateResponse(request, "admin/rules/bookingrule/many.html", context)


def _marks(request: HttpRequest) -> dict[int, str]:
    pairs = (one.partition(" ") for one in request.POST.getlist("mark")[:MOST])
    return {key_in(key): mark for key, _blank, mark in pairs}


def _person(request: HttpRequest, model_admin: Any) -> User:
    if not model_admin.has_change_permission(request) or not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
