"""Mails in which eConnect says that there is a document: the second way to hear of it, should the hook be lost.

How such a mail reads is not documented; so the ids are looked for, labelled or not, in any text of an allowed sender. A
forged one leads to a question that eConnect answers with no, and to nothing else.
"""

import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from apps.econnect import party_ids
from apps.econnect.announcing import Announcement, announce
from apps.econnect.models import Account, Family, Party
from apps.econnect.registration import NotConfigured, default_account

LONGEST = 200_000  # characters of a mail that are looked through
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DOCUMENT = re.compile(rf"document(?:[ _-]?id)?\W{{1,10}}({_ID})", re.IGNORECASE)
_ANY_ID = re.compile(rf"(?<![\w@-])({_ID})(?![\w@-])", re.IGNORECASE)
_LABEL = re.compile(r"(?:party(?:[ _-]?id)?|recipient|receiver|ontvanger)\W{1,10}$", re.IGNORECASE)
_TOPIC = re.compile(r"\b(?:Invoice|Order|MessageLevel|Hook)[A-Z]\w+")
_ERROR = "InvoiceReceivedError"
_RECEIVED = {"InvoiceReceived": Family.INVOICE, _ERROR: Family.INVOICE, "OrderReceived": Family.ORDER}
_LONGEST_LABEL = 30


def told_by_mail(sender: str, text: str) -> int:
    """Return how many documents a mail announces, which are known from now on; 0 for a mail that is none of these.

    Only senders of ECONNECT_MAIL_SENDERS are listened to.
    """
    text = text[:LONGEST]
    topics = set(_TOPIC.findall(text))
    if not is_sender(sender) or (topics and not topics & set(_RECEIVED)):
        return 0
    documents = _documents(text)
    try:
        account = default_account()
    except NotConfigured:
        return 0
    party_id = _party_id(account, text)
    if not party_id:
        return 0
    family = Family.ORDER if topics & set(_RECEIVED) == {"OrderReceived"} else Family.INVOICE
    trouble = _("eConnect says by mail that it could not handle this document.") if _ERROR in topics else ""
    for document_id in documents:
        announce(account, Announcement(party_id, document_id, family, told_by="mail", trouble=trouble))
    return len(documents)


def is_sender(sender: str) -> bool:
    """Tell whether a mail's sender (`Name <address>`) is one of eConnect's: an address, or all of a domain."""
    address = parseaddr(sender)[1].lower()
    _name, at, domain = address.rpartition("@")
    for allowed in map(str.lower, settings.ECONNECT_MAIL_SENDERS):
        if address == allowed:
            return True
        if allowed.startswith("@") and (domain == allowed[1:] or domain.endswith(f".{allowed[1:]}")):
            return bool(at)
    return False


def _documents(text: str) -> list[str]:
    """Return the ids of documents in `text`: those that are called so, or else any that is no part of an address."""
    found = _DOCUMENT.findall(text) or _ANY_ID.findall(text)
    return list(dict.fromkeys(one.lower() for one in found))


def _party_id(account: Account, text: str) -> str:
    """Return which party a mail is for: the one it calls so, or else the first that is one of ours."""
    found = [(party_ids.normal(one[0]), one.start()) for one in party_ids.FOUND.finditer(text)]
    known = set(
        Party.objects.filter(
            account__base_url=account.base_url, party_id__in=[party_id for party_id, _at in found]
        ).values_list("party_id", flat=True)
    )
    ours = [(party_id, at) for party_id, at in found if party_id in known]
    labelled = [party_id for party_id, at in (*ours, *found) if _is_labelled(text, at)]
    named = dict.fromkeys(party_id for party_id, _at in found)
    only = list(named) if len(named) == 1 else []
    return next(iter([*labelled, *(party_id for party_id, _at in ours), *only]), "")


def _is_labelled(text: str, at: int) -> bool:
    return bool(_LABEL.search(text[max(0, at - _LONGEST_LABEL) : at]))
