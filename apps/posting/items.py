"""Is an item, or its link with a supplier, in Exact already? And what a posting of a new item ends as.

The code of an item is unique there (Exact facts 5). A link can be asked for by its own id alone (Exact facts 4.2), so
it is looked for in the mirror of links, which costs one call to bring up to date.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from apps.core.causes import Cause
from apps.exact import mirror
from apps.exact.client import Exact
from apps.exact.models import SupplierItem
from apps.exact.values import filter_text, text_of
from apps.posting import refusals
from apps.posting.lookup import taken_by_others
from apps.posting.models import ITEM, SUPPLIER_ITEM, Posting

ITEMS, SUPPLIER_ITEMS = "logistics/Items", "logistics/SupplierItem"
MARK = "SearchCode"
_FIELDS = ("ID", "Code", "Description", "Barcode", MARK)
_EXISTS = frozenset({"data_exists", "double", "exists", "in_use", "must_be"})

Row = dict[str, Any]


def is_item_there(posting: Posting, step: Row, payload: Row, exact: Exact, *, was_sent: bool) -> bool:
    """Look for the item by its code, and by its barcode where it has one; one call. True: it is kept, or in the way.

    Ours carries our reference in its search code. After a lost answer one of this code and description is it, too.
    """
    asked = [f"{name} eq {filter_text(payload[name])}" for name in ("Code", "Barcode") if payload.get(name)]
    rows = exact.find(ITEMS, " or ".join(asked), _FIELDS)
    if not rows:
        return False
    same = [row for row in rows if text_of(row.get("Code")) == payload["Code"]]
    ours = [row for row in same if text_of(row.get(MARK)) == posting.reference]
    alike = [
        row for row in same if was_sent and text_of(row.get("Description")) == payload["Description"].strip()
    ]
    found = next(iter([*ours, *alike]), None)
    if found is None or taken_by_others(posting, [text_of(found["ID"])]):
        posting.refuse(cause=Cause.POSSIBLE_DOUBLE, words=_in_the_way((same or rows)[0]))
        return True
    adopted = {} if ours else {"adopted": "yes"}
    posting.keep(
        step["name"], state="done", id=text_of(found["ID"]), number=text_of(found["Code"]), **adopted
    )
    return True


def is_link_there(posting: Posting, step: Row, payload: Row, renew: Callable[[], None]) -> bool:
    """Look for the link of an item with a supplier in the mirror, brought up to date. True: it is there and kept."""
    mirror.sync_now(posting.division, "supplier_items", lambda _pass: renew())
    links = SupplierItem.objects.filter(division=posting.division_id, gone_at=None)
    found = links.filter(item=payload["Item"], supplier=payload["Supplier"]).first()
    if found:
        posting.keep(step["name"], state="done", id=str(found.exact_id))
    return found is not None


def says_link_exists(step: Row, words: str) -> bool:
    """Tell whether Exact refused a link because it has it, although its mirror does not show it: with an old price."""
    return step["resource"] == SUPPLIER_ITEMS and any(
        one.problem in _EXISTS for one in refusals.objections(words)
    )


def finish(posting: Posting) -> None:
    """Finish a posting of a new item: its result is the item, or the link when it makes nothing else."""
    kept = posting.steps.get(ITEM) or posting.steps[SUPPLIER_ITEM]
    if not kept.get("id"):
        posting.refuse(cause=Cause.POSSIBLE_DOUBLE, words=kept.get("said", ""))
        return
    posting.finish(
        exact_id=kept["id"], number=kept.get("number", ""), url="", adopted=bool(kept.get("adopted"))
    )


def _in_the_way(row: Row) -> str:
    words = _(
        "Exact has an item with this code or barcode already: %(code)s %(name)s. Choose that item, or correct it here."
    )
    return words % {"code": text_of(row.get("Code")), "name": text_of(row.get("Description"))}
