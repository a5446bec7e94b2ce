"""What a person sees of an order and does with it, all by its pages and as a browser sends it."""

from collections.abc import Iterator
from html import unescape
from typing import Any

from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from lxml import html

from apps.core.causes import ADVICE, Cause
from apps.orders.acts import Act
from apps.orders.models import Outcome, PurchaseOrder, Standing, State
from apps.people.models import Role
from tests import office
from tests.flows.arriving import work
from tests.flows.purchasing import in_exact, stored

HOLD_BACK = 7  # minutes until an accepted order is sent and its result is taken back
LANGUAGES = ("nl", "en")


def person(language: str = "en") -> Browser:
    """Return the browser of somebody who may do everything."""
    return office.browser(office.person(Role.ADMINISTRATOR, is_superuser=True, language=language))


def page(order: PurchaseOrder) -> str:
    """Return the address of an order."""
    return reverse("admin:orders_purchaseorder_change", args=(order.pk,))


def text(browser: Browser, address: str) -> str:
    """Return what a page says."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def press(browser: Browser, order: PurchaseOrder, verb: str, **values: str) -> str:
    """Send the form of a button on the page of an order, with other `values` than it shows; return what follows."""
    address = reverse("admin:orders_purchaseorder_act", args=(order.pk, verb))
    forms = _read(text(browser, page(order))).forms
    (form,) = [
        one
        for one in forms
        if (one.action or "").partition("?")[0] == address and values.keys() <= {*one.fields}
    ]
    shown = {str(name): value for name, value in form.form_values()}
    answer = browser.post(form.action, shown | values, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def accept(browser: Browser, number: str, *, before: int = 0) -> None:
    """Accept a proposed order, and wait until it is in Exact; `before`: how many of its number are there already."""
    waiting = stored(number)
    assert waiting.state == State.PROPOSED, (waiting.cause, waiting.detail)
    assert len(in_exact(number)) == before
    press(browser, waiting, "accept")
    work(HOLD_BACK)


def is_done_and_found_again(browser: Browser, number: str, original: bytes) -> None:
    """Hold an order against its end: made once, open in Exact, with its link and its original on its page."""
    ours = stored(number)
    ended = (ours.state, ours.outcome, ours.standing)
    assert ended == (State.DONE, Outcome.ORDERED, Standing.OPEN), ours.detail
    shown = unescape(text(browser, page(ours)))
    assert ours.exact_number in shown
    assert ours.exact_url in shown
    address = reverse("admin:intake_part_original", args=(ours.part_id,))
    assert address in shown
    assert browser.get(address).content == original


def waits_for(order: PurchaseOrder, cause: str, button: Act) -> None:
    """Hold an order against its cause, and its page against sentence, remedy and button in both languages.

    A button that is the main one in `acts` is so on the page.
    """
    assert (order.state, order.cause) == (State.ATTENTION, cause), order.detail
    said = {}
    for language in LANGUAGES:
        shown = text(person(language), page(order))
        with translation.override(language):
            said[language] = {
                str(ADVICE[cause].sentence),
                str(ADVICE[cause].remedy),
                str(capfirst(Cause(cause).label)),
            }
            assert all(
                words in unescape(shown) for words in (*said[language], *order.detail.splitlines()[:1])
            )
            assert (str(button.label), button.key, button.is_main) in _buttons(shown)
    assert said["nl"].isdisjoint(said["en"])


def _buttons(shown: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the buttons of a page: the words, the key, and whether it is the main one."""
    for button in _read(shown).find_class("pk-buttons")[0].find_class("pk-button"):
        key, icon = button.get("data-key", ""), button.find("span").text
        words = button.text_content().replace(icon, "", 1).strip().removesuffix(key).strip()
        yield words, key, "pk-main" in button.classes


def _read(shown: str) -> Any:
    return html.fromstring(shown)
