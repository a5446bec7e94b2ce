"""What the connected user and our app may do in a division, asked so that it costs next to nothing.

Exact blocks an endpoint after ten refused calls in an hour (Exact facts 2.3), so each is refused at most once a night:
first comes what the sync met already, then the question `users/UserHasRights`, then one row of the endpoint itself.
Nothing is ever written to find out whether it could be.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from apps.core import clock
from apps.core.http import RemoteError, Temporary, Unauthorised
from apps.exact.budget import EndpointBlocked, Purpose
from apps.exact.client import Exact
from apps.exact.models import Connection, Division, RightProbe, SyncState
from apps.exact.rights_words import ASKED_AT, RIGHTS, SCOPE_MIRRORS, Right, is_scope

NIGHT = timedelta(hours=20)  # what was asked within it is not asked again by itself
PAUSE = timedelta(minutes=10)  # nor by a person within this
_PROVEN = timedelta(days=2)  # a mirror that was read since proves its scope
FLAGS = (
    "IsClientUser",
    "IsEmployeeSelfServiceUser",
    "IsMyFirmLiteUser",
    "IsMyFirmPortalUser",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it is allowed, None: Exact did not say; and Exact's words when it refused."""

    allowed: bool | None
    words: str = ""


def probe(division: Division, *, by_hand: bool = False) -> int:
    """Ask what is due to be asked of `division`; return how many calls it took (current/Me is not counted).

    `by_hand`: a person asks now; then ten minutes must have passed instead of a night, and what the sync met may be
    mended since, so it is no answer. Never raises what Exact answers: what was not answered stays unknown.
    """
    if division.connection is None:
        return 0
    purpose = Purpose.PERSON if by_hand else Purpose.SYNC
    asking = _Asking(division, division.connection, Exact(division, purpose), by_hand)
    try:
        asking.learn_user()
        asking.go()
    except RemoteError:
        pass  # the connection, the administration or the budget: nothing else would be answered either
    return asking.calls


@dataclass
class _Asking:
    division: Division
    connection: Connection
    exact: Exact
    by_hand: bool
    calls: int = 0
    scopes: dict[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = RightProbe.objects.filter(division=self.division, connection=self.connection)
        self.kept = {row.endpoint: row for row in rows}
        states = SyncState.objects.filter(division=self.division)
        self.states = {state.resource: state for state in states}

    def learn_user(self) -> None:
        """Keep what kind of user it is; raises what Exact answers, for without Me nothing else is answered."""
        if not self._is_due(self.connection.me_asked_at):
            return
        told = Exact(self.connection).me()
        names = (*FLAGS, *settings.EXACT_TRIAL_USER_FLAGS)
        values: dict[str, Any] = {
            "me_facts": {name: told[name] for name in names if isinstance(told.get(name), bool)},
            "me_asked_at": clock.now(),
        }
        Connection.objects.filter(pk=self.connection.pk).update(**values)
        for name, value in values.items():
            setattr(self.connection, name, value)

    def go(self) -> None:
        """Ask each right that is due."""
        for right in RIGHTS:
            before = self.kept.get(right.endpoint)
            if not self._is_due(before.asked_at if before else None) or not self._claim(right.endpoint):
                continue
            try:
                answer = self._heard(right) or self._answer(right)
            except RemoteError:
                self._give_back(right.endpoint, before)
                raise
            if answer:
                self._keep(right.endpoint, answer)
            else:
                self._give_back(right.endpoint, before)

    def _is_due(self, asked_at: datetime | None) -> bool:
        now, pause = clock.now(), PAUSE if self.by_hand else NIGHT
        return asked_at is None or not now - pause < asked_at <= now

    def _claim(self, endpoint: str) -> bool:
        """Note that it is asked before it is: who is killed in between, or comes second, does not ask again."""
        key: dict[str, Any] = {"division": self.division, "connection": self.connection, "endpoint": endpoint}
        now, before = clock.now(), self.kept.get(endpoint)
        if before is None:
            self.kept[endpoint], made = RightProbe.objects.get_or_create(**key, defaults={"asked_at": now})
            return made
        return RightProbe.objects.filter(pk=before.pk, asked_at=before.asked_at).update(asked_at=now) == 1

    def _give_back(self, endpoint: str, before: RightProbe | None) -> None:
        """Nothing was refused: it may be asked again at the next occasion."""
        same = RightProbe.objects.filter(pk=self.kept[endpoint].pk)
        same.update(asked_at=before.asked_at if before else clock.now() - NIGHT)

    def _heard(self, right: Right) -> Answer | None:
        """What the sync of tonight met at the same endpoint."""
        state = None if self.by_hand else self.states.get(right.mirror)
        if state is None or not state.trouble or state.resume_at:
            return None
        return Answer(allowed=False, words=state.trouble)

    def _answer(self, right: Right) -> Answer | None:
        """Ask Exact; None: not asked, or the answer said nothing of this right."""
        may = self._told(right)
        if may is False:
            return Answer(allowed=False)
        lacking = self.scopes.get(right.scope)
        if lacking and lacking.allowed is False:
            return lacking
        if may and (lacking or self._proven(right.scope)):
            return Answer(allowed=True)
        seen = self._seen(right)
        if seen and (seen.allowed or is_scope(seen.words)):
            self.scopes[right.scope] = seen
        return seen

    def _told(self, right: Right) -> bool | None:
        row = self.kept.get(ASKED_AT)
        if row and row.allowed is False and not self._is_due(row.asked_at):
            return None
        try:
            may: bool | None = self._counted(lambda: self.exact.has_right(right.endpoint, right.action))
            return may
        except EndpointBlocked:
            return None
        except RemoteError as error:
            self._demand_bearable(error)
            self._keep(ASKED_AT, Answer(allowed=False, words=error.words or str(error)))
            return None

    def _seen(self, right: Right) -> Answer | None:
        """Read one row of the endpoint."""
        try:
            self._counted(lambda: next(self.exact.pages(right.endpoint, filter=right.filter, top=1), None))
        except EndpointBlocked:
            return None
        except RemoteError as error:
            self._demand_bearable(error)
            # Only a 403 speaks of rights and scopes (1.7); anything else leaves it open.
            return Answer(allowed=False if error.status == 403 else None, words=error.words or str(error))
        return Answer(allowed=True)

    def _counted(self, call: Any) -> Any:
        before = self.exact.calls
        try:
            return call()
        finally:
            self.calls += self.exact.calls - before

    @staticmethod
    def _demand_bearable(error: RemoteError) -> None:
        """Raise what says nothing of one right: no answer, a spent budget, a barred user or administration."""
        if (
            isinstance(error, Temporary)
            or error.status == 401
            or (isinstance(error, Unauthorised) and error.reason)
        ):
            raise error

    def _proven(self, scope: str) -> bool:
        since = clock.now() - _PROVEN
        states = (self.states.get(name) for name in SCOPE_MIRRORS.get(scope, ()))
        return any(
            state and not state.trouble and state.synced_at and state.synced_at >= since for state in states
        )

    def _keep(self, endpoint: str, answer: Answer) -> None:
        values = {
            "allowed": answer.allowed,
            "is_scope": is_scope(answer.words),
            "words": answer.words,
            "asked_at": clock.now(),
        }
        self.kept[endpoint], _made = RightProbe.objects.update_or_create(
            division=self.division, connection=self.connection, endpoint=endpoint, defaults=values
        )
