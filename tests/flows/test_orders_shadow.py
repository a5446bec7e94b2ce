"""A trial over fifty orders: nothing is written, and after going live exactly what was predicted is posted."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.clients.models import Administration, Mode
from apps.core.causes import Cause
from apps.exact.models import Division
from apps.orders import shadowing
from apps.orders.models import PurchaseOrder, State, WaitsFor
from apps.orders.shadowing import Predicted
from apps.posting.models import Posting
from apps.sandbox import switches
from apps.sandbox.models import Call, Row
from tests.flows.arriving import upload, work
from tests.flows.conftest import BAKERY
from tests.flows.ordering import HOLD_BACK, person, text
from tests.flows.purchasing import ORDERS, Order, card, lines_in_exact, offers, order, wish

pytestmark = pytest.mark.django_db

COUNT, AT_ONCE = 50, 10
SUPPLIERS = ("10001", "10005", "10002", "10011", "10006", "10009", "10205")
NO_DUTCH_NUMBER = "10009"  # comes as a sheet, with the code of its card
BLOCKED = "10018"
WRITES = ("POST", "PUT", "DELETE")
LIST = "admin:orders_purchaseorder_changelist"


@pytest.fixture
def administration(bakery: Division) -> Administration:
    """The bakery on pilot."""
    switches.change(minute_limit=10_000)
    found = Administration.objects.get(division=bakery)
    found.mode = Mode.PILOT
    found.save(update_fields=["mode"])
    return found


def usual(place: int) -> Order:
    """The `place`-th order: of one supplier after the other, of one to six lines, each third by what is in a box."""
    supplier = card(SUPPLIERS[place % len(SUPPLIERS)])
    sold = offers(supplier)
    wishes = [
        wish(sold[(place + line) % len(sold)], place + line, in_item_units=line % 3 == 2)
        for line in range(place % 6 + 1)
    ]
    return order(supplier, f"BGA-{place:03}", *wishes)


def with_obstacle(place: int) -> tuple[Order, str]:
    """The `place`-th order, every fifth with something in its way, and the cause that it then waits for."""
    meant = usual(place)
    first = meant.wishes[0]
    kind = place // 5 % 5 if place % 5 == 4 else -1
    if kind == 0:
        return meant.with_first(first.but(code=f"ONBEKEND-{place}")), Cause.ITEM_UNKNOWN
    if kind == 1:
        return meant.with_first(first.but(price=first.price * 2)), Cause.NEEDS_APPROVAL
    if kind == 2:
        return meant.with_first(first.but(unit="uur")), Cause.NEEDS_APPROVAL
    if kind == 3:
        blocked = card(BLOCKED)
        return order(
            blocked, meant.number, *(wish(one, place) for one in offers(blocked))
        ), Cause.SUPPLIER_BLOCKED
    if kind == 4:
        before = usual(place - len(SUPPLIERS))  # of the same supplier
        return order(meant.supplier, before.number, *meant.wishes), Cause.POSSIBLE_DOUBLE
    return meant, ""


def file_of(place: int, meant: Order) -> tuple[str, bytes]:
    is_sheet = place % 2 == 1 or meant.supplier["Code"].strip() == NO_DUTCH_NUMBER
    return (f"{place}.xlsx", meant.sheet()) if is_sheet else (f"{place}.xml", meant.ubl())


def came_in(browser: Browser) -> dict[int, str]:
    """Upload fifty orders; return what each one is meant to wait for, by its key."""
    meant = [with_obstacle(place) for place in range(COUNT)]
    for begin in range(0, COUNT, AT_ONCE):
        upload(browser, [file_of(place, meant[place][0]) for place in range(begin, begin + AT_ONCE)])
    files = dict(PurchaseOrder.objects.values_list("part__filename", "pk"))
    assert len(files) == COUNT
    return {files[file_of(place, one)[0]]: cause for place, (one, cause) in enumerate(meant)}


def books() -> Counter[str]:
    """Return how many rows of each kind the sandbox has, and how often it was written to."""
    rows = Counter(Row.objects.filter(division=BAKERY).values_list("resource", flat=True))
    rows["writes"] = Call.objects.filter(method__in=WRITES).exclude(path="oauth2/token").count()
    return rows


def is_as_posted(payload: Mapping[str, Any], row: Row) -> None:
    """Hold an order in the sandbox against what was predicted, in every field that was."""
    lines = lines_in_exact(row)
    predicted = payload["PurchaseOrderLines"]
    assert len(lines) == len(predicted)
    pairs = [(shadowing.unmarked(payload), shadowing.unmarked(row.data)), *zip(predicted, lines, strict=True)]
    for values, posted in pairs:
        for name, value in values.items():
            if name != "PurchaseOrderLines":
                found = posted[name]
                assert (found[:10] if name.endswith("Date") else found) == value, (name, found, value)


def pilot(administration: Administration) -> str:
    return reverse("admin:orders_purchaseorder_pilot", args=(administration.pk,))


def accept_all(browser: Browser) -> None:
    """Accept all proposals in their list."""
    proposed = list(PurchaseOrder.objects.filter(state=State.PROPOSED).values_list("pk", flat=True))
    chosen = {"action": "accept_selected", "_selected_action": proposed}
    answer = browser.post(reverse(LIST) + "?stage=proposed", chosen, follow=True)
    assert f"Done with {len(proposed)} documents." in answer.content.decode()


def by_key(administration: Administration) -> dict[int, Predicted]:
    return {one.order.pk: one for one in shadowing.report(administration)}


def test_fifty_orders_are_posted_as_the_trial_predicted(
    administration: Administration, bakery: Division
) -> None:
    before, browser = books(), person()
    causes = came_in(browser)
    report = by_key(administration)
    assert books() == before
    assert not Posting.objects.exists()

    waiting = {key for key, cause in causes.items() if cause}
    coming = causes.keys() - waiting
    assert {key: one.order.cause for key, one in report.items()} == causes
    assert {key for key, one in report.items() if one.payload} == coming
    assert len(coming) == 40
    assert {one.order.waits_for for key, one in report.items() if key in coming} == {WaitsFor.PILOT}
    shown = text(browser, pilot(administration))
    assert all(report[key].digest in shown for key in coming)
    assert shown.count(">as predicted<") == 0

    answer = browser.post(reverse("admin:invoices_invoice_live", args=(administration.pk,)))
    assert answer.headers["Location"] == reverse("admin:invoices_invoice_changelist")
    work()
    assert books() == before
    assert {key: one.digest for key, one in by_key(administration).items()} == {
        key: one.digest for key, one in report.items()
    }
    accept_all(browser)
    work(HOLD_BACK)

    after = by_key(administration)
    for key, one in after.items():
        assert one.order.state == (State.ATTENTION if key in waiting else State.DONE), one.order.detail
        assert one.order.cause == causes[key]
        if key in coming:
            row = Row.objects.get(resource=ORDERS, key=str(one.order.posting and one.order.posting.exact_id))
            is_as_posted(report[key].payload or {}, row)
            assert one.is_as_posted
    assert {key for key, one in after.items() if one.posted} == coming
    assert all(one.posted_digest == report[key].digest for key, one in after.items() if one.posted)
    assert books()[ORDERS] == before[ORDERS] + len(coming)
    assert text(browser, pilot(administration)).count("as predicted") >= len(coming)
