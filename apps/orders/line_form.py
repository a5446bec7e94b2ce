"""The lines of an order as a person fills them in, a row for each. Rows that are left empty do not count."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Administration
from apps.core.addresses import typed_in
from apps.orders import picking
from apps.orders.typed_values import Day, figure_in, percentage_in

ROWS = 8  # empty ones of a new form; without scripts there are more at a press
MOST_ROWS = 500
FIGURES = ("quantity", "price", "discount", "rate")
BARCODE = re.compile(r"[0-9]{8,14}")
SAYS_WHICH = ("item", "seller_item", "gtin", "description")


class LineForm(forms.Form):
    """One line. Figures are texts, for they are written with a comma or a point."""

    item = forms.CharField(label=gettext_lazy("our item code"), max_length=200, required=False)
    seller_item = forms.CharField(
        label=gettext_lazy("item code of the supplier"), max_length=60, required=False
    )
    gtin = forms.CharField(label=gettext_lazy("barcode (GTIN)"), max_length=40, required=False)
    description = forms.CharField(label=gettext_lazy("description"), max_length=500, required=False)
    quantity = forms.CharField(label=gettext_lazy("quantity"), max_length=40, required=False)
    unit = forms.CharField(label=gettext_lazy("unit"), max_length=20, required=False)
    price = forms.CharField(label=gettext_lazy("price without VAT"), max_length=40, required=False)
    discount = forms.CharField(label=gettext_lazy("discount (%)"), max_length=40, required=False)
    receipt_date = Day(label=gettext_lazy("wanted on"), required=False)
    rate = forms.CharField(label=gettext_lazy("VAT (%)"), max_length=40, required=False)
    cost_center = forms.CharField(label=gettext_lazy("cost centre"), max_length=60, required=False)
    cost_unit = forms.CharField(label=gettext_lazy("cost unit"), max_length=60, required=False)
    project = forms.CharField(label=gettext_lazy("project"), max_length=250, required=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not any(typed_in(self[name].value() or "") for name in self.fields)

    def clean_gtin(self) -> str:
        """Return the barcode without the spaces that people write in it. Raises ValidationError for what is none."""
        text = "".join(str(self.cleaned_data["gtin"]).split())
        if text and not BARCODE.fullmatch(text):
            raise forms.ValidationError(_("A barcode has 8 to 14 figures, and nothing else."))
        return text

    def clean(self) -> dict[str, Any]:
        """Read the figures; a line that says anything says how many of what."""
        values = super().clean() or self.cleaned_data
        if self.is_empty:
            return values
        for name in FIGURES:
            if text := str(values.get(name) or "").strip():
                self._read(name, text.removesuffix("%").strip())
            elif name in values:
                values[name] = None
        if values.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", _("Fill in how many."))
        if not any(values.get(name) for name in SAYS_WHICH):
            self.add_error("item", _("Say which item: our code, the supplier's code, or what it is."))
        return values

    def _read(self, name: str, text: str) -> None:
        try:
            value = percentage_in(text) if name in {"discount", "rate"} else figure_in(text)
        except forms.ValidationError as problem:
            self.add_error(name, problem)
            return
        if name == "quantity" and value <= 0:
            self.add_error(name, _("Fill in how many: more than nothing."))
        else:
            self.cleaned_data[name] = value


class _Lines(forms.BaseFormSet[LineForm]):
    @property
    def filled(self) -> list[tuple[int, Any]]:
        """The rows that say something, with their numbers as people see them."""
        return [(number, form) for number, form in enumerate(self.forms, start=1) if not form.is_empty]

    def clean(self) -> None:
        """Refuse an order of nothing."""
        if not self.filled:
            raise forms.ValidationError(_("Fill in at least one line."))

    @property
    def problems(self) -> Iterator[tuple[int, str, str]]:
        """Each problem as (number of the row, name of the field, what is wrong with it)."""
        for number, form in self.filled:
            for name, errors in form.errors.items():
                label = str(form.fields[name].label) if name in form.fields else ""
                yield number, label, " ".join(errors)


Lines = forms.formset_factory(
    LineForm,
    formset=_Lines,
    extra=ROWS,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
)


def is_item_known(administration: Administration, lines: Any) -> bool:
    """Tell whether every item code that was typed is one; those that are not are told on their rows. One query."""
    typed = {one.cleaned_data["item"] for _number, one in lines.filled if one.cleaned_data.get("item")}
    items = picking.items_called(administration, typed)
    for _number, one in lines.filled:
        text = one.cleaned_data.get("item")
        if text and text not in items:
            words = _("Exact has no item “%(text)s” here, or several. Type a code.")
            one.add_error("item", words % {"text": text})
        elif text:
            one.cleaned_data["row"] = items[text]
    return all(one.is_valid() for _number, one in lines.filled)
