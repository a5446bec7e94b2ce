"""What mails about share links say, in the language of the moment: each a subject and a body."""

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from apps.core import clock
from apps.exact.models import ShareLink


def can_be_sent() -> bool:
    """Tell whether a link in a mail would lead here."""
    return bool(settings.PUBLIC_URL)


def invitation(link: ShareLink) -> tuple[str, str]:
    """Return what asks somebody to connect; the token of the link is still kept."""
    values = {
        "administration": link.administration,
        "who": link.made_by or settings.FIRM_NAME,
        "date": formats.date_format(clock.local_date(link.expires_at)),
    }
    lines = [
        _("%(who)s asks you to connect %(administration)s with Exact Online.") % values,
        _(
            "Open this page, read what is asked, and sign in to Exact Online there. You need no account for it."
        ),
        f"{settings.PUBLIC_URL}{reverse('exact:share', args=(link.unsent,))}",
        _("The link works once, until %(date)s. It is meant for you: do not send it on.") % values,
    ]
    return _("Connect %(administration)s with Exact Online") % values, "\n\n".join(lines) + "\n"


def report(link: ShareLink) -> tuple[str, str]:
    """Return what tells the maker of a link how it stands."""
    values = {
        "administration": link.administration,
        "who": link.for_whom or link.email or link.user_name,
        "status": _("could not be sent") if link.is_unmailed else link.get_state_display(),
    }
    page = f"{settings.PUBLIC_URL}{reverse('admin:exact_sharelink_change', args=(link.pk,))}"
    said = link.said.get(translation.get_language() or "", link.trouble)
    lines = [
        _("The share link of %(administration)s for %(who)s: %(status)s.") % values,
        said,
        page if settings.PUBLIC_URL else "",
    ]
    subject = _("Share link of %(administration)s: %(status)s") % values
    return subject, "\n\n".join(filter(None, lines)) + "\n"
