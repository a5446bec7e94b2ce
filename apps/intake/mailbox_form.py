"""The form of a mailbox. Its password can be written and is never shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.http import LOOPBACK
from apps.intake.models import Mailbox, Security

_SAME = _("Choose another folder than the one that is read.")


class MailboxForm(forms.ModelForm[Mailbox]):
    """A mailbox as somebody sets it up."""

    new_password = forms.CharField(
        label=_("password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Left empty, the password stays as it is."),
    )

    class Meta:
        model = Mailbox
        fields = (
            *("address", "administration", "is_open", "host", "port", "security", "username"),
            *("inbox", "done_folder", "failed_folder"),
        )

    def clean_address(self) -> str:
        """Return the address in small letters, as it is compared."""
        return str(self.cleaned_data["address"]).lower()

    def clean(self) -> dict[str, Any]:
        """Refuse a line that anybody can read, a new mailbox without password, and folders that are one."""
        values = super().clean() or {}
        if values.get("security") == Security.NONE and values.get("host") not in LOOPBACK:
            self.add_error("security", _("Only a mail server on this machine may go without encryption."))
        for name in ("done_folder", "failed_folder"):
            if values.get(name) == values.get("inbox"):
                self.add_error(name, _SAME)
        password = values.get("new_password")
        moved = self.instance.pk and {"host", "username"} & set(self.changed_data)
        if not password and (moved or not self.instance.password):
            # A stored password is never sent to a server that somebody else named.
            self.add_error("new_password", _("Fill in the password of this mailbox."))
        if password:
            self.instance.password = password
        return values
