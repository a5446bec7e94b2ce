"""What the page of a rule asks while it is filled in: the rule as a sentence, and the codes that may be chosen."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.models import inlineformset_factory
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from apps.clients.models import Administration, Client, ClientGroup
from apps.core.addresses import key_in
from apps.rules import known_codes
from apps.rules.conditions import PART_COLUMNS, Rule
from apps.rules.forms import SplitFormSet, rule_filled_in
from apps.rules.models import BookingRule, RuleSplit
from apps.rules.rule_book import rule_of
from apps.rules.saying import sentence_of

_PARTS: Any = inlineformset_factory(BookingRule, RuleSplit, formset=SplitFormSet, fields=PART_COLUMNS)


def shown(request: HttpRequest, model_admin: Any, row: BookingRule) -> dict[str, Any]:
    """Return what the page says of a rule: as it is filled in where that was refused, else as it is stored."""
    is_sent = request.method == "POST"
    row = _whose(request) if is_sent else row
    rule = rule_on_page(request, model_admin) if is_sent else rule_of(row) if row.pk else None
    return {
        "said": sentence_of(row, rule) if rule else "",
        "lacks": known_codes.lacking(rule, _scope(row, request.user)) if rule else [],
        "codes": known_codes.choices(known_codes.administrations_of(row.administration, row.client)),
    }


@require_POST
def says(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Answer with the rule on the page as a sentence, saved or not, and with who lacks its codes."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    row = _whose(request)
    rule = rule_on_page(request, model_admin)
    context = {"said": sentence_of(row, rule), "lacks": known_codes.lacking(rule, _scope(row, request.user))}
    return TemplateResponse(request, "admin/rules/bookingrule/says.html", context)


def rule_on_page(request: HttpRequest, model_admin: Any) -> Rule:
    """Return the rule as it is filled in; what cannot be read yet is left out."""
    form = model_admin.get_form(request)(request.POST)
    form.is_valid()
    parts = _PARTS(request.POST, instance=BookingRule(), prefix="splits")
    parts.is_valid()
    return rule_filled_in(form.cleaned_data, parts.shares())


@require_POST
def codes(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Answer with the codes that a rule of the chosen owner may name."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    row = _whose(request)
    found = known_codes.choices(known_codes.administrations_of(row.administration, row.client))
    return TemplateResponse(request, "admin/rules/bookingrule/codes.html", {"codes": found})


def tell(request: HttpRequest, row: BookingRule) -> None:
    """Say what the rule that was just kept does, and who lacks its codes."""
    row = BookingRule.objects.select_related("administration", "client").get(pk=row.pk)
    messages.info(request, sentence_of(row, rule_of(row)))
    for words in lacks(row, request.user):
        messages.warning(request, words)


def address_of_form(columns: Mapping[str, Any]) -> str:
    """Return the address of the form of a new rule with these columns filled in."""
    values = {name: getattr(value, "pk", value) for name, value in columns.items()}
    return f"{reverse('admin:rules_bookingrule_add')}?{urlencode(values)}"


def lacks(row: BookingRule, user: Any) -> list[str]:
    """Return in words which administrations lack a code that a stored rule names."""
    return known_codes.lacking(rule_of(row), _scope(row, user))


def _scope(row: BookingRule, user: Any) -> list[Administration]:
    return known_codes.scope_of(row, user)


def _whose(request: HttpRequest) -> BookingRule:
    """Return a rule that has the owner on the page, as far as this person sees it."""
    asked, user = request.POST, request.user
    return BookingRule(
        administration=_chosen(Administration.objects.visible_to(user), asked.get("administration")),
        client=_chosen(Client.objects.visible_to(user), asked.get("client")),
        client_group=_chosen(ClientGroup.objects.visible_to(user), asked.get("client_group")),
    )


def _chosen(rows: Any, key: str | None) -> Any:
    return rows.filter(pk=key_in(key or "")).first()
