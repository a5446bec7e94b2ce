"""POST, PUT and DELETE: checked against the table, then kept by whoever knows the resource's rules."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from apps.sandbox.exact import (
    answers,
    documents,
    drafting,
    entries,
    invoice_drafting,
    mailbox_keeping,
    mailboxes,
    messages,
    order_drafting,
    order_keeping,
    orders,
    outbox,
    payload,
    plain,
    purchase_invoices,
    references,
    webhooks,
)
from apps.sandbox.exact.calling import Calling
from apps.sandbox.exact.errors import Problem, Refused, objection, stream
from apps.sandbox.exact.reading import shape
from apps.sandbox.models import Row

Data = dict[str, Any]

# What a draft looks up anyway, it also checks.
_CHECKED_LATER = {
    entries.ENTRIES: drafting.CHECKED,
    entries.LINES: drafting.CHECKED,
    messages.MESSAGES: messages.MAILBOX_FIELDS,
    order_keeping.ORDERS: order_drafting.CHECKED,
    order_keeping.LINES: order_drafting.CHECKED,
    purchase_invoices.INVOICES: invoice_drafting.CHECKED,
}
# Who makes, changes and removes rows where a resource has rules of its own; the text is where Exact is installed.
_MAKERS: dict[str, Callable[[int, Data, str], Row]] = {
    entries.ENTRIES: entries.create,
    entries.LINES: entries.add_line,
    documents.DOCUMENTS: documents.create,
    documents.ATTACHMENTS: documents.attach,
    messages.MESSAGES: messages.create,
    messages.FILES: messages.attach,
    order_keeping.ORDERS: orders.create,
    order_keeping.LINES: orders.add_line,
    purchase_invoices.INVOICES: purchase_invoices.create,
    purchase_invoices.LINES: purchase_invoices.refuse_line,
}
_CHANGERS: dict[str, Callable[[Row, Data, str], Row]] = {
    entries.ENTRIES: entries.change,
    entries.LINES: entries.change_line,
    documents.DOCUMENTS: lambda row, sent, _host: documents.change(row, sent),
    mailboxes.MAILBOXES: lambda row, sent, _host: mailbox_keeping.change(row, sent),
    order_keeping.ORDERS: orders.change,
    order_keeping.LINES: orders.change_line,
    purchase_invoices.INVOICES: purchase_invoices.change,
}
_REMOVERS: dict[str, Callable[[Row, str], None]] = {
    entries.ENTRIES: lambda row, _host: entries.delete(row),
    entries.LINES: entries.delete_line,
    documents.DOCUMENTS: lambda row, _host: documents.delete(row),
    documents.ATTACHMENTS: lambda row, _host: documents.remove_attachment(row),
    order_keeping.ORDERS: lambda row, _host: orders.delete(row),
    order_keeping.LINES: lambda row, _host: orders.delete_line(row),
    purchase_invoices.INVOICES: lambda row, _host: purchase_invoices.delete(row),
}
_AUDIT = frozenset({"Created", "Creator", "CreatorFullName", "Modified", "Modifier", "ModifierFullName"})


def post(call: Calling) -> HttpResponse:
    """Answer a POST with 201 and the new entity; raises Refused."""
    sent = payload.posted(call.resource, _body(call))
    references.check(call.resource, call.division, sent, _CHECKED_LATER.get(call.resource.path, frozenset()))
    _refuse_taken_key(call, sent)
    row = _create(call, sent)
    entity = answers.Renderer(
        call.root, call.division, call.resource, trimmed=call.switches.trimmed_texts
    ).entity(row)
    response = shape(call, {"d": _represented(call, entity)}, 201)
    response["Location"] = entity["__metadata"]["uri"]
    return response


def put(call: Calling) -> HttpResponse:
    """Answer a partial PUT with 204; raises Refused."""
    if call.resource.path == outbox.SUBSCRIPTIONS:  # listed, but refused by the server (Exact facts 7)
        raise Refused(405, "Method Not Allowed", {"Allow": "DELETE, GET, POST"})
    row = call.row()
    sent = payload.put(call.resource, _body(call))
    references.check(call.resource, call.division, sent, _CHECKED_LATER.get(call.resource.path, frozenset()))
    changer = _CHANGERS.get(call.resource.path)
    if changer:
        changer(row, sent, call.host)
    else:
        plain.change(call.resource, row, sent)
    return HttpResponse(status=204)


def delete(call: Calling) -> HttpResponse:
    """Answer a DELETE with 204; raises Refused."""
    row = call.row()
    if call.resource.path == "system/Divisions":
        raise Refused(403, "Forbidden")  # only Exact's own administrators may
    remover = _REMOVERS.get(call.resource.path)
    if remover:
        remover(row, call.host)
    else:
        plain.delete(call.resource, row)
    return HttpResponse(status=204)


def _create(call: Calling, sent: Data) -> Row:
    if call.resource.path == outbox.SUBSCRIPTIONS:
        return webhooks.create(call, sent)
    if call.resource.path == mailboxes.MAILBOXES:
        return mailbox_keeping.create(call.division, sent)
    maker = _MAKERS.get(call.resource.path)
    return (
        maker(call.division, sent, call.host) if maker else plain.create(call.resource, call.division, sent)
    )


def _body(call: Calling) -> Data:
    if "json" not in call.request.headers.get("Content-Type", ""):
        raise Refused(415, "Unsupported media type requested.")
    if call.address.key is None and call.request.method != "POST":
        raise stream("The key of the entity is missing.")
    return payload.parse(call.request.body)


def _refuse_taken_key(call: Calling, sent: Data) -> None:
    name = call.resource.key[0]
    if sent.get(name) and call.rows().filter(key=str(sent[name])).exists():
        raise objection(Problem("exists", name))


def _represented(call: Calling, entity: Data) -> Data:
    """Leave computed fields out unless the caller prefers the whole representation (Exact facts 3.1)."""
    if "return=representation" in call.request.headers.get("Prefer", ""):
        return entity
    keep = _AUDIT | {"__metadata", *call.resource.key}
    props = call.resource.properties
    return {
        name: value if name in keep or props[name].post or props[name].is_list else None
        for name, value in entity.items()
    }
