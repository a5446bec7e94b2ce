"""What people fill in about booking rules: one rule with its parts, and a change to many at once."""

from math import inf
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Administration, Client
from apps.people.models import User
from apps.rules import known_codes
from apps.rules.bulk import Edit, Owner
from apps.rules.conditions import COLUMNS, PART_COLUMNS, Rule, Share
from apps.rules.models import BookingRule, RuleSplit
from apps.rules.refusals import OUTCOMES, of_conditions, of_parts, of_rest
from apps.rules.rule_book import rule_of


class RuleForm(forms.ModelForm[BookingRule]):
    """A rule with one owner; a rule of the whole firm is an administrator's. Its parts are asked by SplitFormSet."""

    may_rule_the_firm = False

    class Meta:
        model = BookingRule
        fields: str | tuple[str, ...] = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*known_codes.CODES, "item_group"):
            if name in self.fields:
                self.fields[name].widget.attrs |= {"list": f"pk-{name}", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        """Refuse a rule of two owners, or of the firm by somebody who may not, and what no rule may be."""
        values = super().clean() or {}
        self._refuse_owner(values)
        if not self.errors:
            rule = rule_filled_in(values)
            for one in (*of_conditions(rule), *of_rest(rule)):
                self.add_error(one.field if one.field in self.fields else None, one.words)
            self._refuse_unknown(rule, values.get("administration"))
        return values

    def _refuse_owner(self, values: dict[str, Any]) -> None:
        client, administration = values.get("client"), values.get("administration")
        if client and administration:
            raise ValidationError(_("Choose a client or an administration, not both."))
        if not (client or administration or self.may_rule_the_firm):
            raise ValidationError(
                _("Choose a client or an administration. Rules of the whole firm are for administrators.")
            )
        if values.get("client_group") and (client or administration):
            words = _("A group is for rules of the whole firm: leave it empty, or leave the owner empty.")
            self.add_error("client_group", words)

    def _refuse_unknown(self, rule: Rule, administration: Administration | None) -> None:
        """Refuse a code that the books of the rule's one administration do not know; others are warned of only.

        What stood there already is left: a rule whose account is gone from Exact must be able to be switched off.
        """
        if administration is None:
            return
        is_moved = "administration" in self.changed_data
        for field in [name for name in known_codes.CODES if is_moved or name in self.changed_data]:
            code = getattr(rule, field)
            if code and known_codes.lacking(Rule("", **{field: code}), [administration]):
                words = _(
                    "%(where)s has no %(code)s that can be used here. Was it made just now? Read Exact again."
                )
                self.add_error(field, words % {"where": administration, "code": code})


def rule_filled_in(values: dict[str, Any], shares: tuple[Share, ...] = ()) -> Rule:
    """Return the rule of a filled-in form; what could not be read is left out."""
    read = {name: values[name] for name in COLUMNS if name in values}
    return Rule(**{"name": "", **read}, splits=shares)


class SplitFormSet(BaseInlineFormSet[RuleSplit, BookingRule, Any]):
    """The parts of a rule, and that the rule with them does something that comes out."""

    def clean(self) -> None:
        """Refuse parts that do not come out, and a rule that does nothing."""
        super().clean()
        if any(self.errors):
            return
        # What cannot be read yet was meant to do something: its own field says so.
        is_meant = any(self.data.get(name) for name in OUTCOMES if name in COLUMNS)
        rule = rule_of(self.instance, self.shares())
        problems = [one.words for one in of_parts(rule, is_meant=is_meant)]
        if problems:
            raise ValidationError(problems)

    def shares(self) -> tuple[Share, ...]:
        """Return the parts as they were filled in, in their order, without removed and empty ones."""
        kept = sorted((form for form in self.forms if _is_kept(form)), key=_order)
        values = (form.cleaned_data for form in kept)
        return tuple(Share(**{name: one.get(name) for name in PART_COLUMNS}) for one in values)


def _is_kept(form: Any) -> bool:
    values = getattr(form, "cleaned_data", {})
    return not values.get("DELETE") and any(values.get(name) not in (None, "") for name in PART_COLUMNS)


def _order(form: Any) -> tuple[int, float]:
    """Return where a part stands: as filled in, then those that are stored already in their order."""
    return form.cleaned_data.get("position") or 0, form.instance.pk or inf


class BulkForm(forms.Form):
    """What is set in many rules at once; a field that stays empty stays as it is, `-` empties it."""

    gl_code = forms.CharField(label=gettext_lazy("ledger account"), max_length=60, required=False)
    vat_code = forms.CharField(label=gettext_lazy("VAT code"), max_length=10, required=False)
    cost_center = forms.CharField(label=gettext_lazy("cost centre"), max_length=20, required=False)
    cost_unit = forms.CharField(label=gettext_lazy("cost unit"), max_length=20, required=False)
    owner = forms.ChoiceField(label=gettext_lazy("owner"), required=False)
    active = forms.ChoiceField(
        label=gettext_lazy("active"),
        required=False,
        choices=[("", "-"), ("on", gettext_lazy("on")), ("off", gettext_lazy("off"))],
    )
    position = forms.IntegerField(label=gettext_lazy("order"), min_value=0, max_value=30_000, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clients = Client.objects.visible_to(user).order_by("name")
        administrations = Administration.objects.visible_to(user).order_by("name")
        firm = [("firm", _("the whole firm"))] if user.sees_everything else []
        self.owners = {f"client {one.pk}": Owner(client=one) for one in clients}
        self.owners |= {f"administration {one.pk}": Owner(administration=one) for one in administrations}
        self.owners |= {key: Owner() for key, _label in firm}
        choices: list[Any] = [("", "-"), *firm]
        choices.append(
            (_("clients"), [(key, str(one.client)) for key, one in self.owners.items() if one.client])
        )
        named = [(key, str(one.administration)) for key, one in self.owners.items() if one.administration]
        choices.append((_("administrations"), named))
        cast(forms.ChoiceField, self.fields["owner"]).choices = choices

    def edit(self) -> Edit:
        """Return what was filled in."""
        values = self.cleaned_data
        codes = {
            name: "" if values[name] == "-" else values[name] for name in known_codes.IN_PARTS if values[name]
        }
        return Edit(
            codes=codes,
            owner=self.owners.get(values["owner"]),
            active={"on": True, "off": False}.get(values["active"]),
            position=values["position"],
        )
