"""Figures, percentages and days as people type them in a form."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from apps.intake.order_sheets import figures


class Day(forms.DateField):
    """A date as the browser's own field sends it, or as people write it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        """Return the date. Raises ValidationError for what is none."""
        if not isinstance(value, str):
            return super().to_python(value)
        return day_in(value) if value.strip() else None


def day_in(text: str) -> date:
    """Return the date that somebody typed. Raises ValidationError for none."""
    value = figures.day(text)
    if value is None:
        raise forms.ValidationError(
            _("“%(text)s” is not a date. Write it as 31-12-2026.") % {"text": text[:40]}
        )
    return value


def figure_in(text: str, mark: str = "") -> Decimal:
    """Return the figure that somebody typed, with a decimal comma or point. Raises ValidationError for none."""
    try:
        value = figures.number(text, mark)
    except figures.Unclear:
        words = _("“%(text)s” can be read in two ways. Write it without a mark between the thousands.")
        raise forms.ValidationError(words % {"text": text}) from None
    if value is None:
        raise forms.ValidationError(_("“%(text)s” is not a number.") % {"text": text[:40]})
    return value


def percentage_in(text: str) -> Decimal:
    """Return the percentage that somebody typed, from 0 to 100. Raises ValidationError for none."""
    value = figure_in(text)
    if not 0 <= value <= 100:
        raise forms.ValidationError(_("“%(text)s” is not a percentage from 0 to 100.") % {"text": text[:40]})
    return value
