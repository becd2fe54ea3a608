"""What is sent to addresses that Slack names in its requests and answers, beside its Web API."""

from __future__ import annotations

from http.client import HTTPMessage
from typing import IO
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from bot.proxy import proxy_for

TIMEOUT = 10


class _Stays(HTTPRedirectHandler):
    """What answers at a trusted address does not send us to another."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Never."""


def trusted(url: str, origin: str, api_url: str) -> bool:
    """Whether it is at Slack's `origin`, or at that of the API."""
    parts, api = urlsplit(url), urlsplit(api_url)
    own_origin = (parts.scheme, parts.netloc) == (api.scheme, api.netloc)
    return own_origin or url.startswith(f"{origin}/")


def post(url: str, content: bytes, content_type: str) -> None:
    """Through the proxy that is set for it; no redirect is followed. Raises OSError, HTTPError too."""
    headers = {"Content-Type": content_type}
    request = Request(url, content, headers)  # noqa: S310 - only trusted addresses come here
    proxy = proxy_for(url)
    opener = build_opener(_Stays, ProxyHandler({urlsplit(url).scheme: proxy} if proxy else {}))
    opener.open(request, timeout=TIMEOUT).close()
