"""The Peppol channel: documents that eConnect keeps for us become receipts.

Killed between any two lines it ends the same: the bytes are kept under the name they have at eConnect, and so once,
and only what is kept here is marked so and then removed there.
"""

import logging

from apps.core import http, queue
from apps.econnect import alarms, fetching, hook_calls
from apps.econnect.claiming import in_turn
from apps.econnect.models import Inbound
from apps.econnect.registration import NotConfigured
from apps.intake import keeping
from apps.intake.models import Channel, Receipt

log = logging.getLogger(__name__)
AGAIN = "econnect_told"
SOURCE = "econnect "


def take_in() -> None:
    """Work on what the hook told, and fetch every document that is due."""
    hook_calls.handle()
    try:
        due = fetching.due()
    except NotConfigured:
        return
    in_turn(due, fetch, again=AGAIN)
    if due:
        queue.ring(fetching.REMOVE)


def fetch(pk: int) -> http.RemoteError | None:
    """Fetch one document and keep it; return what went wrong, which its row says, too."""
    with fetching.in_hand(pk) as inbound:
        if inbound is None:
            return None
        try:
            content = fetching.download(inbound)
        except http.RemoteError as error:
            fetching.put_off(inbound, error)
            return error
        receipt = keep(inbound, content)
        fetching.kept(inbound, receipt.parts.values_list("original", flat=True)[0])
        return None


def keep(inbound: Inbound, content: bytes) -> Receipt:
    """Keep the bytes of a document and return its receipt: the one that is there, when it was kept before."""
    return keeping.keep(
        [(f"{inbound.number or inbound.document_id}.xml", content)],
        channel=Channel.PEPPOL,
        sender=inbound.sender,
        recipient=inbound.party.party_id,
        subject=inbound.number,
        administration=inbound.party.administration,
        source_key=f"{SOURCE}{inbound.document_id}",
    )


def inbound_of(receipt: Receipt) -> Inbound | None:
    """Return the document at eConnect that a receipt came from, None for another channel."""
    if receipt.channel != Channel.PEPPOL or not receipt.source_key.startswith(SOURCE):
        return None
    rows = Inbound.objects.filter(document_id=receipt.source_key.removeprefix(SOURCE))
    return rows.select_related("party__account", "party__administration").order_by("pk").first()


def reconcile() -> int:
    """Look again at every document that is not both kept here and removed there; return how many are near their end.

    For there is no list of what eConnect keeps for us (eConnect facts 1): known ids are all there is to go by.
    """
    fetching.look_again()
    take_in()
    near = alarms.near_their_end().select_related("party")
    for inbound in near:
        log.error(
            "Document %s for %s is not here and soon gone.", inbound.document_id, inbound.party.party_id
        )
    return len(near)
