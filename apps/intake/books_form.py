"""Which books of what came in are asked for."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Client
from apps.core import clock
from apps.intake.models import Channel

# A day beyond these has no midnight before or after it that every database can hold.
_DAYS = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31)))


class BooksForm(forms.Form):
    """Which books of what came in are asked for. Dutch days, both included; at most LONGEST of them."""

    LONGEST = timedelta(days=92)

    first = forms.DateField(
        label=_("From"),
        required=False,
        validators=_DAYS,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("Up to and including"),
        required=False,
        validators=_DAYS,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("all of them")), *Channel.choices]
    )
    client = forms.ModelChoiceField(
        label=_("Client"), queryset=Client.objects.none(), required=False, empty_label=_("all of them")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clients = cast("forms.ModelChoiceField[Client]", self.fields["client"])
        clients.queryset = Client.objects.visible_to(user).order_by("name")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is longer than a quarter."""
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last") or clock.today()
        if first and first > last:
            raise forms.ValidationError(_("The period ends before it begins."))
        if first and last - first > self.LONGEST:
            raise forms.ValidationError(_("Choose at most three months."))
        return values
