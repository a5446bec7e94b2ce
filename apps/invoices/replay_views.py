"""The replay of a booking rule: asked for from its form, watched on its page, and kept from there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import all_valid
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.clients.models import Administration, Client
from apps.core.addresses import key_in
from apps.core.transitions import Changed
from apps.invoices import replay, replay_keeping, replay_page
from apps.people.models import User
from apps.rules.models import BookingRule, Replay
from apps.rules.replay_spec import Spec, spec_of

PAGE = "admin:invoices_bookingrule_replayed"


@require_POST
def ask(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Try the rule as its form is filled in, saved or not; `rule` is the key of a saved one, alone or with the form."""
    rules = model_admin.admin_site.get_model_admin(BookingRule)
    rule = _asked_rule(request, rules)
    if "name" not in request.POST and rule is not None:
        spec: Spec | None = spec_of(rule, rule.splits.all())
    else:
        spec = _filled_in(request, rules, rule)
    if spec is None:  # the form as it was filled in, with what is wrong with it
        view, keys = ("change", (rule.pk,)) if rule else ("add", ())
        back = reverse(f"admin:rules_bookingrule_{view}", args=keys)
        page: HttpResponse = rules.changeform_view(request, str(rule.pk) if rule else None, back)
        return page
    return redirect(PAGE, replay.ask(spec, rule=rule, by=_person(request)).pk)


def replayed(request: HttpRequest, model_admin: Any, replay_id: int) -> HttpResponse:
    """Show how far a replay is, and what it found."""
    found = _visible(request, replay_id)
    rules = model_admin.admin_site.get_model_admin(BookingRule)
    context = {
        **model_admin.admin_site.each_context(request),
        **replay_page.content(found, _person(request)),
        "title": _("Tried on the last twelve months: %(rule)s") % {"rule": found.spec.get("name", "")},
        "may_keep": _may_keep(request, rules, found),
        "is_kept": replay_keeping.is_kept(found),
    }
    return TemplateResponse(request, "admin/invoices/replayed.html", context)


@require_POST
def keep(request: HttpRequest, model_admin: Any, replay_id: int) -> HttpResponse:
    """Make the rule that was tried one that counts."""
    found = _visible(request, replay_id)
    if not _may_keep(request, model_admin.admin_site.get_model_admin(BookingRule), found):
        raise PermissionDenied
    try:
        rule = replay_keeping.keep(found, by=_person(request))
    except (ValidationError, Changed) as refusal:
        words = refusal.messages if isinstance(refusal, ValidationError) else []
        messages.error(
            request,
            " ".join(words) or _("Somebody else saved this rule meanwhile. Open it and try it again."),
        )
        return redirect(PAGE, found.pk)
    messages.success(request, _("The rule %(rule)s counts from now on.") % {"rule": rule})
    return redirect("admin:rules_bookingrule_change", rule.pk)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _visible(request: HttpRequest, replay_id: int) -> Replay:
    if not request.user.has_perm("rules.view_bookingrule"):
        raise PermissionDenied
    rows = Replay.objects.visible_to(request.user).select_related("rule")
    return get_object_or_404(rows, pk=replay_id)


def _asked_rule(request: HttpRequest, rules: Any) -> BookingRule | None:
    """Return the saved rule that is meant, None for a new one. Raises PermissionDenied for who may not make it."""
    asked = request.POST.get("rule") or request.GET.get("rule")
    rule = get_object_or_404(rules.get_queryset(request), pk=key_in(asked)) if asked else None
    may = rules.has_change_permission(request, rule) if rule else rules.has_add_permission(request)
    if not may:
        raise PermissionDenied
    return rule


def _filled_in(request: HttpRequest, rules: Any, rule: BookingRule | None) -> Spec | None:
    """Return the rule as the form of its own page reads it, None when that does not take it. Nothing is saved."""
    form = rules.get_form(request, rule, change=rule is not None)(request.POST, request.FILES, instance=rule)
    is_valid = form.is_valid()
    made = form.save(commit=False) if is_valid else form.instance
    formsets, _inlines = rules._create_formsets(request, made, change=rule is not None)
    if not all_valid(formsets) or not is_valid:
        return None
    return spec_of(made, [share for formset in formsets for share in formset.shares()])


def _may_keep(request: HttpRequest, rules: Any, found: Replay) -> bool:
    """Tell whether this person may save the rule as it was tried, which may have another owner than the saved one."""
    if found.rule is not None and not rules.has_change_permission(request, found.rule):
        return False
    user, spec = _person(request), found.spec
    owned = (
        (Administration.objects.visible_to(user), spec["administration"]),
        (Client.objects.visible_to(user), spec["client"]),
    )
    if not (spec["administration"] or spec["client"]):
        return bool(user.sees_everything and rules.has_add_permission(request))
    is_mine = all(rows.filter(pk=key).exists() for rows, key in owned if key)
    return is_mine and bool(rules.has_add_permission(request))
