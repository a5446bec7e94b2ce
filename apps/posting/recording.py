"""Keeping each call of a posting with Exact's answer, for the audit trail of its document."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from apps.core import clock
from apps.core.http import RemoteError
from apps.exact.client import Exact
from apps.posting.models import MAIL, Posting, PostingCall

LOOK = "look"
TOLD = (
    "ID",
    "Code",
    "EntryID",
    "EntryNumber",
    "PurchaseOrderID",
    "OrderNumber",
    "Description",
    "HID",
    "Document",
    "FileName",
    "AttachmentFileName",
    "YourRef",
    "AmountFC",
)
WORDS_LENGTH = 2_000


def recorded(exact: Exact, posting: Posting) -> Exact:
    """Return `exact` with every call kept as a PostingCall of `posting`: of an answer its ids and figures alone.

    What was never sent (Exact's limit of calls) is no call. Raises what `exact` raises.
    """
    return cast(Exact, _Recorder(exact, posting))


def note_mail(posting: Posting, status: int, words: str) -> None:
    """Keep that a mail of `posting` was handed to a mail server: its reply code and words, 0 without a reply."""
    PostingCall.objects.create(
        posting=posting,
        at=clock.now(),
        step=MAIL,
        verb="MAIL",
        resource=MAIL,
        status=status,
        words=words[:WORDS_LENGTH],
    )


class _Recorder:
    """Stands before a client and writes down what it did."""

    def __init__(self, exact: Exact, posting: Posting) -> None:
        self._exact = exact
        self._posting = posting

    def __getattr__(self, name: str) -> Any:
        return getattr(self._exact, name)

    def post(self, resource: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Create an entity, as `Exact.post`."""
        return cast(
            dict[str, Any],
            self._kept("POST", resource, _step(self._posting, resource), self._exact.post, resource, payload),
        )

    def put(self, resource: str, key: UUID, payload: dict[str, Any]) -> None:
        """Change an entity, as `Exact.put`."""
        self._kept("PUT", resource, _step(self._posting, resource), self._exact.put, resource, key, payload)

    def find(self, resource: str, filter: str, select: Iterable[str] = ()) -> list[dict[str, Any]]:  # noqa: A002
        """Look for rows, as `Exact.find`."""
        return cast(
            list[dict[str, Any]],
            self._kept("GET", resource, LOOK, self._exact.find, resource, filter, select),
        )

    def delete(self, resource: str, key: UUID) -> None:
        """Remove an entity, as `Exact.delete`."""
        self._kept("DELETE", resource, _step(self._posting, resource), self._exact.delete, resource, key)

    def _kept(self, verb: str, resource: str, step: str, call: Any, *values: Any) -> Any:
        before = self._exact.calls
        try:
            answer = call(*values)
        except RemoteError as error:
            if self._exact.calls > before:
                words = error.words or ("" if error.status else str(error))
                self._keep(verb, resource, step, error.status or 0, words, {})
            raise
        status = {"POST": 201, "GET": 200}.get(verb, 204)
        self._keep(verb, resource, step, status, "", _told(answer))
        return answer

    def _keep(
        self, verb: str, resource: str, step: str, status: int, words: str, answer: dict[str, Any]
    ) -> None:
        PostingCall.objects.create(
            posting=self._posting,
            at=clock.now(),
            step=step,
            verb=verb,
            resource=resource,
            status=status,
            words=words[:WORDS_LENGTH],
            answer=answer,
        )


def _step(posting: Posting, resource: str) -> str:
    """Return the step that writes to `resource`: the one under way, where several do."""
    names = [step["name"] for step in posting.plan["steps"] if step.get("resource") == resource]
    under_way = [
        name for name in names if posting.steps.get(name, {}).get("state") in ("started", "changing")
    ]
    return str(next(iter(under_way or names), ""))[:60]


def _told(answer: Any) -> dict[str, Any]:
    if isinstance(answer, list):
        return {"rows": len(answer)}
    return {name: answer[name] for name in TOLD if answer.get(name) is not None} if answer else {}
