"""What administrators fill in about administrations."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.clients import globe
from apps.clients.models import Administration, AdministrationIdentifier, Package
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


class AdministrationForm(forms.ModelForm[Administration]):
    """An administration as it was when the page was opened: what changed since is not put back by saving the page."""

    WATCHED: ClassVar = (
        "mode",
        "purchase_journal",
        "closed_period",
        "match_order",
        "entry_lines",
        "suspense_account",
        "globe_version",
    )

    class Meta:
        model = Administration
        fields = "__all__"  # noqa: DJ007 - the admin says which
        help_texts: ClassVar = {
            "entry_lines": _("Taken together the entry is shorter; the document itself keeps every line.")
        }

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"].initial = self._as_it_is(self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what somebody, or the end of a trial, changed since the page was opened."""
        values = super().clean() or {}
        row = Administration.objects.filter(pk=self.instance.pk).first()
        if row and values.get("seen") and values["seen"] != self._as_it_is(row):
            raise forms.ValidationError(
                _("This administration was changed since you opened it. Open it again, and change it then.")
            )
        return values

    def clean_globe_version(self) -> str:
        """Refuse what names no release; an old one is accepted, and its page says what to do."""
        text: str = self.cleaned_data["globe_version"].strip()
        is_globe = self.cleaned_data.get("package") == Package.EXACT_GLOBE
        if text and is_globe and globe.release(text) is None:
            raise forms.ValidationError(
                _("This names no version of Exact Globe. Copy it from Help > About, such as 413 or 420SP5.")
            )
        return text

    def _as_it_is(self, row: Administration) -> str:
        return "|".join(str(getattr(row, name)) for name in self.WATCHED)


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
