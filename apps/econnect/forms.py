"""What administrators fill in about eConnect. Secrets can be written and are never shown."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.econnect.models import Account, PlatformKeys
from apps.econnect.registration import NotConfigured, follow

KEPT = _("Left empty, it stays as it is.")
_COMPANY = re.compile(r"XC(?:NL|BE)[0-9]{1,20}")  # case sensitive (eConnect facts 3)


def _secret(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "pk-input"}),
        help_text=KEPT,
    )


class AccountForm(forms.ModelForm[Account]):
    """A client that has a user of its own at eConnect."""

    new_password = _secret(_("password"))

    class Meta:
        model = Account
        fields = ("client", "username")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("client", "username"):
            if name in self.fields:
                self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        """Take over what the environment says. Raises ValidationError without it, and for want of a password."""
        values = super().clean() or {}
        try:
            follow(self.instance)
        except NotConfigured as refused:
            raise forms.ValidationError(str(refused)) from refused
        if not self.instance.pk and not values.get("new_password"):
            self.add_error("new_password", _("eConnect gave the user a password."))
        if values.get("new_password"):
            self.instance.password = values["new_password"]
        self.instance.access_token, self.instance.token_until = "", None
        self.instance.name = str(values.get("client") or self.instance.name)[:100]
        return values


class PlatformKeysForm(forms.ModelForm[PlatformKeys]):
    """App Key and Secret of one administration, as eConnect shows them once."""

    new_app_key = _secret("App Key")
    new_app_secret = _secret("App Secret")

    class Meta:
        model = PlatformKeys
        fields = ("administration", "company_id")

    def clean_company_id(self) -> str:
        """Return the company id. Raises ValidationError for what is none."""
        value = str(self.cleaned_data["company_id"]).strip()
        if value and not _COMPANY.fullmatch(value):
            raise forms.ValidationError(_("A company id is XCNL or XCBE, in capitals, and digits."))
        return value

    def clean(self) -> dict[str, Any]:
        """Take the keys over. Raises ValidationError for half a pair: a new secret comes with a new key."""
        values = super().clean() or {}
        key, secret = values.get("new_app_key"), values.get("new_app_secret")
        if bool(key) != bool(secret):
            raise forms.ValidationError(
                _("eConnect makes a new secret only with a new key: fill in both, or neither.")
            )
        if key and secret:
            self.instance.app_key, self.instance.app_secret = key, secret
            self.instance.set_at = clock.now()
        return values
