"""What people fill in on the page of a document."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Administration
from apps.exact.models import Division, PaymentCondition
from apps.invoices import card_checks, card_fields
from apps.invoices.account_words import BETWEEN, Accounts, UnknownAccount, account_in
from apps.invoices.card_proposals import Proposed
from apps.invoices.models import Invoice, InvoiceLine
from apps.invoices.reviewing import LineEdit, Refused
from apps.rules.books import books_of, history_of

REASONS = (
    ("not_ours", gettext_lazy("not for us")),
    ("no_invoice", gettext_lazy("not an invoice")),
    ("double", gettext_lazy("a double")),
    ("other", gettext_lazy("something else")),
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


def accounts_of(invoice: Invoice) -> Accounts:
    """Return what may be typed into the account fields of `invoice`. Codes are checked when they are set."""
    division = Division.objects.filter(administration=invoice.administration_id).first()
    if division is None:
        return Accounts({}, lambda: ())
    books = books_of(division)
    names = {code: books.accounts_by_code[code].description for code in books.bookable}

    def past() -> list[str]:
        history = history_of(division, str(invoice.supplier), books.accounts) if invoice.supplier else None
        return [line.gl_code for line in history.lines] if history else []

    return Accounts(names, past)


def edits_in(data: QueryDict, lines: list[InvoiceLine], accounts: Accounts) -> list[LineEdit]:
    """Return the codes filled in for `lines`; a field is called `<code>-<line id>`. A code may carry its text.

    In the account one may also type a name, or a word for another account. Raises Refused for what means none.
    """
    return [_edit(data, line, accounts) for line in lines]


def _edit(data: QueryDict, line: InvoiceLine, accounts: Accounts) -> LineEdit:
    item = data.get(f"item-{line.pk}")
    typed = {code: data.get(f"{code}-{line.pk}", "") for code in CODES}
    if item is not None:  # Exact books it on the account of its item: none is asked
        typed["gl_code"] = line.gl_code
    said = [one["value"] for one in line.rules if one["field"] == "gl_code"]
    by_rule = next((code for code in said if code in accounts.names), said[0] if said else "")
    try:
        account = account_in(typed.pop("gl_code"), accounts, by_rule=by_rule)
    except UnknownAccount as problem:
        words = _("Line %(position)d: %(problem)s")
        raise Refused(words % {"position": line.position, "problem": problem}) from problem
    codes = {name: _code(text) for name, text in typed.items()}
    return LineEdit(line.pk, gl_code=account[:60], item=None if item is None else _code(item), **codes)


def _code(text: str) -> str:
    """Return the code of "4000 - Office supplies", as the list of suggestions writes it."""
    return text.split(BETWEEN, 1)[0].strip()[:60]
