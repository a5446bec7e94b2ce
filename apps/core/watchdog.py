"""Decides whether a cluster is alive, from its beats and from the queue before them. Pure."""

from datetime import datetime


class Watchdog:
    """Counts how long a cluster has shown no life. Times are seconds of one stopwatch.

    A beat of its own is life. So is a queue that shrinks before the beat we wait for: a long backlog is work,
    not a wedge. A database that cannot be asked says nothing, so it never counts against the cluster.
    """

    def __init__(self, *, stale: float, start: float) -> None:
        self._stale = stale
        self._start = start
        self._alive_at = 0.0
        self._beat: datetime | None = None
        self._ahead: int | None = None

    def restarted(self, now: float, beat: datetime | None = None) -> None:
        """A new cluster was started; it has `start` seconds more until its first beat is due."""
        self._alive_at = now + self._start
        self._beat = beat
        self._ahead = None

    def see(self, now: float, *, beat: datetime | None, ahead: int) -> bool:
        """Take in the newest beat and how many tasks stand before the one we wait for; True on a new beat."""
        fresh = beat != self._beat
        if fresh or (self._ahead is not None and ahead < self._ahead):
            self._alive_at = now
        self._beat = beat
        self._ahead = None if fresh else ahead
        return fresh

    def blind(self, now: float) -> None:
        """Nothing could be seen: the database is away."""
        self._alive_at = max(self._alive_at, now)

    def is_stale(self, now: float) -> bool:
        """Tell whether the cluster has been silent for too long."""
        return now - self._alive_at > self._stale
