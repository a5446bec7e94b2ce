"""What is attached to the document of an order in Exact: the original, and the papers that came with it."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from apps.intake.enclosures import LARGEST
from apps.intake.models import Part, PartOutcome
from apps.orders.models import PurchaseOrder
from apps.posting.file_names import left_out, told_apart
from apps.posting.messages import plain

_MARK = re.compile(r"\[PK-", re.IGNORECASE)


def subject(order: PurchaseOrder, reference: str) -> str:
    """Return the subject of the document of `order`: it ends in `reference` as a mark, the only one."""
    named = _MARK.sub("(PK-", plain(f"{order.vendor_name[:80]} {order.number[:60]}"))
    return f"{named} [{reference}]".strip()


def document_step(order: PurchaseOrder, reference: str) -> dict[str, Any]:
    """Return the step that makes the document of `order` (Exact facts 4.6); its type is a setting."""
    left_behind = left_out(_too_large(order), reference)
    payload = {
        "Subject": subject(order, reference),
        "Type": settings.EXACT_ORDER_DOCUMENT_TYPE,
        "Account": str(order.supplier),
        "DocumentDate": order.order_date.isoformat() if order.order_date else None,
        "Body": left_behind or None,
    }
    payload = {name: value for name, value in payload.items() if value is not None}
    return {"name": "document", "resource": "documents/Documents", "key": "ID", "payload": payload}


def steps(order: PurchaseOrder) -> list[dict[str, Any]]:
    """Return the steps that attach files, each a call: one file per POST, none above LARGEST (Exact facts 6.1).

    Names differ on one document, so that each file is found by its name.
    """
    taken: set[str] = set()
    return [
        {
            "name": name,
            "resource": "documents/DocumentAttachments",
            "key": "ID",
            "payload": {"FileName": told_apart(part.filename, taken)},
            "original": str(part.original_id),
            "needs": {"Document": "document"},
        }
        for name, part in _files(order)
        if part.original.size <= LARGEST
    ]


def _files(order: PurchaseOrder) -> Iterator[tuple[str, Part]]:
    yield "attachment", order.part
    papers = Part.objects.filter(attached_to=order.part_id, outcome=PartOutcome.ATTACHMENT)
    for number, part in enumerate(papers.select_related("original").order_by("pk"), start=1):
        yield f"file {number}", part


def _too_large(order: PurchaseOrder) -> list[str]:
    return [part.filename for _name, part in _files(order) if part.original.size > LARGEST]
