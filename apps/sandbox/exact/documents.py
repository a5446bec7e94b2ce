"""Documents and attachments (Exact facts 4.6 and 6.1). Never unique: a second POST makes a second one."""

import base64
from typing import Any
from uuid import uuid4

from apps.core import clock
from apps.sandbox.exact import removal, store
from apps.sandbox.exact.errors import Problem, Refused, objection
from apps.sandbox.models import AttachedFile, Row

Data = dict[str, Any]

DOCUMENTS, ATTACHMENTS = "documents/Documents", "documents/DocumentAttachments"
PURCHASE_INVOICE = 20
MAX_BYTES = 10 * 1024 * 1024
_FIRST_HID = 10_000_001


def create(division: int, sent: Data, base: str) -> Row:
    """Keep a new document; raises Objection when its type is unknown or may not be made."""
    key = sent.get("ID") or str(uuid4())
    made = {
        "HID": store.next_number("document", division, _FIRST_HID),
        "DocumentDate": clock.today().isoformat(),
        "DocumentViewUrl": f"{base}/docs/DocView.aspx?DocumentID={key}",
        **{name: value for name, value in sent.items() if value is not None},
        "ID": key,
    }
    return store.put(DOCUMENTS, division, _completed(division, made))


def change(row: Row, sent: Data) -> Row:
    """Change a document; raises Objection as `create` does."""
    return store.put(DOCUMENTS, row.division, _completed(row.division, {**row.data, **sent}))


def _completed(division: int, data: Data) -> Data:
    kind = store.find("documents/DocumentTypes", division, str(data["Type"]))
    if kind is None:
        raise objection(Problem("reference", "Type"))
    if kind.data.get("DocumentIsCreatable") is False:
        raise objection(Problem("not_allowed", "Type"))
    account = store.find("crm/Accounts", division, data.get("Account") or "")
    return data | {
        "TypeDescription": kind.data.get("Description"),
        "AccountCode": account.data.get("Code") if account else None,
        "AccountName": account.data.get("Name") if account else None,
        "HasEmptyBody": not data.get("Body"),
    }


def delete(row: Row) -> None:
    """Remove a document with its attachments."""
    for attachment in store.children(ATTACHMENTS, row.division, row.key):
        remove_attachment(attachment)
    removal.remove([row])


def attach(division: int, sent: Data, base: str) -> Row:
    """Keep a file with a document; raises Refused (413) above 10 MB (Exact facts 2.2)."""
    content = base64.b64decode(sent["Attachment"])
    if len(content) > MAX_BYTES:
        raise Refused(413, "The request size exceeds the maximum of 10 MB.")
    key = sent.get("ID") or str(uuid4())
    AttachedFile.objects.create(key=key, content=content)
    data = {
        "ID": key,
        "Document": sent["Document"],
        "FileName": sent["FileName"],
        "FileSize": float(len(content)),
        "Url": f"{base}/docs/SysAttachment.aspx?ID={key}&_Division_={division}",
    }
    return store.put(ATTACHMENTS, division, data)


def remove_attachment(row: Row) -> None:
    """Remove one attachment with its bytes."""
    AttachedFile.objects.filter(key=row.key).delete()
    removal.remove([row])


def content(key: str) -> bytes | None:
    """Return the bytes of an attachment, or None."""
    found = AttachedFile.objects.filter(key=key).first()
    return bytes(found.content) if found else None
