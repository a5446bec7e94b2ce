"""The only HTTP to Exact's data. Every address carries an explicit division (Exact facts 1.5)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from requests import RequestException, Response

from apps.core import clock, http
from apps.exact import answers, connection, lookout, losses
from apps.exact.budget import Purpose
from apps.exact.meter import Meter
from apps.exact.models import Connection, Division, OwnWrite
from apps.exact.rights_words import ASKED_AT
from apps.exact.values import guid_of, integer_of

_PATH = re.compile(r"/api/v1/\d+/(?P<endpoint>[^(?]+)")
_HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}
_KEYS = ("ID", "EntryID", "PurchaseOrderID")  # what an entity's own key is called
_TRIED = 3  # known divisions whose address may be used for the list, one after another
_RESETS = ("X-RateLimit-Minutely-Reset", "X-RateLimit-Reset")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, Exact's own link to the next ("" on the last), how many there are in all."""

    rows: list[dict[str, Any]]
    following: str = ""
    total: int | None = None


class Exact:
    """Exact's data as one division sees it, or, made from a connection, as its user does.

    Not shared between threads. `calls` counts the requests made; `purpose` says whose part of the call budget
    they use. Every method raises `Temporary`, `Rejected`, `Unauthorised` (apps.core.http) and never happens
    inside a transaction.
    """

    def __init__(self, where: Division | Connection, purpose: Purpose = Purpose.PERSON) -> None:
        self._connection = where if isinstance(where, Connection) else where.connection
        self._place = where if isinstance(where, Division) else None
        self.division = where.code if isinstance(where, Division) else None
        self.calls = 0
        self._purpose = purpose
        self._meter = self._meter_of(where) if isinstance(where, Division) else None
        self._session = http.Session()
        self._session.headers.update(_HEADERS)

    def me(self) -> dict[str, Any]:
        """Return the connected user (current/Me); the one address without a division."""
        body = self._get(f"{self._root}/current/Me")
        return next(iter(answers.rows_of(body)), {})

    def divisions(self, present: int = 0, wanted: Sequence[int] = ()) -> tuple[list[dict[str, Any]], bool]:
        """Return the divisions that user and app may reach, and whether these are all of them.

        `present`: what Me says of the user's present division, where that was asked already. `wanted`: codes whose
        licence the list must name, if the user may open them.

        All: system/Divisions. Without the scope for that: those of one licence (hrm/Divisions), whose rows lack the
        chamber of commerce number (Exact facts 1.6). Which division stands in the address: decision 21.
        """
        refused: http.Unauthorised | None = None
        for code in self._listed_from(present, wanted[:_TRIED]):
            known = Division.objects.filter(app=self.connection.app, code=code).first()
            self._meter = self._meter_of(known) if known else None
            try:
                return self._listed(code)
            except (
                http.Unauthorised
            ) as refusal:  # perhaps this one was ticked off; another may still be reached
                if refusal.status != 403:
                    raise
                refused = refusal
        raise refused or http.Unauthorised(_("Exact Online named no division that this user may open."))

    def _listed_from(self, present: int, wanted: Sequence[int]) -> Iterator[int]:
        """Yield the divisions whose address may be used for the list: known ones, or that of Me when none is known."""
        if self.division is not None:
            yield self.division
            return
        reached = Division.objects.filter(connection=self.connection.pk).order_by("pk")
        known = list(reached.values_list("code", flat=True)[:_TRIED]) if self.connection.pk else []
        yield from dict.fromkeys([*wanted, *known])
        if not known and (present or (present := integer_of(self.me().get("CurrentDivision")))) > 0:
            yield present

    def _listed(self, code: int) -> tuple[list[dict[str, Any]], bool]:
        try:
            return self._all(f"{self._root}/{code}/system/Divisions"), True
        except http.Unauthorised as refused:
            if refused.status != 403:
                raise
            return self._all(f"{self._root}/{code}/hrm/Divisions"), False

    def pages(
        self,
        resource: str,
        *,
        select: Iterable[str] = (),
        filter: str = "",  # noqa: A002 - OData's own word
        order: str = "",
        top: int | None = None,
    ) -> Iterator[list[dict[str, Any]]]:
        """Yield the rows of `resource` page by page, as Exact gives them, with every string trimmed."""
        wanted = self.address(resource, select=select, filter=filter, order=order, top=top)
        return (page.rows for page in self.read(wanted))

    def address(
        self,
        resource: str,
        *,
        select: Iterable[str] = (),
        filter: str = "",  # noqa: A002
        order: str = "",
        top: int | None = None,
        count: bool = False,
    ) -> str:
        """Return where the first page of `resource` is; `count` asks how many rows there are in all."""
        options = {
            "$select": ",".join(select),
            "$filter": filter,
            "$orderby": order,
            "$top": "" if top is None else str(top),
            "$inlinecount": "allpages" if count else "",
        }
        query = urlencode(
            {name: value for name, value in options.items() if value}, quote_via=quote, safe="$,"
        )
        return self._url(resource) + (f"?{query}" if query else "")

    def read(self, address: str) -> Iterator[Page]:
        """Yield the pages from `address` on: one of `address()`, or a link that Exact gave earlier."""
        url = self._same_host(address)
        while url:
            body = self._get(url)
            url = self._same_host(answers.next_of(body))
            yield Page(answers.rows_of(body), url, answers.count_of(body))

    def find(self, resource: str, filter: str, select: Iterable[str] = ()) -> list[dict[str, Any]]:  # noqa: A002
        """Return all rows of `resource` that meet `filter`; an empty list when there are none."""
        return [row for page in self.pages(resource, select=select, filter=filter) for row in page]

    def has_right(self, endpoint: str, action: str) -> bool | None:
        """Return whether the user may do `action` (an HTTP verb) at `endpoint`; None when Exact's answer says neither.

        How the values are quoted is not documented (Exact facts 1.7), hence a setting.
        """
        mark = "'" if settings.EXACT_RIGHTS_QUOTED else ""
        asked = {"endpoint": f"{mark}{endpoint}{mark}", "action": f"{mark}{action}{mark}"}
        response = self._send("GET", f"{self._url(ASKED_AT)}?{urlencode(asked, quote_via=quote, safe='/')}")
        return answers.truth_of(answers.parsed(response.content))

    def post(self, resource: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Create an entity and return it with what Exact computed.

        Raises OutcomeUnknown besides: something was sent, and whether it was done nobody said.
        """
        headers = {"Prefer": "return=representation"}
        response = self._send("POST", self._url(resource), json=payload, headers=headers)
        entity = answers.entity_of(answers.parsed(response.content) or {})
        if not entity:
            raise http.OutcomeUnknown(_("Exact Online gave no readable answer."), status=response.status_code)
        self._remember(entity)
        return entity

    def put(self, resource: str, key: UUID, payload: dict[str, Any]) -> None:
        """Change those fields of an entity that `payload` names; nothing comes back (204).

        Raises Rejected with status 404 when it is gone, and OutcomeUnknown besides, as `post`.
        """
        self._send("PUT", f"{self._url(resource)}(guid'{key}')", json=payload)

    def delete(self, resource: str, key: UUID) -> None:
        """Remove an entity by its Guid. Raises Rejected with status 404 when it is gone already."""
        self._send("DELETE", f"{self._url(resource)}(guid'{key}')")

    @property
    def connection(self) -> Connection:
        """The token chain that the calls are made with; raises Unauthorised when there is none."""
        if self._connection is None:
            raise http.Unauthorised(_("This division has no connection with Exact Online."))
        return self._connection

    @property
    def _root(self) -> str:
        return f"{self.connection.app.base_url}/api/v1"

    def _remember(self, entity: dict[str, Any]) -> None:
        """Keep that we wrote this, so that its webhook is known for an echo."""
        key = next(filter(None, (guid_of(entity.get(name)) for name in _KEYS)), None)
        if key and self._place:
            OwnWrite.objects.create(division=self._place, key=key, written_at=clock.now())

    def _meter_of(self, division: Division) -> Meter | None:
        is_stored = self._connection and not self._connection._state.adding
        return Meter(division, self._connection, self._purpose) if self._connection and is_stored else None

    def _url(self, resource: str) -> str:
        if self.division is None:
            raise ValueError("Data is read and written in a division, not on a connection.")
        return f"{self._root}/{self.division}/{resource}"

    def _all(self, url: str) -> list[dict[str, Any]]:
        return [row for page in self.read(url) for row in page.rows]

    def _same_host(self, url: str) -> str:
        ours, theirs = urlsplit(self._root), urlsplit(url)
        if url and (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
            raise http.Rejected(
                _("Exact Online pointed to a next page on another host; it was not followed.")
            )
        return url

    def _get(self, url: str) -> dict[str, Any]:
        response = self._send("GET", url)
        body = answers.listed(response.content)
        if body is None:
            raise http.Temporary(_("Exact Online gave no readable answer."), status=response.status_code)
        return body

    def _send(self, method: str, url: str, **options: Any) -> Response:
        response = self._sent(method, url, connection.access_token(self.connection), options)
        if response.status_code == 401 and (token := connection.newer_token(self.connection)):
            response = self._sent(method, url, token, options)
        if response.status_code == 401:
            lookout.note_unaccepted(self.connection)
        if response.status_code == 403:
            lookout.note_reason(self.connection, self._place, response.headers.get("Reason", ""))
        if response.status_code >= 300:
            raise _refusal(method, response)
        lookout.note_success(self.connection, self._place)
        return response

    def _sent(self, method: str, url: str, token: str, options: dict[str, Any]) -> Response:
        endpoint = _endpoint(url)
        if self._meter and endpoint:
            self._meter.before(endpoint)
        self.calls += 1
        response = self._answered(method, url, token, options)
        if self._meter and endpoint:
            words = answers.words_of(answers.parsed(response.content)) if response.status_code >= 400 else ""
            self._meter.after(endpoint, response.status_code, response.headers, words)
        return response

    def _answered(self, method: str, url: str, token: str, options: dict[str, Any]) -> Response:
        headers = {"Authorization": f"Bearer {token}", **options.get("headers", {})}
        try:
            return self._session.request(method, url, **{**options, "headers": headers})
        except RequestException as error:
            raise _no_answer(method, error) from None


def _endpoint(url: str) -> str:
    """Return the resource path that `url` asks for, "" for an address without a division: those are not counted."""
    found = _PATH.search(urlsplit(url).path)
    return found["endpoint"][:80] if found else ""


def _no_answer(method: str, error: RequestException) -> http.RemoteError:
    """Name a call without an answer: harmless when reading, or when it surely never left."""
    name = type(error).__name__
    if method == "GET" or connection.never_left(error):
        return http.Temporary(_("Exact Online did not answer."), reason=name)
    return http.OutcomeUnknown(_("Exact Online did not answer after something was sent."), reason=name)


def _refusal(method: str, response: Response) -> http.RemoteError:
    """Name an answer of 300 and up after who must act (Exact facts 1.7, 2.2, 3.5)."""
    status = response.status_code
    words = answers.words_of(answers.parsed(response.content))
    if status == 429:
        return http.Temporary(
            words or _("Exact's call limit is reached."), status=429, retry_at_ms=_reset(response)
        )
    if status in (401, 403):
        reason = response.headers.get("Reason", "")
        return http.Unauthorised(_owner_words(status, words, reason), status=status, reason=reason)
    if 400 <= status < 500 or (method != "GET" and status == 500 and answers.is_business(words)):
        return http.Rejected(words or _("Exact Online refused this (status %s).") % status, status=status)
    fault = _("Exact Online has a fault (status %s).") % status
    if method == "GET":
        return http.Temporary(words or fault, status=status)
    return http.OutcomeUnknown(words, status=status, reason=fault)  # what Exact itself said stays apart


def _owner_words(status: int, words: str, reason: str) -> str:
    if status == 401:
        return _("Exact Online does not accept our access. If this stays, sign in to Exact Online again.")
    loss = losses.of_reason(reason)
    remedy = losses.REMEDIES[loss] if loss else None
    return f"{remedy.sentence} {remedy.remedy}" if remedy else words or _("Exact Online does not allow this.")


def _reset(response: Response) -> int | None:
    """Return when the window that was hit opens again, in UTC milliseconds; only its headers are sent (2.2)."""
    moments = [integer_of(response.headers.get(name)) for name in _RESETS]
    return max(moments) or None
