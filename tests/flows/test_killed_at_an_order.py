"""A process that writes an order, a change of one, or an item is killed at every line: each is in Exact once."""

import json

import pytest

from tests.processes import Place

SCRIPT = '''
import json, os, sys
from datetime import timedelta
import django
django.setup()
from django.db import connections
from apps.core import clock
from apps.exact import registration, signing_in
from apps.exact.models import Division
from apps.exact.visitor import Visitor
from apps.posting import cards, changing, drain, items, kinds, lookup, models, packages, recording, settling, steps
from apps.posting.models import Posting
from apps.sandbox import switches
from tests.flows.conftest import BAKERY
from tests.posting.buying import INVOICES, ORDERS, make_buyer
from tests.posting.test_changing import line_step
from tests.posting.test_items import new_item
from apps.sandbox.exact import store

WORK = (cards, changing, drain, items, kinds, lookup, models, packages, recording, settling, steps)
OURS = {module.__file__ for module in WORK}
EVERY = int(sys.argv[1])
signing_in.complete(Visitor().consent(signing_in.begin(registration.default_app()), divisions=[BAKERY]))
switches.change(minute_limit=100_000, day_limit=1_000_000, error_limit=100_000)
division = Division.objects.select_related("app", "connection").get(code=BAKERY)
buyer = make_buyer(division)


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
    """Drain and die without a word before line number `line` of our own code."""
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
    drain.drain(division)


def order(n):
    return buyer.posting(f"PO {n}")


def invoice(n):
    return buyer.invoice(f"F {n}")


def change(n):
    made = buyer.posting(f"C {n}")
    drain.drain(division)
    made.refresh_from_db()
    steps = [line_step(buyer, str(made.exact_id), QuantityInPurchaseUnits=7.0)]
    return buyer.change(*steps)


def item(n):
    return new_item(buyer, Code=f"I-{n}", Barcode=f"{n:013}")


def deaths(make):
    """Die at each line of `make`'s posting, another one each time; return the postings."""
    made, code, line = [], 9, 1
    while code == 9:
        made.append(make(line))
        code = forked(lambda: dying(line))
        Posting.objects.open().update(next_attempt_at=clock.now() + timedelta(days=1))
        Division.objects.update(lease=None, leased_until=None)  # the lease of the dead ran out
        line += EVERY
    assert code == 0
    return made


def end():
    for _time in range(4):
        drain.drain(division, at_once=True)
    assert not Posting.objects.exclude(state="done").exists(), list(
        Posting.objects.exclude(state="done").values_list("state", "words", "steps")
    )


def written(posting):
    """How often the result of `posting` is in Exact."""
    if posting.method == "item":
        code = posting.plan["steps"][0]["payload"]["Code"]
        keys = [row.key for row in buyer.rows("logistics/Items") if row.data["Code"] == code]
        links = [row for row in buyer.rows("logistics/SupplierItem") if row.data["Item"] in keys]
        return {len(keys), len(links)}
    if posting.method == "order_change":
        step = posting.plan["steps"][0]
        return {int(store.find(step["resource"], BAKERY, step["changes"]).data["QuantityInPurchaseUnits"] == 7)}
    return set(buyer.counts(posting, ORDERS if posting.method == "order" else INVOICES).values())


makers = {"order": order, "invoice": invoice, "change": change, "item": item}
made = deaths(makers[sys.argv[2]])
assert forked(end) == 0
assert {n for posting in made for n in written(posting)} == {1}
print(json.dumps(len(made) - 1))
'''
EVERY = 41  # lines between two deaths; with 1 it dies at each of them


@pytest.mark.parametrize("what", ["order", "invoice", "change", "item"])
def test_killed_at_any_line_it_is_in_exact_once(
    place: Place, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setenv("SETTLE_SECONDS", "0")
    out = place.run("-c", SCRIPT, str(EVERY), what, seconds=500)
    assert json.loads(out.splitlines()[-1]) > 3
