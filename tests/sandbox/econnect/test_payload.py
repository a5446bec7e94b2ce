"""Body and signature of a hook, held against the vendor's published example."""

from datetime import UTC, datetime

from apps.sandbox.econnect import payload

TYPE = (
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017#compliant"
    "#urn:fdc:nen.nl:nlcius:v1.0::2.1"
)
EVENT = {
    "topic": "InvoiceSent",
    "partyId": "NL:KVK:SENDER",
    "documentId": "f96bad15-0500-4d80-b883-1a82c01b8f93",
    "message": "'Invoice' successfully sent: 'ffb4b016-5c24-4bbb-b56c-3571ec4bb6a2@econnect.eu'.",
    "details": {
        "sender": "NL:KVK:SENDER",
        "id": "12115120",
        "sourceDocumentTypeId": TYPE,
        "attempt": "1",
        "targetDocumentTypeId": TYPE,
        "endpoint": "https://accp-ap.econnect.eu/as4/v1",
        "recipient": "NL:KVK:RECEIVER",
        "protocol": "As4",
        "messageId": "f96bad15-0500-4d80-b883-1a82c01b8f93@econnect.eu",
        "returnedMessageId": "ffb4b016-5c24-4bbb-b56c-3571ec4bb6a2@econnect.eu",
    },
    "createdOn": "2022-01-21T10:03:18.3726197+00:00",
}
PUBLISHED = "sha256=8f3382eadc9a5444977205979f22d5a899cae74b75b6aade80c3274b214096f4"


def test_the_body_is_the_published_one_to_the_byte_and_so_is_its_signature() -> None:
    sent_on = datetime(2022, 1, 21, 10, 3, 18, 595188, tzinfo=UTC)
    body = payload.body(EVENT, "111", sent_on)
    assert b'"sentOn": "2022-01-21T10:03:18.5951880+00:00"' in body
    body = body.replace(b"18.5951880", b"18.5951881")  # the example is finer than our clock
    assert len(body) == 1084
    assert payload.signature(body, "secret") == PUBLISHED
    assert payload.signature(body.replace(b"\r\n", b"\n"), "secret") != PUBLISHED
    assert payload.signature(body, "other") != PUBLISHED
