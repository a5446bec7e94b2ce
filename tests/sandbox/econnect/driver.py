"""A caller of the simulated eConnect, as close to the wire as the product comes."""

from typing import Any

import requests
from django.conf import settings

from apps.core.http import Session

BASE = "http://127.0.0.1:8000/sandbox/econnect"
IDENTITY = "http://127.0.0.1:8000/sandbox/econnect-identity"
BAKERY, BAKERY_AS_TEXT = "0106:64134164", "NL:KVK:64134164"
DEAF = "9944:NL891479338B01"  # lacks the permission to receive
OF_THE_CLIENT = "9944:NL892681251B01"  # of a user with a token of its own
NLCIUS = (
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice##urn:cen.eu:en16931:2017#compliant"
    "#urn:fdc:nen.nl:nlcius:v1.0::2.1"
)
INVOICE = b"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ID>2026-10441</cbc:ID>
  <cac:AccountingSupplierParty><cac:Party>
    <cbc:EndpointID schemeID="0106">51439807</cbc:EndpointID>
  </cac:Party></cac:AccountingSupplierParty>
</Invoice>
"""


class Econnect:
    """A signed-in client: the firm's own software, or the user of one client."""

    def __init__(self, username: str = "", password: str = "") -> None:
        self.session = Session()
        grant = {"grant_type": "client_credentials"}
        if username:
            grant = {"grant_type": "password", "username": username, "password": password}
        token = self.token(**grant).json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def token(self, **fields: str) -> requests.Response:
        """Call the token endpoint; credentials and scope are filled in."""
        known = {
            "client_id": settings.SANDBOX_ECONNECT_CLIENT_ID,
            "client_secret": settings.SANDBOX_ECONNECT_CLIENT_SECRET,
            "scope": "ap",
        }
        return self.session.post(f"{IDENTITY}/connect/token", data={**known, **fields})

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call an address below /api/v1/."""
        return self.session.request(method, f"{BASE}/api/v1/{path}", **options)

    def get(self, path: str, **params: str) -> requests.Response:
        """GET an address below /api/v1/."""
        return self.call("GET", path, params=params)

    def about(self, document_id: str, what: str = "", party: str = BAKERY) -> str:
        """Return the address of an invoice below /api/v1/."""
        return f"{party}/purchaseInvoice/{document_id}{f'/{what}' if what else ''}"

    def download(self, document_id: str, party: str = BAKERY, **params: str) -> requests.Response:
        """Download an invoice."""
        return self.get(self.about(document_id, "download", party), **params)

    def delete(self, document_id: str, party: str = BAKERY) -> requests.Response:
        """Remove an invoice."""
        return self.call("DELETE", self.about(document_id, party=party))

    def respond(self, document_id: str, status: str, *, mark: str = "", **more: Any) -> requests.Response:
        """Answer the sender of an invoice."""
        headers = {"X-EConnect-DocumentId": mark} if mark else {}
        body = {"status": status, **more}
        return self.call("POST", self.about(document_id, "response"), json=body, headers=headers)

    def hook(self, url: str, *topics: str, party: str = "", **more: Any) -> requests.Response:
        """Register a hook of the environment, or of a party."""
        path = f"{party}/hook" if party else "hook"
        body = {"id": "main", "name": "Main", "action": url, "topics": list(topics or ["*Received*"])}
        return self.call(more.pop("verb", "PUT"), path, json={**body, **more})


def words(response: requests.Response) -> str:
    """Return the words of a refusal, whose body must have all its members."""
    told = response.json()
    assert set(told) == {"helpLink", "message", "code", "requestId", "dateTime"}
    assert told["code"] == f"API{response.status_code}"
    return str(told["message"])
