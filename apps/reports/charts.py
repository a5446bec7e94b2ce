"""Figures as the JSON that the theme's charts read from the page. Pure."""

import json
from collections.abc import Sequence
from typing import Any

OPTIONS = json.dumps(
    {
        "animation": False,
        "maintainAspectRatio": False,
        "plugins": {"legend": {"display": True, "position": "bottom"}},
        "scales": {"x": {"grid": {"display": False}}, "y": {"beginAtZero": True, "ticks": {"precision": 0}}},
    }
)
COLORS = (
    "var(--color-primary-600)",
    "var(--color-primary-300)",
    "var(--color-base-300)",
    "var(--color-base-500)",
)


def chart(labels: Sequence[Any], series: Sequence[tuple[Any, Sequence[int]]]) -> str:
    """Return the data of a bar or line chart: the labels below, and each series as (name, values)."""
    sets = [
        {
            "label": str(name),
            "data": list(values),
            "backgroundColor": color,
            "borderColor": color,
            "borderRadius": 3,
        }
        for (name, values), color in zip(series, COLORS, strict=False)
    ]
    return json.dumps({"labels": [str(label) for label in labels], "datasets": sets})
