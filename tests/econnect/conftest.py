"""These tests read the texts of the source; eConnect is the sandbox's, called as the real one is."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.core import clock
from apps.econnect import parties
from apps.econnect.hook_signature import signature
from apps.econnect.models import Account, Party
from apps.econnect.registration import default_account

SECRET = "the secret of the hook"
Post = Callable[..., int]


@pytest.fixture(autouse=True)
def _texts_of_the_source(english: None) -> None:
    """Every test here is in English."""


@pytest.fixture
def account(db: None) -> Account:
    """The firm's account in the sandbox, with a secret for its hook."""
    made = default_account()
    Account.objects.filter(pk=made.pk).update(hook_secret=SECRET)
    made.refresh_from_db()
    return made


@pytest.fixture
def party(account: Account) -> Party:
    """A party of the firm that receives, removes and answers."""
    parties.refresh(account)
    found = Party.objects.filter(account=account, permissions__canReceiveDocument=True).order_by("pk").first()
    assert found is not None
    return found


def told(**changes: Any) -> bytes:
    """Return the body of a call of the hook, sent now."""
    values = {
        "topic": "InvoiceReceived",
        "partyId": "NL:KVK:12345678",
        "hookId": "1",
        "documentId": str(uuid4()),
        "message": "received",
        "details": {"sender": "0106:34567892", "id": "F-1"},
        "createdOn": clock.now().isoformat(),
        "sentOn": clock.now().isoformat(),
    }
    return json.dumps({**values, **changes}).encode()


def post(account: Account, body: bytes, *, secret: str = SECRET, **extra: Any) -> int:
    """Call the hook as a stranger without a cookie or a CSRF token."""
    headers = {"X-EConnect-Signature": signature(secret, body)}
    browser = Client(enforce_csrf_checks=True)
    url = reverse("econnect:hook", args=[account.pk])
    answer = browser.post(url, body, content_type="application/json", headers=headers, **extra)
    return int(answer.status_code)


assert settings.SANDBOX
