"""What people fill in on the page of a document."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Administration
from apps.exact.models import PaymentCondition
from apps.invoices import card_checks, card_fields
from apps.invoices.card_proposals import Proposed
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


class SupplierForm(forms.Form):
    """The card of a new supplier, one field for each of `card_fields.FIELDS`. Numbers are not refused, only marked."""

    def __init__(self, *args: Any, proposed: list[Proposed], administration: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = proposed
        conditions = PaymentCondition.objects.filter(division__administration=administration).order_by("code")
        for one in proposed:
            field = forms.CharField(
                label=one.field.label, required=False, max_length=one.field.longest, help_text=one.field.hint
            )
            self.fields[one.field.name] = field
            self.initial[one.field.name] = one.value
        if "payment_condition" in self.fields:
            codes = [(condition.code, str(condition)) for condition in conditions.defer("raw")]
            self.fields["payment_condition"] = forms.ChoiceField(
                label=card_fields.BY_NAME["payment_condition"].label,
                required=False,
                choices=[("", "-"), *codes],
            )

    def clean(self) -> dict[str, Any]:
        """Refuse what Exact is known to refuse, each beside its field."""
        values = super().clean() or {}
        if "name" in self.fields:
            for name, words in card_checks.refusals(card_checks.cleaned(values)).items():
                if name not in self.errors:
                    self.add_error(name, words)
        return self.cleaned_data

    def rows(self) -> list[dict[str, Any]]:
        """Return each field with where its value comes from and what is doubtful about what stands there now."""
        now = {name: str(self[name].value() or "") for name in self.fields}
        wrong = card_checks.doubts(now)
        return [
            {
                "field": self[one.field.name],
                "source": one.source if now[one.field.name] == one.value else "",
                "doubt": wrong.get(one.field.name, "")
                or (one.doubt if now[one.field.name] == one.value else ""),
            }
            for one in self.proposed
        ]


def edits_in(data: QueryDict, lines: list[InvoiceLine]) -> list[LineEdit]:
    """Return the codes filled in for `lines`; a field is called `<code>-<line id>`. A code may carry its text."""
    return [
        LineEdit(line.pk, **{code: _code(data.get(f"{code}-{line.pk}", "")) for code in CODES})
        for line in lines
    ]


def _code(text: str) -> str:
    """Return the code of "4000 - Office supplies", as the list of suggestions writes it."""
    return text.split(" - ", 1)[0].strip()[:60]
