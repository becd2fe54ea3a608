"""Each request to AWS as it is answered, and AWS's own word for what went wrong."""

from __future__ import annotations

from typing import Any

from bot.aws.error_codes import THROTTLED
from bot.aws.texts import code as spelled
from bot.observability.tracing import ActKind, acting

_SPELLED = {
    "cloudwatch-logs": "logs",
    "resource-groups-tagging-api": "resourcegroupstaggingapi",
}
"""How botocore's events spell a service → how its clients do."""


def requested(event_name: str, **parameters: Any) -> None:
    """For botocore's event response-received.SERVICE.OPERATION, of each try."""
    _, service, operation = event_name.split(".")
    with acting(ActKind.AWS_REQUEST, operation, service=_SPELLED.get(service, service)) as act:
        answer = parameters.get("parsed_response") or {}
        code = answer.get("Error", {}).get("Code", "")
        if code in THROTTLED:
            act.code = "throttled"


def error_name(error: BaseException) -> str:
    """AWS's code, or the error's kind; never its text, which may hold what was requested."""
    response = getattr(error, "response", None) or {}
    code = response.get("Error", {}).get("Code")
    return spelled(code) if code else type(error).__name__
