"""Moments as eConnect writes them."""

from datetime import UTC, datetime


def written(moment: datetime) -> str:
    """Return an aware moment in UTC with seven digits of a second: `2022-01-21T10:03:18.3726190+00:00`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}0+00:00"
