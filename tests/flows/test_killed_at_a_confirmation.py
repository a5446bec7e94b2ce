"""A process that changes an order as its confirmation says is killed at any line: the end is the same."""

import json

from tests.processes import Place

SCRIPT = '''
import json, os, sys
from datetime import timedelta
from decimal import Decimal
import django
django.setup()
from django.db import connections
from django.utils import translation
from apps.core import clock
from apps.exact import registration, signing_in
from apps.exact.models import Division
from apps.exact.visitor import Visitor
from apps.orders import (
    change_plans, changing, collecting, comparing, confirming, delivering, noticing, taking_over,
)
from apps.orders.models import PurchaseOrder
from apps.posting import changing as writing
from apps.posting.models import Posting
from apps.sandbox import switches
from tests.flows.conftest import BAKERY, link
from tests.orders.confirmations import answer, in_exact, lines_of, put

WORK = (change_plans, changing, collecting, comparing, confirming, delivering, noticing, taking_over, writing)
OURS = {module.__file__ for module in WORK}
EVERY = int(sys.argv[1])
translation.activate("en")
signing_in.complete(Visitor().consent(signing_in.begin(registration.default_app()), divisions=[BAKERY]))
switches.change(minute_limit=100_000, day_limit=1_000_000, error_limit=100_000)
link(BAKERY)
division = Division.objects.select_related("app", "connection", "administration").get(code=BAKERY)


def again(row):
    return PurchaseOrder.objects.select_related("administration__division", "about__posting").get(pk=row.pk)


def forked(work):
    """Run `work` in a process of its own and return how that ended: 0, or 9 for killed."""
    connections.close_all()
    child = os.fork()
    if not child:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            import traceback
            traceback.print_exc()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dying(line):
    """Deliver and die without a word before line number `line` of our own code."""
    left = [line]

    def trace(frame, event, argument):
        if frame.f_code.co_filename not in OURS:
            return None
        if event == "line":
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
        return trace

    sys.settrace(trace)
    delivering.deliver(division, at_once=True)


def make():
    order = put(division)
    response = answer(order, {2: {"quantity": Decimal(15)}, 4: {"price": Decimal("12.75")}})
    confirming.settle(again(response))
    shown = again(response)
    confirming.accept(shown, by="Els", version=shown.version)
    return order, response


made, code, line = [], 9, 1
while code == 9:
    made.append(make())
    code = forked(lambda: dying(line))
    Posting.objects.open().update(next_attempt_at=clock.now() + timedelta(days=1))
    Division.objects.update(lease=None, leased_until=None)  # the lease of the dead ran out
    for _order, response in made[:-1]:
        assert again(response).state in ("READY", "POSTING", "DONE"), again(response).detail
    delivering.deliver(division, at_once=True)
    line += EVERY
assert code == 0
delivering.deliver(division, at_once=True)
for order, response in made:
    assert (again(response).state, again(response).outcome) == ("DONE", "changed"), again(response).detail
    there = in_exact(again(order))
    assert [there[n]["QuantityInPurchaseUnits"] for n in "12345"] == [10, 15, 30, 40, 50]
    assert [there[n]["NetPrice"] for n in "12345"] == [12.5, 12.5, 12.5, 12.75, 12.5]
    lines = lines_of(order)
    assert (lines[2].ordered, lines[4].ordered_price) == (15, Decimal("12.75"))
    assert again(order).events.filter(why__contains="line 2").count() == 1
    assert again(order).posting.family().filter(method="order_change").count() == 1
print(json.dumps(len(made) - 1))
'''
EVERY = 23  # lines between two deaths; with 1 it dies at each of them


def test_killed_at_any_line_of_a_change_the_end_is_the_same(place: Place) -> None:
    out = place.run("-c", SCRIPT, str(EVERY), seconds=500)

    assert json.loads(out.splitlines()[-1]) > 3
