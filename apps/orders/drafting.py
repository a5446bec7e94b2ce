"""The row of an order in the making, from a document: its columns, its lines, and what it is where it lies."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from apps.clients.models import Administration
from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.intake.order import OrderDocument
from apps.intake.party_json import known_as
from apps.intake.routing import Route
from apps.orders.doubles import MADE, Fingerprint, key_of, lines_key
from apps.orders.models import PurchaseOrder, PurchaseOrderLine, State
from apps.orders.placing import Place, accepted, place
from apps.orders.rows import check, columns, findings_json, lines_of


@dataclass
class Draft:
    """What is to be stored. `seen`: what it is told by; `values`: columns of the order; `lines`: unsaved."""

    seen: Fingerprint
    place: Place
    values: dict[str, Any]
    lines: list[PurchaseOrderLine] = field(default_factory=list)

    @property
    def known(self) -> PurchaseOrder | None:
        """The document that this is a copy of, None when it is new."""
        double = self.place.double
        return double.order if double and double.certain else None


def draft(
    document: OrderDocument,
    administration: int | None,
    *,
    own: Iterable[tuple[str, str]] = (),
    besides: int | None = None,
) -> Draft:
    """Return what `document` comes to in `administration`; `own` are numbers of ours, which say nothing of a vendor.

    Costs a few queries, whatever the number of lines. `besides`: the order that it becomes, which is no double of it.
    """
    values, lines = columns(document), lines_of(document)
    ours = {f"{kind} {value}" for kind, value in own}
    values["vendor"]["keys"] = [key for key in values["vendor"]["keys"] if key not in ours]
    seen = _seen(document, administration, values, lines)
    found = place(seen, lines, besides=besides)
    if any(one.code == MADE for one in found.findings):
        lines = accepted(lines)
    values |= placed(seen, found)
    values |= {
        "line_count": len(lines),
        "vendor_key": vendor_key_of(seen.keys, seen.vendor),
        "findings": findings_json([*check(document), *found.findings]),
    }
    return Draft(seen, found, values, lines)


def placed(seen: Fingerprint, found: Place) -> dict[str, Any]:
    """Return the columns that say what a document is in its administration."""
    return {
        "kind": found.kind,
        "number": found.number[:100],
        "number_key": key_of(found.number),
        "double_key": seen.double_key,
        "double_of": found.double.order if found.double else None,
        "about": found.about,
    }


def vendor_key_of(keys: tuple[str, ...], name: str) -> str:
    """Return by what the sender of a document is known."""
    return (keys[0] if keys else f"name {name.casefold()}")[:300]


def _seen(
    document: OrderDocument,
    administration: int | None,
    values: dict[str, Any],
    lines: list[PurchaseOrderLine],
) -> Fingerprint:
    return Fingerprint(
        administration,
        tuple(values["vendor"]["keys"]),
        values["vendor_name"],
        document.kind.value,
        values["number"],
        document.issue_date,
        lines_key(lines),
        values["order_reference"],
        document.sales_order_id,
        values["response_code"],
        "" if administration else known_as(values["buyer"]),
    )


def standing(
    administration: Administration | None, lacks: Obstacle | None, route: Route | None
) -> dict[str, Any]:
    """Return the state that a document begins in, with its cause: to be coded, or what a person must do before that.

    `lacks`: as placing.lacking says; `route`: what told its administration, or did not.
    """
    if administration is None:
        return {"state": State.ATTENTION, **why_unrouted(route)}
    if lacks is None:
        return {"state": State.RECEIVED, "cause": "", "detail": ""}
    return {"state": State.ATTENTION, "cause": lacks.cause, "detail": lacks.detail}


def why_unrouted(route: Route | None) -> dict[str, str]:
    """Return cause and detail of a document that `route` brings to no administration."""
    if route is None or not route.administrations:
        return {"cause": Cause.NOT_OURS, "detail": ""}
    names = Administration.objects.filter(pk__in=route.administrations).values_list("name", flat=True)
    return {
        "cause": Cause.SEVERAL_ADMINISTRATIONS,
        "detail": "\n".join((", ".join(sorted(names)), route.why)),
    }
