"""What log settings do to the SDK's payload, apart from a log group's class. Pure."""

from __future__ import annotations

from bot.lint.model import Said
from bot.lint.tree import Node
from checks.actions import change_in_code
from checks.model import Action, Verdict

_STEP = "telemetry_payload_logged"
_FILTERING = frozenset({"WARN", "ERROR", "FATAL"})


def dropped_by_level(settings: Node | None) -> tuple[Said, ...]:
    """
    In JSON format AWS gives a line without a level the level INFO, and filters by it.

    The SDK writes its payload outside the console's methods, so it may be dropped (not tried).
    """
    log_format = settings.get("LogFormat") if settings else None
    level = settings.get("ApplicationLogLevel") if settings else None
    if log_format is None or level is None or (log_format.text or "").upper() != "JSON":
        return ()
    name = (level.text or "").upper()
    if name not in _FILTERING:
        return ()
    return (
        Said(
            _STEP,
            Verdict.NOTICE.value,
            f"The log level {name} may drop the SDK's payload",
            level.place,
            (change_in_code("Set the application log level to INFO"),),
        ),
    )


def switched_off(switch: Node) -> Said:
    """`disableLogs` of Serverless Framework denies the function to write its log."""
    return Said(
        _STEP,
        Verdict.PROBLEM.value,
        "disableLogs keeps the SDK's payload out of the log",
        switch.place,
        (Action("Remove disableLogs, then deploy"),),
    )
