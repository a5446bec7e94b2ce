"""From kept bytes to a document in its administration, or to the reason why not."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.core.causes import Cause
from apps.intake import enclosures, findings, reading, releasing, routing
from apps.intake.detection import Format
from apps.intake.document import Document
from apps.intake.findings import Finding
from apps.intake.models import Channel, Part, PartKind, PartOutcome
from apps.intake.parsing import Unreadable
from apps.intake.party_json import known_as
from apps.intake.routing import Route
from apps.invoices import doubles, other_post, suspended
from apps.invoices.doubles import Double, Fingerprint
from apps.invoices.models import Invoice, InvoiceEvent, InvoiceLine, State
from apps.invoices.rows import columns, lines_of
from apps.people.models import User

SYSTEM = "Postkamer"


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a part. `document` is what was read, None when nothing could be."""

    part: Part
    document: Document | None = None
    invoice: Invoice | None = None


def receive(part: Part) -> Received:
    """Read, route and store `part`, unless that was done before. Never raises for what is in the file.

    Ends with the part as a document (with its Invoice in RECEIVED or, unrouted, in ATTENTION), as a duplicate, as
    other post that is no purchase invoice, or as rejected with a reason; or it is handed on as an order. Safe to run
    twice: the second run finds the part settled.
    """
    content = part.original.content()
    try:
        document = reading.read(content)
    except Unreadable as error:
        return _unread(part, content, error)
    route = routing.route(routing.asked_of(document, part.receipt))
    if other_post.is_own_sales(part, route):
        settled = other_post.lay_aside(part, PartKind.SALES_INVOICE, route, document.format, who=SYSTEM)
        return Received(part, document) if settled else _read_before(part, document)
    return _take_in(part, document, route)


def _unread(part: Part, content: bytes, error: Unreadable) -> Received:
    """Hand on an order, lay aside what is known to be no invoice, reject the rest with its reason."""
    text, form = getattr(error, "text", ""), other_post.form_of(content, error)
    kind = other_post.kind_of(part, content, form, text)
    if kind == PartKind.ORDER:
        settled = _hand_on(part, kind, form)
    elif kind:
        route = other_post.route_of(part, content, kind, text)
        settled = other_post.lay_aside(part, kind, route, form, who=SYSTEM)
    else:
        settled = part.settle(PartOutcome.REJECTED, reason=str(error.reason), format=str(form or ""))
    return Received(part) if settled else _read_before(part)


@transaction.atomic
def _hand_on(part: Part, kind: str, form: Format | None) -> bool:
    """Leave an order to whoever reads orders; a lost bell is made good there."""
    handed = part.hand_on(kind, str(form or ""))
    if handed:
        queue.ring("orders_found")
    return handed


def _take_in(part: Part, document: Document, route: Route) -> Received:
    """Store an invoice for one of ours, unless it is a duplicate, or came by mail of somebody it takes nothing from."""
    administration = route.administrations[0] if len(route.administrations) == 1 else None
    if not _is_admitted(part, administration):
        return Received(part, document)
    fingerprint = _fingerprint(document, administration, route)
    double = doubles.find(fingerprint)
    if double and double.certain:
        return _duplicate(part, document, double, administration)
    try:
        invoice = _store(part, document, route, fingerprint, double)
    except IntegrityError:  # another worker stored the same document in this very moment
        double = doubles.find(fingerprint)
        if double is None:
            raise
        return _duplicate(part, document, double, administration)
    return Received(part, document, invoice) if invoice else _read_before(part, document)


def _is_admitted(part: Part, administration: int | None) -> bool:
    if part.receipt.channel != Channel.MAIL or administration is None:
        return True
    return releasing.admits(part, Administration.objects.get(pk=administration))


def _fingerprint(document: Document, administration: int | None, route: Route) -> Fingerprint:
    values = columns(document)
    own = {f"{kind} {value}" for kind, value in route.own}
    keys = tuple(key for key in values["vendor"]["keys"] if key not in own)
    return Fingerprint(
        administration,
        keys,
        values["vendor_name"],
        values["number"],
        values["issue_date"],
        values["payable"],
        receiver=known_as(values["customer"]),
    )


def _duplicate(part: Part, document: Document, double: Double, administration: int | None) -> Received:
    settled = double.invoice.part_id != part.pk and part.settle(
        PartOutcome.DUPLICATE,
        duplicate_of=double.invoice.part,
        administration_id=administration,
        format=str(document.format),
        reason=_("The same document came in before, as %(file)s.") % {"file": double.invoice.part.filename},
    )
    return Received(part, document, double.invoice) if settled else _read_before(part, document)


def _read_before(part: Part, document: Document | None = None) -> Received:
    """Another process read this part first: say what became of it there."""
    part.refresh_from_db()
    return Received(part, document, Invoice.objects.filter(part=part.duplicate_of_id or part.pk).first())


