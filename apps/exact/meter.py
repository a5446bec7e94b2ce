"""The meter of one client object: asked before each call, told after it."""

from collections.abc import Mapping

from apps.exact import budget
from apps.exact.blocking import COUNTED, Endpoints, says_blocked
from apps.exact.budget import Purpose
from apps.exact.models import Connection, Division
from apps.exact.windows import Told


class Meter:
    """What `purpose` may still ask of `division` through `connection`. Costs one update for each call, rarely two."""

    def __init__(self, division: Division, connection: Connection, purpose: Purpose) -> None:
        self._division, self._purpose = division, purpose
        self._endpoints = Endpoints(division, connection, purpose)
        self._last: Told | None = None
        self._minute = 0

    def before(self, endpoint: str) -> None:
        """Count a call to `endpoint` (a resource path). Raises EndpointBlocked or Spent, and then nothing is sent."""
        self._endpoints.check(endpoint)
        self._minute = budget.spend(self._division, self._purpose)

    def after(self, endpoint: str, status: int, headers: Mapping[str, str], words: str) -> None:
        """Take in what an answer says. Raises Spent or EndpointBlocked when it is a refusal for too many calls."""
        told = Told.by(headers)
        if not told.follows(self._last, self._minute):
            budget.hear(self._division, told, whole=status < 300)
        self._last = told
        if says_blocked(status, words):
            raise self._endpoints.block(endpoint)
        if status == 429:
            raise budget.refused(self._division, told)
        if status in COUNTED:
            self._endpoints.note(endpoint)
