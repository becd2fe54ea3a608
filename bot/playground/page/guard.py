"""
Only the page itself may use the demo's server.

Any page that the visitor has open can send requests to this machine. So the Host must be
ours (a name of theirs that resolves to loopback is refused), and an Origin, which a browser
sets on every request that could change something, too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_JSON = "application/json"


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse with 403 what did not come from the page."""
    if not _from_the_page(request):
        return web.Response(status=403, text="This page is for this machine alone.\n")
    return await handler(request)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """On every answer."""
    response.headers.update(HEADERS)


def _from_the_page(request: web.Request) -> bool:
    socket = request.get_extra_info("sockname")
    ours = {f"{name}:{socket[1]}" for name in ("127.0.0.1", "localhost")}
    origin = request.headers.get("Origin")
    if request.host not in ours or origin not in {None, f"http://{request.host}"}:
        return False
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        return False
    # another page can send a form, or plain text, without asking first; never JSON
    return request.method in {"GET", "HEAD"} or (
        origin is not None and request.content_type == _JSON
    )
