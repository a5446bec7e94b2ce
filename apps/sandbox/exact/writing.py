"""POST, PUT and DELETE: checked against the table, then kept by whoever knows the resource's rules."""

from typing import Any

from django.http import HttpResponse

from apps.sandbox.exact import (
    answers,
    documents,
    drafting,
    entries,
    mailbox_keeping,
    mailboxes,
    messages,
    outbox,
    payload,
    plain,
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
    if call.resource.path == entries.ENTRIES:
        entries.change(row, sent, call.host)
    elif call.resource.path == entries.LINES:
        entries.change_line(row, sent, call.host)
    elif call.resource.path == documents.DOCUMENTS:
        documents.change(row, sent)
    elif call.resource.path == mailboxes.MAILBOXES:
        mailbox_keeping.change(row, sent)
    else:
        plain.change(call.resource, row, sent)
    return HttpResponse(status=204)


def delete(call: Calling) -> HttpResponse:
    """Answer a DELETE with 204; raises Refused."""
    row = call.row()
    if call.resource.path == entries.ENTRIES:
        entries.delete(row)
    elif call.resource.path == entries.LINES:
        entries.delete_line(row, call.host)
    elif call.resource.path == documents.DOCUMENTS:
        documents.delete(row)
    elif call.resource.path == documents.ATTACHMENTS:
        documents.remove_attachment(row)
    elif call.resource.path == "system/Divisions":
        raise Refused(403, "Forbidden")  # only Exact's own administrators may
    else:
        plain.delete(call.resource, row)
    return HttpResponse(status=204)


def _create(call: Calling, sent: Data) -> Row:
    if call.resource.path == outbox.SUBSCRIPTIONS:
        return webhooks.create(call, sent)
    if call.resource.path == mailboxes.MAILBOXES:
        return mailbox_keeping.create(call.division, sent)
    makers = {
        entries.ENTRIES: entries.create,
        entries.LINES: entries.add_line,
        documents.DOCUMENTS: documents.create,
        documents.ATTACHMENTS: documents.attach,
        messages.MESSAGES: messages.create,
        messages.FILES: messages.attach,
    }
    maker = makers.get(call.resource.path)
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
