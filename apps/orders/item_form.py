"""A new item for Exact as a person fills it in, pre-filled from what the document says of it."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.exact.models import Division, ItemGroup, Unit, VATCode
from apps.intake.order_sheets.figures import written
from apps.items import unit_codes
from apps.items.models import ItemQuestion
from apps.orders.item_plans import CODE_LENGTH, DESCRIPTION_LENGTH, NewItem, wrong_with
from apps.orders.models import ItemWrite
from apps.orders.typed_values import figure_in

NOTHING = [("", "-")]


class ItemForm(forms.Form):
    """The card of a new item. Figures are texts, for they are written with a comma or a point."""

    code = forms.CharField(label=gettext_lazy("item code"), max_length=CODE_LENGTH)
    description = forms.CharField(label=gettext_lazy("description"), max_length=DESCRIPTION_LENGTH)
    group = forms.ChoiceField(label=gettext_lazy("item group"), required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("unit"),
        help_text=gettext_lazy("What stock and use are counted in. Exact does not let it be changed later."),
    )
    purchase_unit = forms.ChoiceField(
        label=gettext_lazy("purchase unit"),
        required=False,
        help_text=gettext_lazy("What this supplier sells; nothing: the same unit."),
    )
    factor = forms.CharField(
        label=gettext_lazy("units in one purchase unit"), max_length=20, initial="1", required=False
    )
    price = forms.CharField(label=gettext_lazy("price per purchase unit, without VAT"), max_length=40)
    vat_code = forms.ChoiceField(label=gettext_lazy("VAT code of purchases"), required=False)
    is_fraction_allowed = forms.BooleanField(
        label=gettext_lazy("parts of a unit may be ordered"), required=False
    )

    def __init__(self, *args: Any, division: Division, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.division = division
        units = [(unit.code, f"{unit.code} {unit.description}") for unit in _of(Unit, division)]
        codes = [(code.code, str(code)) for code in _of(VATCode, division).filter(blocked=False)]
        groups = [(str(group.exact_id), str(group)) for group in _of(ItemGroup, division)]
        choices = {"unit": units, "purchase_unit": NOTHING + units, "vat_code": NOTHING + codes}
        for name, rows in {**choices, "group": NOTHING + groups}.items():
            cast(forms.ChoiceField, self.fields[name]).choices = rows

    def clean_factor(self) -> Decimal:
        """Return the factor, one for none."""
        text = str(self.cleaned_data["factor"]).strip()
        return figure_in(text) if text else Decimal(1)

    def clean_price(self) -> Decimal:
        """Return the price."""
        return figure_in(str(self.cleaned_data["price"]))

    def clean(self) -> dict[str, Any]:
        """Refuse what Exact would refuse, each beside its field."""
        values = super().clean() or self.cleaned_data
        if not self.errors:
            for name, words in wrong_with(self.item(), self.division).items():
                self.add_error(name, words)
        return values

    def item(self) -> NewItem:
        """Return what was filled in."""
        names = (name for name in self.fields if name in NewItem.__slots__)
        return NewItem(**{name: self.cleaned_data[name] for name in names})


def initial_of(question: ItemQuestion, division: Division, write: ItemWrite | None) -> dict[str, Any]:
    """Return what the form begins with: what was sent before, else what the document says of the item."""
    if write is not None:
        sent = {name: write.values.get(name, "") for name in ItemForm.base_fields}
        figures = {name: sent[name].replace(".", ",") for name in ("factor", "price")}
        return {**sent, **figures, "is_fraction_allowed": sent["is_fraction_allowed"] == "True"}
    units = _of(Unit, division).values_list("code", flat=True)
    return {
        "code": (question.buyer_item or question.seller_item)[:CODE_LENGTH],
        "description": question.name[:DESCRIPTION_LENGTH],
        "unit": next((code for code in units if unit_codes.are_one(question.unit, code)), ""),
        "factor": "1",
        "price": written(question.price),
    }


def says(question: ItemQuestion) -> list[tuple[str, str]]:
    """Return what the document says of the item, as (what, how it is written)."""
    model: Any = ItemQuestion
    fields = ("name", "seller_item", "buyer_item", "gtin", "unit")
    found = [(str(model._meta.get_field(name).verbose_name), getattr(question, name)) for name in fields]
    price = (_("price"), written(question.price))
    return [(label, value) for label, value in (*found, price) if value]


def _of(model: Any, division: Division) -> Any:
    return model.objects.filter(division=division).order_by("code").defer("raw")
