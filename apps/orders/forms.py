"""What people fill in about an order as a whole, and about how an administration takes orders."""

import re
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Administration
from apps.orders.models import OrderTerms

REASONS = (
    ("not_ours", gettext_lazy("not for us")),
    ("no_order", gettext_lazy("not an order")),
    ("double", gettext_lazy("a double")),
    ("other", gettext_lazy("something else")),
)
BRACES = re.compile(r"\{([^{}]*)\}")


class IgnoreForm(forms.Form):
    """Why an order is put aside."""

    reason = forms.ChoiceField(choices=REASONS)
    words = forms.CharField(max_length=200, required=False)

    def why(self) -> str:
        """Return the reason in words."""
        reason = str(dict(REASONS)[self.cleaned_data["reason"]])
        words = self.cleaned_data["words"]
        return f"{reason}: {words}" if words else reason


class RouteForm(forms.Form):
    """The administration of an order."""

    administration = forms.ModelChoiceField(queryset=Administration.objects.none())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Administration.objects.visible_to(user).order_by("name")
        cast(forms.ModelChoiceField[Administration], self.fields["administration"]).queryset = choices


class TermsForm(forms.ModelForm[OrderTerms]):
    """How an administration takes orders."""

    class Meta:
        model = OrderTerms
        fields = ("administration", "takes_orders", "price_band", "description")

    def clean_description(self) -> str:
        """Return what orders are called. Raises ValidationError for a word in braces that means nothing."""
        text: str = self.cleaned_data["description"].strip()
        if [word for word in BRACES.findall(text) if word != "number"] or re.search(
            r"[{}]", BRACES.sub("", text)
        ):
            raise forms.ValidationError(
                _("Only {number} may stand in braces; it becomes the number on the order.")
            )
        return text
