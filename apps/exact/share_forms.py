"""What is filled in to make a share link."""

from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Administration
from apps.exact import linking, share_mail_words, sharing
from apps.exact.countries import COUNTRIES
from apps.exact.models import ExactApp
from apps.people.models import User


class _Countries(forms.ModelChoiceField[ExactApp]):
    """Registrations by their country: their names are for administrators."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the country, and the host people know it by."""
        return f"{COUNTRIES.get(obj.country, obj.country)} ({urlsplit(obj.base_url).hostname})"


class ShareLinkForm(forms.Form):
    """For which administration a share link is, and for whom. `user` sees the administrations to choose from.

    The country is asked where there is more than one registration at Exact.
    """

    administration = forms.ModelChoiceField(Administration.objects.none(), label=_("administration"))
    for_whom = forms.CharField(label=_("for whom"), max_length=200, required=False)
    email = forms.EmailField(label=_("e-mail address"), required=False)
    language = forms.ChoiceField(label=_("language of the mail"), choices=settings.LANGUAGES)
    days = forms.IntegerField(label=_("valid for days"), min_value=1, max_value=sharing.LONGEST)
    by_mail = forms.BooleanField(label=_("send the link by e-mail"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Administration.objects.visible_to(user).filter(package__in=linking.WITH_DIVISION)
        field = cast("forms.ModelChoiceField[Administration]", self.fields["administration"])
        field.queryset = rows.order_by("name")
        apps = ExactApp.objects.order_by("-is_default", "country")
        if len(apps) > 1:
            self.fields["app"] = _Countries(
                apps,
                label=_("country"),
                initial=apps[0].pk,
                help_text=_(
                    "In which country's Exact Online the books are. What is linked stays where it is."
                ),
            )
        self.fields["days"].initial = min(settings.SHARE_LINK_DAYS, sharing.LONGEST)

    def clean(self) -> dict[str, Any]:
        """Refuse a mail to nobody, and one whose link would lead nowhere."""
        values = super().clean() or {}
        if values.get("by_mail") and not values.get("email"):
            self.add_error("email", _("Write the e-mail address that the link is sent to."))
        if values.get("by_mail") and not share_mail_words.can_be_sent():
            self.add_error("by_mail", _("Mails need PUBLIC_URL in the environment; copy the link by hand."))
        return values
