"""What people fill in about routing: a rule, and values to try the rules with."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core import identifiers
from apps.core.addresses import key_in, typed_in
from apps.intake import rule_values
from apps.intake.models import Comparison, RoutingRule
from apps.intake.routing import Asked

# A number that somebody types without saying what it is, is looked for as each of these.
_READERS = (
    identifiers.kvk,
    identifiers.vat,
    identifiers.oin,
    identifiers.be_enterprise,
    identifiers.gln,
    identifiers.iban,
)


class RoutingRuleForm(forms.ModelForm[RoutingRule]):
    """A rule, its value kept in the form in which it is compared."""

    class Meta:
        model = RoutingRule
        fields = ("evidence", "comparison", "value", "administration", "is_active")

    def clean(self) -> dict[str, Any]:
        """Bring the value into its normal form; refuse what is too short to say anything."""
        values = super().clean() or {}
        if values.get("evidence") and values.get("value"):
            values["value"] = rule_values.normal(values["evidence"], values["value"])
            is_part = values.get("comparison") != Comparison.EQUALS
            if not values["value"] or (is_part and len(values["value"]) < rule_values.SHORTEST):
                words = _("This says too little: give at least %(count)d characters.")
                raise ValidationError({"value": words % {"count": rule_values.SHORTEST}})
        return values


class TryForm(forms.Form):
    """Values as a document could have them; nothing is kept of them."""

    recipient = forms.CharField(label=_("sent to"), required=False, max_length=250)
    sender = forms.CharField(label=_("came from"), required=False, max_length=250)
    receiver = forms.CharField(label=_("receiver as named"), required=False, max_length=250)
    number = forms.CharField(
        label=_("number of the receiver"),
        required=False,
        max_length=100,
        help_text=_("KvK, VAT number, OIN, GLN, IBAN; or a Peppol id as 0106:12345678."),
    )
    buyer_reference = forms.CharField(label=_("reference of the buyer"), required=False, max_length=250)
    order_number = forms.CharField(label=_("order number"), required=False, max_length=250)
    text = forms.CharField(
        label=_("text"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 3, "class": "pk-input"}),
    )
    part = forms.CharField(
        label=_("or the number of a part"),
        required=False,
        max_length=19,
        help_text=_("Of something that came in: its file is read again, and nothing else counts."),
    )

    def part_id(self) -> int:
        """Return the key of the part that was named, 0 for none."""
        return key_in(self.cleaned_data["part"].strip())

    def asked(self) -> Asked:
        """Return the values as something whose administration is asked."""
        values = {name: typed_in(value) for name, value in self.cleaned_data.items()}
        return Asked(
            numbers=tuple(_numbers(values["number"])),
            names=(values["receiver"],) if values["receiver"] else (),
            buyer_reference=values["buyer_reference"],
            order_number=values["order_number"],
            text=lambda: values["text"],
            sender=values["sender"],
            recipient=values["recipient"],
        )


def _numbers(text: str) -> list[identifiers.Identifier]:
    scheme, colon, rest = text.partition(":")
    if colon:
        participant = identifiers.peppol(scheme, rest)
        return [*([participant] if participant else []), *identifiers.from_scheme(scheme, rest)]
    found = [reader(text) for reader in _READERS]
    return [one for one in found if one is not None and one.valid]
