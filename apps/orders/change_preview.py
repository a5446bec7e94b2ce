"""What an answer would change in Exact, before anything is handed over: for its page, and in what prices it is sent."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.exact.models import Division
from apps.orders import noticing
from apps.orders.amounts import Charged, sent_price
from apps.orders.change_plans import Priced, change_plan
from apps.orders.comparing import There, there
from apps.orders.difference import kept
from apps.orders.models import PurchaseOrder

NOT_YET = UUID(int=0)  # the id of what is not in Exact, or was not seen there


def steps(answer: PurchaseOrder, order: PurchaseOrder, division: Division) -> list[dict[str, Any]]:
    """Return the steps that would write the differences of `answer` into its `order`, as these were compared last.

    Nothing is asked of Exact; a line that is gone there by now has no step. Costs a few queries.
    """
    now = there(order)
    known = {None, *now.rows}
    found = [one for one in map(kept, answer.differences) if one.line_id in known]
    ids = {key: row.exact_line or NOT_YET for key, row in now.rows.items()}
    plan = change_plan(
        found,
        {line.key: line for line in now.lines},
        ids,
        order=(order.posting.exact_id if order.posting else None) or NOT_YET,
        day=now.day,
        sent_price=prices(order, now, division),
    )
    made: list[dict[str, Any]] = plan["steps"]
    return made


def prices(order: PurchaseOrder, now: There, division: Division) -> Priced:
    """Return what gives a price of ours as Exact has it, by the key of a line of `order` as it is there `now`."""
    charged = noticing.charged_of(order, list(now.rows.values()), division)
    codes = {key: row.vat_code for key, row in now.rows.items()}

    def sent(key: int, price: Decimal) -> Decimal:
        return sent_price(price, charged.get(codes[key], Charged()))

    return sent
