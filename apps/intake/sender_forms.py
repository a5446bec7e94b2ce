"""Forms of the senders whose mail an administration takes."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Administration
from apps.intake import senders
from apps.intake.models import AllowedSender

_NEITHER = _("%(text)s is neither an e-mail address nor @domain.")
MOST_LINES = 2_000


class AllowedSenderForm(forms.ModelForm[AllowedSender]):
    """One sender."""

    class Meta:
        model = AllowedSender
        fields = ("administration", "pattern")

    def clean_pattern(self) -> str:
        """Return the sender as the list keeps it."""
        return _pattern(str(self.cleaned_data["pattern"]))


class SenderLinesForm(forms.Form):
    """Many senders at once, one a line, as they come from a list or an address book."""

    administration = forms.ModelChoiceField(label=_("Administration"), queryset=Administration.objects.none())
    lines = forms.CharField(
        label=_("Senders"), widget=forms.Textarea(attrs={"rows": 14}), max_length=MOST_LINES * 100
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Administration.objects.visible_to(user).order_by("name")
        cast("forms.ModelChoiceField[Administration]", self.fields["administration"]).queryset = choices

    def clean_lines(self) -> list[str]:
        """Return the senders as the list keeps them; every line that is none is named."""
        lines = [one.strip(" \t;,") for one in str(self.cleaned_data["lines"]).splitlines()]
        wanted = [line for line in lines if line]
        wrong = [line for line in wanted if not senders.pattern_of(line)]
        if wrong:
            raise forms.ValidationError(
                [forms.ValidationError(_NEITHER, params={"text": line[:100]}) for line in wrong[:20]]
            )
        return [senders.pattern_of(line) for line in wanted]


def _pattern(text: str) -> str:
    pattern = senders.pattern_of(text)
    if not pattern:
        raise forms.ValidationError(_NEITHER, params={"text": text[:100]})
    return pattern
