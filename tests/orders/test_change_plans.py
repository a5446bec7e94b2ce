"""Only what differs is written, and only over what was known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from apps.orders.change_plans import HEAD, change_plan, written
from apps.orders.difference import Difference, Field, Why
from apps.orders.differing import Answered, Ordered, compare

DAY, LATER = date(2026, 9, 29), date(2026, 10, 6)
ORDER = uuid4()
LINES = {
    key: Ordered(key, key, str(key * 10), quantity=Decimal(8), price=Decimal("12.50"), day=DAY)
    for key in (1, 2, 3)
}
IDS = {key: uuid4() for key in LINES}


def planned(*differences: Difference, **how: Any) -> list[dict[str, Any]]:
    """The steps of the plan."""
    known: dict[str, Any] = {"order": ORDER, "day": DAY, "sent_price": lambda _key, price: price}
    steps: list[dict[str, Any]] = change_plan(differences, LINES, IDS, **{**known, **how})["steps"]
    return steps


def test_a_line_is_changed_in_the_fields_that_differ() -> None:
    (step,) = planned(
        Difference(Field.QUANTITY, "20", line_id=2, ordered="8", confirmed="6"),
        Difference(Field.PRICE, "20", line_id=2, ordered="12.5", confirmed="12.75"),
    )

    assert step == {
        "name": "line 2",
        "line": "20",
        "resource": "purchaseorder/PurchaseOrderLines",
        "changes": str(IDS[2]),
        "of": 2,
        "payload": {"QuantityInPurchaseUnits": 6.0, "NetPrice": 12.75},
        "before": {"QuantityInPurchaseUnits": 8.0, "NetPrice": 12.5},
    }


def test_the_order_as_a_whole_goes_first() -> None:
    steps = planned(
        Difference(Field.DATE, ordered="2026-09-29", confirmed="2026-10-06"),
        Difference(Field.DATE, "10", line_id=1, ordered="2026-09-29", confirmed="2026-10-06"),
    )

    assert [(step["name"], step["changes"]) for step in steps] == [
        (HEAD, str(ORDER)),
        ("line 1", str(IDS[1])),
    ]
    assert steps[0]["payload"] == {"ReceiptDate": "2026-10-06"}
    assert steps[0]["before"] == {"ReceiptDate": "2026-09-29"}


def test_what_is_done_by_hand_is_not_written() -> None:
    assert planned(Difference(Field.REJECTED, "10", line_id=1, ordered="8", why=Why.LINE_GOES)) == []


def test_a_price_is_sent_as_exact_has_it() -> None:
    (step,) = planned(
        Difference(Field.PRICE, "10", line_id=1, ordered="12.5", confirmed="20"),
        sent_price=lambda _key, price: price * 2,
    )

    assert (step["payload"], step["before"]) == ({"NetPrice": 40.0}, {"NetPrice": 25.0})


def test_what_was_not_known_is_no_condition() -> None:
    (step,) = planned(Difference(Field.DATE, confirmed="2026-10-06"), day=None)

    assert step["before"] == {}


def test_written_is_what_was_done() -> None:
    steps = planned(
        Difference(Field.DATE, ordered="2026-09-29", confirmed="2026-10-06"),
        Difference(Field.QUANTITY, "10", line_id=1, ordered="8", confirmed="6"),
        Difference(Field.QUANTITY, "20", line_id=2, ordered="8", confirmed="6"),
    )
    kept = {HEAD: {"state": "done"}, "line 1": {"state": "done"}, "line 2": {"state": "refused"}}

    assert written({"steps": steps}, kept) == {None, 1}


@given(
    st.dictionaries(
        st.sampled_from([1, 2, 3]),
        st.fixed_dictionaries(
            {},
            optional={
                "quantity": st.decimals(min_value=9, max_value=99, places=4),
                "price": st.decimals(min_value=13, max_value=99, places=4),
                "day": st.just(LATER),
            },
        ),
    )
)
def test_each_field_that_changes_is_written_once_and_no_other(changes: dict[int, dict[str, Any]]) -> None:
    names = {"quantity": "QuantityInPurchaseUnits", "price": "NetPrice", "day": "ReceiptDate"}
    answered = [
        replace(
            Answered(key, of=key, quantity=line.quantity, price=line.price, day=line.day),
            **changes.get(key, {}),
        )
        for key, line in LINES.items()
    ]

    steps = planned(*compare(list(LINES.values()), answered))

    asked = {(step["of"], name) for step in steps for name in step["payload"]}
    assert asked == {(key, names[name]) for key, values in changes.items() for name in values}
    assert all(step["before"].keys() == step["payload"].keys() for step in steps)


def test_a_change_is_only_for_an_order_that_is_open() -> None:
    change = Difference(Field.QUANTITY, "10", line_id=1, ordered="8", confirmed="6")
    plan = change_plan([change], LINES, IDS, order=ORDER, day=DAY, sent_price=lambda _key, price: price)
    assert plan["while_open"]["id"] == str(ORDER)
    assert plan["while_open"]["ended"] == {"OrderStatus": [30, 40], "ReceiptStatus": [30]}
