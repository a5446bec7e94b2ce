"""What staff fill in about vendors: collective vendors and shared domains."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Administration
from apps.vendors import choosing, collective, listed
from apps.vendors.domains import bare_domain
from apps.vendors.evidence import NO_EVIDENCE_DOMAINS
from apps.vendors.models import CollectiveVendor, SharedDomain


class CollectiveVendorForm(forms.ModelForm[CollectiveVendor]):
    """Words, and the supplier that they stand for; stored are its id in Exact and its name."""

    class Meta:
        model = CollectiveVendor
        fields = ("administration", "name", "words", "supplier", "active")

    supplier = forms.CharField(
        label=gettext_lazy("Supplier"),
        max_length=280,
        widget=forms.TextInput(attrs={"class": "pk-input", "autocomplete": "off"}),
        help_text=gettext_lazy("Its code in Exact, or (a part of) its name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "supplier" in self.fields:
            self.initial["supplier"] = self._shown()

    def _shown(self) -> str:
        """The supplier as it stands in the field: with its code while it has one."""
        row = self.instance
        card = choosing.suppliers(row.administration).filter(exact_id=row.supplier).first()
        return str(card) if card else row.supplier_name

    def clean_words(self) -> str:
        """Return the lines as they were typed. Raises ValidationError with a sentence for each line that is wrong."""
        words: str = self.cleaned_data["words"]
        phrases, domains, problems = collective.parse(words, shared=listed.shared_domains())
        if problems:
            raise forms.ValidationError(problems)
        if not (phrases or domains):
            raise forms.ValidationError(_("Write at least one line."))
        return words

    def clean(self) -> dict[str, Any]:
        """Find the supplier that was typed among those of the administration."""
        values = super().clean() or {}
        administration, typed = values.get("administration"), values.pop("supplier", "")
        if administration and typed:
            try:
                values["supplier"] = self._supplier(administration, typed, active=bool(values.get("active")))
            except choosing.NotFound as problem:
                self.add_error("supplier", str(problem))
        return values

    def _supplier(self, administration: Administration, typed: str, *, active: bool) -> UUID:
        row = self.instance
        if row.pk and not active and typed == self.initial.get("supplier"):
            return row.supplier  # putting a rule out of use must work when its supplier is gone, too
        card = choosing.supplier(administration, typed)
        row.supplier_name = card.name
        return card.exact_id


class SharedDomainForm(forms.ModelForm[SharedDomain]):
    """A domain in its bare form; an address or a web page may be typed."""

    class Meta:
        model = SharedDomain
        fields = ("domain", "kind", "note")

    def clean_domain(self) -> str:
        """Return the bare domain. Raises ValidationError when there is none, or the product knows it by itself."""
        domain = bare_domain(self.cleaned_data["domain"])
        if not domain:
            raise forms.ValidationError(
                _("Write one domain of a sender, as moneybird.com; “nl” alone is none.")
            )
        if domain in NO_EVIDENCE_DOMAINS:
            raise forms.ValidationError(
                _("%(domain)s stands in the product's own list already.") % {"domain": domain}
            )
        return domain
