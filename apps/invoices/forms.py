"""What people fill in on the page of a document."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Administration
from apps.invoices.models import InvoiceLine
from apps.invoices.reviewing import LineEdit

REASONS = (
    ("not_ours", _("not for us")),
    ("no_invoice", _("not an invoice")),
    ("double", _("a double")),
    ("other", _("something else")),
)
CODES = ("gl_code", "vat_code", "cost_center", "cost_unit")


class IgnoreForm(forms.Form):
    """Why a document is put aside."""

    reason = forms.ChoiceField(choices=REASONS)
    words = forms.CharField(max_length=200, required=False)

    def why(self) -> str:
        """Return the reason in words."""
        reason = str(dict(REASONS)[self.cleaned_data["reason"]])
        words = self.cleaned_data["words"]
        return f"{reason}: {words}" if words else reason


class RouteForm(forms.Form):
    """The administration of a document."""

    administration = forms.ModelChoiceField(queryset=Administration.objects.none())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Administration.objects.visible_to(user).order_by("name")
        self.fields["administration"].queryset = choices  # type: ignore[attr-defined]


def edits_in(data: QueryDict, lines: list[InvoiceLine]) -> list[LineEdit]:
    """Return the codes filled in for `lines`; a field is called `<code>-<line id>`. A code may carry its text."""
    return [
        LineEdit(line.pk, **{code: _code(data.get(f"{code}-{line.pk}", "")) for code in CODES})
        for line in lines
    ]


def _code(text: str) -> str:
    """Return the code of "4000 - Office supplies", as the list of suggestions writes it."""
    return text.split(" - ", 1)[0].strip()[:60]