@transaction.atomic
def _store(
    part: Part, document: Document, route: Route, fingerprint: Fingerprint, double: Double | None
) -> Invoice | None:
    settled = part.settle(
        PartOutcome.DOCUMENT,
        administration_id=fingerprint.administration,
        format=str(document.format),
        kind=PartKind.INVOICE,
    )
    if not settled:
        return None
    now = clock.now()
    values = columns(document)
    values["vendor"]["keys"] = list(fingerprint.keys)
    files, about_files = enclosures.examine(document, part.original.size)
    values["payment"] |= {"enclosures": files, "size": part.original.size}
    invoice = Invoice.objects.create(
        part=part,
        administration_id=fingerprint.administration,
        routing_why=route.why[:255],
        number_key=fingerprint.number_key,
        double_key=fingerprint.double_key,
        double_of=double.invoice if double else None,
        vendor_key=(fingerprint.keys[0] if fingerprint.keys else f"name {fingerprint.vendor.casefold()}")[
            :300
        ],
        findings=[_finding(one) for one in (*findings.check(document), *about_files, *route.findings)],
        received_at=part.receipt.received_at,
        changed_at=now,
        **values,
        **_unrouted(fingerprint.administration, route),
    )
    InvoiceLine.objects.bulk_create(lines_of(document, invoice))
    InvoiceEvent.objects.create(
        invoice=invoice,
        from_state=State.RECEIVED,
        to_state=invoice.state,
        who=SYSTEM,
        why=_("read as %(format)s; %(why)s") % {"format": document.format.known_as, "why": route.why},
        at=now,
    )
    return invoice


def _finding(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "values": dict(finding.values), "cause": finding.cause}


def _unrouted(administration: int | None, route: Route) -> dict[str, Any]:
    return {} if administration else {"state": State.ATTENTION, **why_unrouted(route)}


def why_unrouted(route: Route) -> dict[str, str]:
    """Return cause and detail of a document that `route` brings to no administration."""
    if not route.administrations:
        return {"cause": Cause.NOT_OURS, "detail": ""}
    names = Administration.objects.filter(pk__in=route.administrations).values_list("name", flat=True)
    detail = "\n".join((", ".join(sorted(names)), route.why))
    return {"cause": Cause.SEVERAL_ADMINISTRATIONS, "detail": detail}


def reroute(
    invoice: Invoice, administration: Administration, *, by: User | str, route: Route | None = None
) -> None:
    """Give `invoice` an administration: the one that a person chose, or that `route` now tells. It starts again there.

    A double in that administration shows as a possible double: a person is looking at it already. What was
    decided, coded and sent elsewhere means nothing here, and the client from there is not asked about it any more.
    """
    fingerprint = Fingerprint(
        administration.pk,
        tuple(invoice.vendor.get("keys", [])),
        invoice.vendor_name,
        invoice.number,
        invoice.issue_date,
        invoice.payable,
    )
    double = doubles.find(fingerprint, besides=invoice.pk)
    elsewhere = invoice.administration_id != administration.pk
    with transaction.atomic():
        Part.objects.filter(pk=invoice.part_id).update(
            administration=administration, outcome=PartOutcome.DOCUMENT, reason="", settled_by=""
        )
        _what_came_with(invoice.part_id).update(administration=administration)
        if elsewhere:
            suspended.end(invoice)
            invoice.lines.uncode()
        invoice.move(
            State.RECEIVED,
            who=str(by),
            why=_moved_by(administration, route),
            at=clock.now(),
            administration=administration,
            routing_why=route.why[:255] if route else _("chosen by %(who)s") % {"who": by},
            findings=[*_without_routing(invoice), *map(_finding, route.findings if route else ())],
            double_key=None if double else fingerprint.double_key,
            double_of=double.invoice if double else None,
            waived=[],
            posting=None if elsewhere else invoice.posting,
            touched=invoice.touched or route is None,
            coded_by=None if elsewhere else invoice.coded_by,
            coders=[] if elsewhere else invoice.coders,
        )


def _what_came_with(part: int) -> QuerySet[Part]:
    """Return what goes where the document of `part` goes: its attachments, and its copies with theirs."""
    return Part.objects.filter(Q(attached_to=part) | Q(duplicate_of=part) | Q(attached_to__duplicate_of=part))


def _moved_by(administration: Administration, route: Route | None) -> str:
    if route is None:
        return _("administration chosen: %(name)s") % {"name": administration.name}
    return _("administration found: %(name)s; %(why)s") % {"name": administration.name, "why": route.why}


def _without_routing(invoice: Invoice) -> list[dict[str, Any]]:
    """What was found about the document itself; what spoke against an earlier administration is settled."""
    return [one for one in invoice.findings if one["code"] not in findings.ABOUT_ROUTING]
