"""How long to wait between two attempts: twice as long each time, up to a cap (eConnect facts 2.3). Pure."""

from datetime import timedelta

FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=4)


def pause(attempts: int) -> timedelta:
    """Return the wait after this many attempts: 1, 2, 4, ... minutes, four hours at most."""
    doubled = FIRST * (1 << min(max(attempts, 1) - 1, 12))
    return min(doubled, LONGEST)
