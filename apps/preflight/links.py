"""The page on which a point of a preflight is mended here."""

from typing import Any

from django.urls import reverse

from apps.exact.models import DigitalMailbox
from apps.preflight.models import Preflight

LINKS: dict[str, str] = {  # the page on which it is mended here, by name
    "connection": "admin:exact_connection_changelist",
    "user_kind": "admin:exact_connection_changelist",
    "digital_mailbox": "admin:exact_digitalmailbox_change",
    "methods": "admin:clients_administration_change",
    "journal": "admin:clients_administration_change",
    "vat": "admin:rules_vattable_changelist",
    "accounts": "admin:exact_glaccount_changelist",
    "bare": "admin:exact_relation_changelist",
    "same_kvk": "admin:exact_relation_changelist",
    "same_vat": "admin:exact_relation_changelist",
    "same_iban": "admin:exact_relation_changelist",
}
_FILTERS = {"rules": "administration", "exact": "division__administration"}


def address(user: Any, kept: Preflight, key: str) -> str:
    """Return the address of the page for the point `key`, "" without one that this person may open."""
    name = LINKS.get(key, "")
    if not name:
        return ""
    app, model, _page = name.removeprefix("admin:").split("_")
    if not user.has_perm(f"{app}.view_{model}"):
        return ""
    if model == "digitalmailbox":
        return _mailbox(kept)
    if name.endswith("_change"):
        return reverse(name, args=[kept.administration_id])
    one = "" if model == "connection" else f"?{_FILTERS[app]}__id__exact={kept.administration_id}"
    return reverse(name) + one


def _mailbox(kept: Preflight) -> str:
    """Return the mailbox's own page; before there is one, that of the administration, where it is set up."""
    key = (
        DigitalMailbox.objects.filter(administration=kept.administration_id)
        .values_list("pk", flat=True)
        .first()
    )
    if key is None:
        return reverse("admin:clients_administration_change", args=[kept.administration_id])
    return reverse(LINKS["digital_mailbox"], args=[key])
