"""The trend of a digest: a chart, and the same figures as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.digest.lines import local
from bot.digest.model import Digest, Point

_POINTS = 20
"""As many categories as Slack's chart has."""


def labelled(digest: Digest) -> list[tuple[str, Point]]:
    """The last ones; of those within one minute, the last."""
    points = {local(digest, point.at): point for point in digest.trend}
    return list(points.items())[-_POINTS:]


def figures(points: Sequence[tuple[str, Point]]) -> str:
    return " · ".join(f"{label}: {point.blind:,}" for label, point in points)


def trend_chart(points: Sequence[tuple[str, Point]]) -> dict[str, Any]:
    """A data_visualization block (docs/facts/slack.md)."""
    data = [{"label": label, "value": point.blind} for label, point in points]
    return {
        "type": "data_visualization",
        "title": "Blind functions at each scan",
        "chart": {
            "type": "line",
            "series": [{"name": "Blind", "data": data}],
            "axis_config": {"categories": [label for label, _ in points], "y_label": "Functions"},
        },
    }
