"""
What the platform asks on the admin port: GET /livez (or /healthz), /readyz, /metrics.

Alive means that the process itself moves; Redis and Slack are never asked for that, or an
outage of theirs would restart every bot. Ready names each part that is not, and counts what was
put aside: that makes no bot unready, but somebody should check it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, make_wsgi_app

Probe = Callable[[], bool]
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


def application(
    alive: Probe,
    parts: Mapping[str, Probe],
    registry: CollectorRegistry,
    shown: Mapping[str, Probe] | None = None,
    parked: Callable[[], int] = lambda: 0,
) -> Application:
    """`parts` must work for the bot to be ready; `shown` are only shown, `parked` is a count."""
    metrics: Application = make_wsgi_app(registry)

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") not in {"GET", "HEAD"}:
            return _json(start_response, "405 Method Not Allowed", {})
        match environ.get("PATH_INFO"):
            case "/livez" | "/healthz":
                return _status(start_response, {"clock": alive()})
            case "/readyz":
                return _status(start_response, states(parts), states(shown or {}), parked())
            case "/metrics":
                return metrics(environ, start_response)
        return _json(start_response, "404 Not Found", {})

    return serve


def states(parts: Mapping[str, Probe]) -> dict[str, bool]:
    """Each part, and whether it works now."""
    return {name: _works(probe) for name, probe in parts.items()}


def _works(probe: Probe) -> bool:
    try:
        return probe()
    except Exception:  # noqa: BLE001 - whatever it was, the part does not work
        return False


def _status(
    start_response: StartResponse,
    parts: Mapping[str, bool],
    shown: Mapping[str, bool] | None = None,
    parked: int = 0,
) -> list[bytes]:
    status = "200 OK" if all(parts.values()) else "503 Service Unavailable"
    named = {**parts, **(shown or {})}
    body: dict[str, object] = {name: "ok" if works else "failing" for name, works in named.items()}
    return _json(start_response, status, body | ({"parked": parked} if parked else {}))


def _json(start_response: StartResponse, status: str, body: Mapping[str, object]) -> list[bytes]:
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(body).encode()]
