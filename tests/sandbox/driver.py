"""A caller of the simulated Exact, as close to the wire as the product comes."""

from typing import Any

import requests

from apps.core.http import Session
from apps.sandbox import seed
from apps.sandbox.exact import oauth
from apps.sandbox.models import ExactUser, RegisteredApp
from tests.sandbox.small_firm import HERE, THERE, key

BASE = "http://127.0.0.1:8000/sandbox/exact"
REDIRECT = "http://127.0.0.1:8000/exact/callback/"


def sign_in(divisions: tuple[int, ...] = (HERE, THERE), user: ExactUser | None = None) -> str:
    """Return a fresh authorisation code."""
    return oauth.allow(
        RegisteredApp.objects.get(), user or ExactUser.objects.order_by("pk")[0], divisions, REDIRECT
    )


class Exact:
    """A signed-in client of one division."""

    def __init__(
        self,
        division: int = HERE,
        divisions: tuple[int, ...] = (HERE, THERE),
        user: ExactUser | None = None,
    ) -> None:
        self.session = Session()
        self.session.headers["Accept"] = "application/json"
        self.division = division
        self.pair: dict[str, str] = {}
        self.exchange(sign_in(divisions, user))

    def token(self, **fields: str) -> requests.Response:
        """Call the token endpoint; credentials are filled in."""
        credentials = {"client_id": seed.CLIENT_ID, "client_secret": seed.CLIENT_SECRET}
        response = self.session.post(f"{BASE}/api/oauth2/token", data={**credentials, **fields})
        if response.status_code == 200:
            self.pair = response.json()
            self.session.headers["Authorization"] = f"Bearer {self.pair['access_token']}"
        return response

    def exchange(self, code: str, **changes: str) -> requests.Response:
        """Exchange a code."""
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, **changes}
        return self.token(**fields)

    def refresh(self, token: str = "") -> requests.Response:
        """Refresh the pair."""
        refresh_token = token or self.pair["refresh_token"]
        return self.token(grant_type="refresh_token", refresh_token=refresh_token)

    def url(self, path: str, division: int | None = None) -> str:
        """Return the address of a resource."""
        return f"{BASE}/api/v1/{division or self.division}/{path}"

    def get(self, path: str, division: int | None = None, **options: Any) -> requests.Response:
        """GET with OData options: `select`, `filter`, `top`."""
        params = {f"${name}": str(value) for name, value in options.items()}
        return self.session.get(self.url(path, division), params=params)

    def rows(self, path: str, **options: Any) -> list[dict[str, Any]]:
        """Return all rows of a list, over all pages."""
        response = self.get(path, **options)
        found: list[dict[str, Any]] = []
        while True:
            assert response.status_code == 200, response.text
            body = response.json()["d"]
            if isinstance(body, list):
                return body
            found += body["results"]
            if "__next" not in body:
                return found
            response = self.session.get(body["__next"])

    def post(self, path: str, body: Any, division: int | None = None) -> requests.Response:
        """POST, asking for the whole representation."""
        headers = {"Prefer": "return=representation"}
        return self.session.post(self.url(path, division), json=body, headers=headers)

    def put(self, path: str, body: Any) -> requests.Response:
        """PUT."""
        return self.session.put(self.url(path), json=body)

    def delete(self, path: str) -> requests.Response:
        """DELETE."""
        return self.session.delete(self.url(path))

    def entry(self, division: int | None = None, **changes: Any) -> requests.Response:
        """POST a purchase entry of one line: 100.00 net at 21 %."""
        return self.post("purchaseentry/PurchaseEntries", entry_body(**changes), division)

    def order(self, division: int | None = None, **changes: Any) -> requests.Response:
        """POST a purchase order of one line: 2 chairs at 50.00, 21 % VAT."""
        return self.post("purchaseorder/PurchaseOrders", order_body(**changes), division)

    def invoice(self, division: int | None = None, **changes: Any) -> requests.Response:
        """POST a logistic purchase invoice of one line: 100.00 net at 21 %."""
        return self.post("purchase/PurchaseInvoices", invoice_body(**changes), division)


def order_body(lines: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """Return the body of a purchase order."""
    line = {"Item": key("STOEL"), "QuantityInPurchaseUnits": 2.0, "NetPrice": 50.0, "VATCode": "2"}
    return {
        "Supplier": key("Jansen Techniek"),
        "YourRef": "B-1",
        "OrderDate": "2026-10-05",
        "PurchaseOrderLines": [line] if lines is None else lines,
        **changes,
    }


def invoice_body(lines: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """Return the body of a logistic purchase invoice."""
    line = {"Item": key("STOEL"), "Quantity": 2.0, "Amount": 100.0, "VATCode": "2"}
    return {
        "Type": 8033,
        "Journal": "60",
        "Supplier": key("Jansen Techniek"),
        "YourRef": "L-1",
        "InvoiceDate": "2026-10-05",
        "PurchaseInvoiceLines": [line] if lines is None else lines,
        **changes,
    }


def entry_body(lines: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """Return the body of a purchase entry."""
    line = {"GLAccount": key("4000"), "AmountFC": 100.0, "VATCode": "2"}
    return {
        "Journal": "60",
        "Supplier": key("Jansen Techniek"),
        "YourRef": "F-1",
        "EntryDate": "2026-10-05",
        "PurchaseEntryLines": [line] if lines is None else lines,
        **changes,
    }


def message(response: requests.Response) -> str:
    """Return the words of a refusal."""
    return str(response.json()["error"]["message"]["value"])
