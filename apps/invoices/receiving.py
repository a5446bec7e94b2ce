"""From kept bytes to a document in its administration, or to the reason why not."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock
from apps.core.causes import Cause
from apps.intake import enclosures, findings, routing, ubl
from apps.intake.document import Document
from apps.intake.findings import Finding
from apps.intake.models import Part, PartOutcome
from apps.intake.parsing import Unreadable
from apps.intake.routing import Route
from apps.invoices import doubles
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

    Ends with the part as a document (with its Invoice in RECEIVED or, unrouted, in ATTENTION), as a duplicate
    or as rejected with a reason. Safe to run twice: the second run finds the part settled.
    """
    content = part.original.content()
    try:
        document = ubl.read(content)
    except Unreadable as error:
        words = {"reason": str(error.reason), "format": str(getattr(error, "format", ""))}
        return Received(part) if part.settle(PartOutcome.REJECTED, **words) else _read_before(part)
    route = _route(part, document)
    administration = route.administrations[0] if len(route.administrations) == 1 else None
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


def _route(part: Part, document: Document) -> Route:
    route = routing.route(document.customer, document.supplier, extra=document.payee_ibans)
    chosen = part.administration_id or part.receipt.administration_id
    if chosen is None:
        return route
    return Route((chosen,), _("chosen when it came in"), route.own)


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
        receiver=doubles.receiver_of(values["customer"]),
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
        PartOutcome.DOCUMENT, administration_id=fingerprint.administration, format=str(document.format)
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
        findings=[_finding(finding) for finding in (*findings.check(document), *about_files)],
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
    if administration:
        return {}
    if route.administrations:
        names = Administration.objects.filter(pk__in=route.administrations).values_list("name", flat=True)
        return {
            "state": State.ATTENTION,
            "cause": Cause.SEVERAL_ADMINISTRATIONS,
            "detail": ", ".join(sorted(names)),
        }
    return {"state": State.ATTENTION, "cause": Cause.NOT_OURS}


def reroute(invoice: Invoice, administration: Administration, *, by: User | str) -> None:
    """Give `invoice` the administration that a person chose; it starts again there.

    A double in that administration shows as a possible double: a person is looking at it already. What was
    decided, coded and sent elsewhere means nothing here.
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
            administration=administration, outcome=PartOutcome.DOCUMENT, reason=""
        )
        if elsewhere:
            invoice.lines.uncode()
        invoice.move(
            State.RECEIVED,
            who=str(by),
            why=_("administration chosen: %(name)s") % {"name": administration.name},
            at=clock.now(),
            administration=administration,
            routing_why=_("chosen by %(who)s") % {"who": by},
            double_key=None if double else fingerprint.double_key,
            double_of=double.invoice if double else None,
            waived=[],
            posting=None if elsewhere else invoice.posting,
            touched=True,
        )
