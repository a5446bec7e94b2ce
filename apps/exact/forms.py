"""What administrators fill in about Exact."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.exact.countries import COUNTRIES, HOSTS
from apps.exact.models import ExactApp

_KEPT = _("Left empty, the secret stays as it is.")


class ExactAppForm(forms.ModelForm[ExactApp]):
    """A registration of ours in one country. Secrets can be written and are never shown."""

    country = forms.ChoiceField(
        label=_("country"),
        choices=[
            (code, format_lazy("{} ({})", name, HOSTS[code].removeprefix("https://")))
            for code, name in COUNTRIES.items()
        ],
        help_text=_(
            "Each country of Exact Online has an App Center, registrations and divisions of its own."
        ),
    )
    new_client_secret = forms.CharField(
        label=_("client secret"), required=False, widget=forms.PasswordInput(), help_text=_KEPT
    )
    new_webhook_secret = forms.CharField(
        label=_("webhook secret"), required=False, widget=forms.PasswordInput(), help_text=_KEPT
    )

    class Meta:
        model = ExactApp
        fields = ("name", "country", "client_id", "redirect_uri")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "redirect_uri" in self.fields:
            self.fields["redirect_uri"].initial = settings.EXACT_REDIRECT_URI
            self.fields["redirect_uri"].help_text = _(
                "Fill in this very address with the registration in the App Center of that country: Exact sends people "
                "back to it after the sign-in, and refuses any other."
            )

    def clean_country(self) -> str:
        """Refuse a second registration of one country: its divisions would be there twice."""
        code: str = self.cleaned_data["country"]
        other = ExactApp.objects.filter(base_url=HOSTS[code]).exclude(pk=self.instance.pk).first()
        if other:
            words = _("There is a registration of this country already: %(name)s. Change that one.")
            raise forms.ValidationError(words, params={"name": other.name})
        return code

    def clean(self) -> dict[str, Any]:
        """Refuse a real registration in the sandbox, and a new one without its secret."""
        values = super().clean() or {}
        if settings.SANDBOX:
            raise forms.ValidationError(
                _(
                    "This is the sandbox; it speaks with no real Exact Online. Set SANDBOX=0 to add a registration."
                )
            )
        if not self.instance.pk and not values.get("new_client_secret"):
            self.add_error("new_client_secret", _("Exact shows the client secret in its App Center."))
        # Neither the address nor the secrets are fields of the form: the one follows, the others may stay.
        self.instance.base_url = HOSTS.get(values.get("country", ""), self.instance.base_url)
        for name in ("client_secret", "webhook_secret"):
            if secret := values.get(f"new_{name}"):
                setattr(self.instance, name, secret)
        return values
