"""Share links as their people use them: at the page, at the consent page, and back."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.test import Client as Browser
from django.urls import reverse

from apps.clients.models import Administration
from apps.exact import models, sharing
from apps.exact.models import ShareLink
from apps.exact.visitor import Visitor
from tests.people.factories import UserFactory

FIRM = [3100101, 3100102, 3100201, 3100301]
SETTLED: tuple[type[Model], ...] = (
    models.Connection,
    models.Division,
    models.SyncPlan,
    models.SyncState,
    models.Relation,
    models.Journal,
    Administration,
)
# What a sign-in of a known Exact user must store, for Exact has ended the chain before it (Exact facts 1.3).
OF_CHAIN = {
    "access_token",
    "refresh_token",
    "issued_at",
    "expires_at",
    "connected_at",
    "version",
    "lease",
    "leased_until",
}


def rows(*, but: Iterable[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Return every row of what a reconnect must leave alone, without the columns of `but`."""
    left_out = set(but)
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name not in left_out}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in SETTLED
    }


def made(administration: Administration, **more: Any) -> tuple[ShareLink, str]:
    """Return a link for an administration and the address of its page."""
    link, token = sharing.make(administration, UserFactory(first_name="Marieke", last_name="de Wit"), **more)
    return link, reverse("exact:share", args=(token,))


def to_exact(browser: Browser, address: str) -> str:
    """Press the button; return the address of the consent page."""
    page = browser.post(address)
    return str(page.context["address"])


def sign_in(browser: Browser, address: str, user: str, divisions: list[int] = FIRM) -> Any:
    """Go through the whole way as this Exact user; return the page that the person ends on."""
    back = Visitor().consent(to_exact(browser, address), divisions=divisions, user=user)
    return browser.get(back, follow=True)


def text(page: Any) -> str:
    """Return the words of a page."""
    return str(page.content.decode()).replace("&quot;", '"').replace("&#x27;", "'")
