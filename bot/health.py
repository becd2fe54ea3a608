"""
What the platform asks on the admin port: GET /livez (or /healthz), /readyz, /metrics.

Alive means that the process itself moves; Redis and Slack are never asked for that, or an
outage of theirs would restart every bot. Ready names each part that is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, make_wsgi_app

Probe = Callable[[], bool]
Environ = dict[str, Any]
StartResponse = Callable[..., Any]


def application(
    alive: Probe, parts: Mapping[str, Probe], registry: CollectorRegistry
) -> Callable[..., Iterable[bytes]]:
    """The WSGI application; `parts` are what must work for the bot to be ready."""
    metrics = make_wsgi_app(registry)

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO")
        if environ.get("REQUEST_METHOD") not in {"GET", "HEAD"}:
            return _told(start_response, "405 Method Not Allowed", {})
        if path in {"/livez", "/healthz"}:
            return _status(start_response, {"clock": alive()})
        if path == "/readyz":
            return _status(start_response, well(parts))
        if path == "/metrics":
            answer: Iterable[bytes] = metrics(environ, start_response)
            return answer
        return _told(start_response, "404 Not Found", {})

    return serve


def well(parts: Mapping[str, Probe]) -> dict[str, bool]:
    """Each part, and whether it works now."""
    return {name: _works(probe) for name, probe in parts.items()}


def _works(probe: Probe) -> bool:
    try:
        return probe()
    except Exception:  # noqa: BLE001 - whatever it was, the part does not work
        return False


def _status(start_response: StartResponse, parts: Mapping[str, bool]) -> list[bytes]:
    good = all(parts.values())
    return _told(start_response, "200 OK" if good else "503 Service Unavailable", parts)


def _told(start_response: StartResponse, status: str, parts: Mapping[str, bool]) -> list[bytes]:
    body = json.dumps({name: "ok" if good else "failing" for name, good in parts.items()})
    start_response(status, [("Content-Type", "application/json")])
    return [body.encode()]
