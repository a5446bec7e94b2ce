"""What administrators fill in about administrations."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.clients.models import AdministrationIdentifier
from apps.core import identifiers
from apps.core.identifiers import Identifier, Kind


def _peppol(text: str) -> Identifier | None:
    scheme, _colon, number = text.partition(":")
    return identifiers.peppol(scheme.strip(), number)


READERS: dict[str, Callable[[str], Identifier | None]] = {
    Kind.KVK: identifiers.kvk,
    Kind.VAT: identifiers.vat,
    Kind.OIN: identifiers.oin,
    Kind.BE_ENTERPRISE: identifiers.be_enterprise,
    Kind.GLN: identifiers.gln,
    Kind.IBAN: identifiers.iban,
    Kind.PEPPOL: _peppol,
    Kind.DOMAIN: identifiers.email_domain,
}
KINDS = [(kind, identifiers.LABELS[kind]) for kind in READERS]


class IdentifierForm(forms.ModelForm[AdministrationIdentifier]):
    """One number of an administration, stored in its normal form so that documents find it."""

    class Meta:
        model = AdministrationIdentifier
        fields = ("kind", "value")

    kind = forms.ChoiceField(label=_("kind"), choices=KINDS)

    def clean(self) -> dict[str, Any]:
        """Bring the number into its normal form; refuse one that does not pass its check."""
        values = super().clean() or {}
        kind, text = values.get("kind"), values.get("value")
        if kind and text:
            found = READERS[kind](text)
            if found is None or not found.valid or found.is_placeholder:
                raise forms.ValidationError({"value": _("This number does not pass its check.")})
            values["kind"], values["value"] = found.kind.value, found.value
        return values
