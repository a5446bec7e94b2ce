"""An order as a person fills it in: its head, and a row for each line. Rows that are left empty do not count."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from secrets import token_hex
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Administration
from apps.core.addresses import typed_in
from apps.intake import enclosures, uploading
from apps.intake.detection import Format
from apps.intake.order import OrderDocument, OrderKind, OrderLine
from apps.intake.order_sheets import figures
from apps.orders import picking, typing
from apps.orders.forms import figure_in, percentage_in

USUAL_RATE = "21"  # percent, of most of what is bought in the Netherlands
ROWS = 8  # empty ones of a new form; without scripts there are more at a press
MOST_ROWS = 500
FIGURES = ("quantity", "price", "discount", "rate")


class Day(forms.DateField):
    """A date as the browser's own field sends it, or as people write it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        """Return the date. Raises ValidationError for what is none."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        found = figures.day(value)
        if found is None:
            raise forms.ValidationError(
                _("“%(text)s” is not a date. Write it as 31-12-2026.") % {"text": value[:40]}
            )
        return found


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
        self.fields["administration"].queryset = choices  # type: ignore[attr-defined]
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


class LineForm(forms.Form):
    """One line. Figures are texts, for they are written with a comma or a point."""

    item = forms.CharField(label=gettext_lazy("our item code"), max_length=200, required=False)
    seller_item = forms.CharField(
        label=gettext_lazy("item code of the supplier"), max_length=60, required=False
    )
    description = forms.CharField(label=gettext_lazy("description"), max_length=500, required=False)
    quantity = forms.CharField(label=gettext_lazy("quantity"), max_length=40, required=False)
    unit = forms.CharField(label=gettext_lazy("unit"), max_length=20, required=False)
    price = forms.CharField(label=gettext_lazy("price without VAT"), max_length=40, required=False)
    discount = forms.CharField(label=gettext_lazy("discount (%)"), max_length=40, required=False)
    receipt_date = Day(label=gettext_lazy("wanted on"), required=False)
    rate = forms.CharField(label=gettext_lazy("VAT (%)"), max_length=40, required=False)
    cost_center = forms.CharField(label=gettext_lazy("cost centre"), max_length=60, required=False)
    cost_unit = forms.CharField(label=gettext_lazy("cost unit"), max_length=60, required=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not any(typed_in(self[name].value() or "") for name in self.fields)

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
        if not any(values.get(name) for name in ("item", "seller_item", "description")):
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


class _Lines(forms.BaseFormSet):  # type: ignore[type-arg]
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


def is_item_known(form: OrderForm, lines: Any) -> bool:
    """Tell whether every item code that was typed is one; those that are not are told on their rows. One query."""
    administration = form.cleaned_data["administration"]
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


def document_of(form: OrderForm, lines: Any) -> OrderDocument:
    """Return the order that valid forms say."""
    values, relation = form.cleaned_data, form.cleaned_data["relation"]
    filled = [one.cleaned_data for _number, one in lines.filled]
    return OrderDocument(
        kind=OrderKind.ORDER,
        format=Format.ORDER_SHEET,
        number=values["number"],
        issue_date=values["order_date"],
        currency=values["currency"],
        seller=typing.seller_of(relation),
        seller_code=relation.code,
        administration=values["administration"].slug,
        buyer_reference=values["buyer_reference"],
        delivery_date=values["receipt_date"],
        note=values["note"],
        lines=tuple(_line(position, row, values["rate"]) for position, row in enumerate(filled, start=1)),
    )


def _line(position: int, values: dict[str, Any], rate: Decimal | None) -> OrderLine:
    item = values.get("row")
    quantity: Decimal = values["quantity"]
    return OrderLine(
        position=position,
        number=str(position),
        name=values["description"] or (item.description if item else values["seller_item"]),
        seller_item=values["seller_item"],
        buyer_item=item.code if item else "",
        quantity=quantity,
        unit=values["unit"],
        price=values["price"],
        discount=values["discount"],
        rate=rate if values["rate"] is None else values["rate"],
        delivery_date=values["receipt_date"],
        cost_centre=values["cost_center"],
        cost_unit=values["cost_unit"],
    )
