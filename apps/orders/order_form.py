"""The head of an order as a person fills it in."""

from decimal import Decimal
from secrets import token_hex
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Administration
from apps.intake import enclosures, uploading
from apps.orders import picking
from apps.orders.typed_values import Day, percentage_in

USUAL_RATE = "21"  # percent, of most of what is bought in the Netherlands


def _new_mark() -> str:
    return token_hex(16)


class OrderForm(forms.Form):
    """The head of an order."""

    administration = forms.ModelChoiceField(
        label=gettext_lazy("administration"), queryset=Administration.objects.none()
    )
    supplier = forms.CharField(
        label=gettext_lazy("supplier"),
        max_length=200,
        help_text=gettext_lazy("Its code or name in Exact; type a part and choose."),
    )
    number = forms.CharField(label=gettext_lazy("number"), max_length=100)
    order_date = Day(label=gettext_lazy("date"))
    receipt_date = Day(label=gettext_lazy("wanted on"), required=False)
    buyer_reference = forms.CharField(label=gettext_lazy("reference"), max_length=100, required=False)
    currency = forms.CharField(label=gettext_lazy("currency"), max_length=3, initial="EUR", required=False)
    rate = forms.CharField(
        label=gettext_lazy("VAT (%)"),
        max_length=10,
        initial=USUAL_RATE,
        required=False,
        help_text=gettext_lazy("For lines that say nothing else."),
    )
    original = forms.FileField(
        label=gettext_lazy("file that shows it"),
        required=False,
        help_text=gettext_lazy("A PDF or picture, if there is one. It goes to Exact with the order."),
    )
    mark = forms.RegexField(r"^[0-9a-f]{32}$", required=False, initial=_new_mark, widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, user: Any, of: Administration | None = None, **kwargs: Any) -> None:
        """`of`: whose order it is already; its file is there as well."""
        super().__init__(*args, **kwargs)
        choices = Administration.objects.visible_to(user).filter(division__isnull=False).order_by("name")
        cast(forms.ModelChoiceField[Administration], self.fields["administration"]).queryset = choices
        if "administration" not in self.initial and len(only := choices[:2]) == 1:
            self.initial["administration"] = only[0].pk
        if of is not None:
            self.initial["administration"] = of.pk
            self.fields["administration"].disabled = True
            del self.fields["original"]

    def clean_original(self) -> tuple[str, bytes] | None:
        """Return name and bytes of the file, None without one. Raises ValidationError for what shows no order."""
        file = self.cleaned_data["original"]
        if not file:
            return None
        _taken, refused = uploading.sorted_out([file])
        if refused:
            raise forms.ValidationError(refused[0].reason)
        content: bytes = file.read()
        if not enclosures.picture_or_pdf(content):
            raise forms.ValidationError(_("This is no PDF and no picture."))
        return str(file.name), content

    def clean_currency(self) -> str:
        """Return the currency in capitals."""
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean_rate(self) -> Decimal | None:
        """Return the VAT rate of lines that say none, None for none."""
        text = str(self.cleaned_data["rate"]).removesuffix("%").strip()
        return percentage_in(text) if text else None

    def clean(self) -> dict[str, Any]:
        """Find the supplier in the administration."""
        values = super().clean() or self.cleaned_data
        administration, typed = values.get("administration"), values.get("supplier")
        if administration is None or not typed:
            return values
        values["relation"] = picking.supplier_called(administration, typed)
        if values["relation"] is None:
            self.add_error("supplier", _no_supplier(administration, typed))
        return values


def _no_supplier(administration: Administration, typed: str) -> str:
    """Return that no supplier is called so, and which ones may be meant."""
    like = picking.suppliers_like(administration, typed)[:3]
    if not like:
        return _("No supplier of this administration fits “%(text)s”.") % {"text": typed}
    names = "; ".join(f"{one.code} {one.name}" for one in like)
    return _("Which one? Type the code: %(names)s.") % {"names": names}
