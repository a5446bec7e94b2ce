"""The look of the admin: Unfold's settings. Data only."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy


def _item(title: Any, icon: str, view: str, *, query: str = "", **more: Any) -> dict[str, Any]:
    def link(request: Any) -> str:
        return str(reverse_lazy(view)) + query

    return {"title": title, "icon": icon, "link": link, **more}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Postkamer",
    "SITE_HEADER": "Postkamer",
    "SITE_SYMBOL": "markunread_mailbox",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [lambda request: static("postkamer.css")],
    "SCRIPTS": [lambda request: static("postkamer.js")],
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": []},
}
