"""A time of day that does not come while tests run, in whichever of their zones a digest has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FAR_OFF = f"{datetime.now(UTC) + timedelta(hours=12):%H}:00"
