"""The only HTTP to eConnect. Paths and verbs: eConnect facts 2.1 and 2.2."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from requests import RequestException, Response

from apps.core import clock, http
from apps.econnect import access, refusals
from apps.econnect.models import Account, Family

# Where a document of each family lies. That of orders is a guess: no page that was read shows it.
PATHS = {Family.INVOICE: "purchaseInvoice", Family.ORDER: "order"}
HOOK = "/api/v1/hook"
DONE_BEFORE = 409  # the same again: eConnect did it already, which is a success
_OTHER_VERB = {"PUT": "POST", "POST": "PUT"}
_NO_SUCH_VERB = (404, 405)
_NO_SUCH_FORMAT = (400, 406, 415, 422)


@dataclass(frozen=True, slots=True)
class Document:
    """A document as eConnect addresses it."""

    party_id: str
    document_id: str
    family: str = Family.INVOICE


class EConnect:
    """eConnect as one account sees it. Not shared between threads.

    Every method raises `Temporary`, `Rejected`, `Unauthorised` (apps.core.http), whose `reason` is eConnect's request
    id, and never happens inside a transaction. What is there already (409) is a success.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self._session = http.Session()
        self._session.headers["Accept"] = "application/json"
        if settings.ECONNECT_SUBSCRIPTION_KEY:
            self._session.headers["Subscription-Key"] = settings.ECONNECT_SUBSCRIPTION_KEY

    def me(self) -> dict[str, Any]:
        """Return who we are there."""
        body = self._read("/api/v1/me")
        return body if isinstance(body, dict) else {}

    def parties(self) -> list[dict[str, Any]]:
        """Return the parties that the account may act for: id, name, permissions."""
        return _rows(self._read("/api/v1/me/party"))

    def hooks(self) -> list[dict[str, Any]]:
        """Return the hooks of the environment."""
        return _rows(self._read(HOOK))

    def put_hook(self, hook: dict[str, Any]) -> dict[str, Any]:
        """Make or change the hook of the environment and return it; one with an `id` that is there is changed.

        The vendor's pages name different verbs: after 404 or 405 the other one is tried.
        """
        first = settings.ECONNECT_HOOK_VERB
        try:
            response = self._send(first, HOOK, json=hook)
        except http.Rejected as refused:
            if refused.status not in _NO_SUCH_VERB:
                raise
            response = self._send(_OTHER_VERB.get(first, "PUT"), HOOK, json=hook)
        body = _json(response)
        return body if isinstance(body, dict) else {}

    def delete_hook(self, hook_id: str) -> None:
        """Remove a hook of the environment; one that is gone already is a success."""
        self._remove(f"{HOOK}/{quote(hook_id, safe='')}")

    def ping(self, party_id: str) -> None:
        """Ask eConnect to call the hooks of a party now."""
        self._send("GET", f"/api/v1/{_party(party_id)}/hook/ping")

    def download(self, document: Document) -> bytes:
        """Return the bytes of a document, an invoice in the wanted format where eConnect can give it.

        Raises Temporary for an empty answer.
        """
        address = f"{_address(document)}/download"
        wanted = settings.ECONNECT_INVOICE_FORMAT if document.family == Family.INVOICE else ""
        params = {settings.ECONNECT_FORMAT_PARAMETER: wanted} if wanted else {}
        try:
            response = self._send("GET", address, params=params)
        except http.Rejected as refused:
            if not params or refused.status not in _NO_SUCH_FORMAT:
                raise
            response = self._send("GET", address)  # as it was sent: a credit note is no invoice, for one
        if not response.content:
            raise http.Temporary(_("eConnect gave an empty document."), status=response.status_code)
        return response.content

    def remove(self, document: Document) -> None:
        """Remove a document there; one that is gone already is a success."""
        self._remove(_address(document))

    def status(self, document: Document) -> list[dict[str, Any]]:
        """Return what became of a document there, for a person who looks into it: meant for debugging only."""
        return _rows(self._read(f"{_address(document)}/status"))

    def respond(
        self, document: Document, *, mark: UUID, status: str, reasons: dict[str, str], note: str = ""
    ) -> None:
        """Answer the sender of a document. `mark` makes a repeat the same answer (as documented for sending: a guess).

        Raises OutcomeUnknown besides: something was sent, and whether it was done nobody said.
        """
        answer = {"status": status, "reasons": reasons, "actions": {}, "note": note}
        headers = {"X-EConnect-DocumentId": str(mark)}
        self._send("POST", f"{_address(document)}/response", lost=True, json=answer, headers=headers)

    def _read(self, path: str) -> Any:
        response = self._send("GET", path)
        body = _json(response)
        if body is None:
            raise http.Temporary(_("eConnect gave no readable answer."), status=response.status_code)
        return body

    def _remove(self, path: str) -> None:
        try:
            self._send("DELETE", path)
        except http.Rejected as refused:
            if refused.status not in (404, 410):
                raise

    def _send(self, method: str, path: str, *, lost: bool = False, **options: Any) -> Response:
        """Make one call, with a new token when the kept one is refused. `lost`: a lost answer leaves it open."""
        token = access.stored(self.account)
        kept = bool(token)
        url = f"{self.account.base_url}{path}"
        response = self._called(method, url, token or self._new_token(), options, lost=lost)
        if response.status_code == 401 and kept:
            access.forget(self.account)
            response = self._called(method, url, self._new_token(), options, lost=lost)
        if response.status_code == 401:
            access.forget(self.account)
        if response.status_code >= 300 and not (response.status_code == DONE_BEFORE and method != "GET"):
            raise refusals.error_of(response.status_code, response.content, lost_write=lost)
        return response

    def _called(
        self, method: str, url: str, token: str, options: dict[str, Any], *, lost: bool = False
    ) -> Response:
        headers = {"Authorization": f"Bearer {token}", **options.get("headers", {})}
        try:
            return self._session.request(method, url, **{**options, "headers": headers})
        except RequestException as error:
            kind = http.OutcomeUnknown if lost else http.Temporary
            raise kind(_("eConnect did not answer."), reason=type(error).__name__) from None

    def _new_token(self) -> str:
        """Ask for a token and keep it."""
        asked_at = clock.now()
        url = f"{self.account.identity_url}/connect/token"
        try:
            response = self._session.post(url, data=access.question(self.account))
        except RequestException as error:
            words = _("The identity service of eConnect did not answer.")
            raise http.Temporary(words, reason=type(error).__name__) from None
        body = _json(response)
        token = body.get("access_token") if isinstance(body, dict) else None
        if response.status_code == 200 and isinstance(token, str) and token:
            access.keep(self.account, token, asked_at, body.get("expires_in"))
            return token
        if 400 <= response.status_code < 500 and response.status_code not in (408, 429):
            words = _("eConnect does not give us access. Check the client id, the secret and the user.")
            raise http.Unauthorised(words, status=401)  # whatever it answers: the account is not let in
        words = _("The identity service of eConnect gave no usable answer (status %s).")
        raise http.Temporary(words % response.status_code, status=response.status_code)


def _party(party_id: str) -> str:
    return quote(party_id, safe=":")


def _address(document: Document) -> str:
    path = PATHS[Family(document.family)]
    return f"/api/v1/{_party(document.party_id)}/{path}/{quote(document.document_id, safe='')}"


def _json(response: Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _rows(body: Any) -> list[dict[str, Any]]:
    return [row for row in body if isinstance(row, dict)] if isinstance(body, list) else []
