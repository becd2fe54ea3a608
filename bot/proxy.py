"""
Which proxy a connection to Slack goes through.

HTTPS_PROXY and HTTP_PROXY name it, unless NO_PROXY names the host: by the standard library's rule,
which AWS's client follows, too. In addition, NO_PROXY may hold networks (10.0.0.0/8), and this
machine is never reached through a proxy. slack_sdk ignores NO_PROXY, and the standard library's
opener sends loopback addresses to the proxy, so every client of ours is given its proxy.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.errors import UsageError

SECURE = frozenset({"https", "wss"})


def proxy_for(url: str) -> str | None:
    """The proxy's address with its credentials, or None; raises UsageError for an unusable one."""
    parts = urlsplit(url)
    scheme, port = ("https", 443) if parts.scheme in SECURE else ("http", 80)
    proxies, host = getproxies(), parts.hostname or ""
    address = proxies.get(scheme)
    if not address or loopback(host) or _in_networks(host, proxies.get("no", "")):
        return None
    if proxy_bypass(f"{host}:{parts.port or port}"):
        return None
    return _usable(address, f"{scheme.upper()}_PROXY")


def without_credentials(proxy: str) -> str:
    """What may be shown of a proxy's address."""
    try:
        parts = _parts(proxy)
    except ValueError:
        return "an address that cannot be read"
    return f"{parts.scheme}://{parts.hostname}:{parts.port or 80}"


def loopback(host: str) -> bool:
    """Whether `host` is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _in_networks(host: str, no_proxy: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in _networks(no_proxy))


def _networks(no_proxy: str) -> list[IPv4Network | IPv6Network]:
    networks = []
    for name in no_proxy.split(","):
        try:
            networks.append(ip_network(name.strip(), strict=False))
        except ValueError:  # a name
            continue
    return networks


def _usable(address: str, variable: str) -> str:
    """Neither slack_sdk's client nor the standard library's speaks TLS or SOCKS to a proxy."""
    try:
        parts = _parts(address)
    except ValueError:
        parts = None
    if parts is None or parts.scheme != "http":
        raise UsageError(
            f"{variable} must be an address such as http://proxy.example.com:3128, with special "
            "characters of a password percent-encoded."
        )
    return parts.geturl()


def _parts(address: str) -> SplitResult:
    """Raises ValueError, also where an unescaped character of a password ends the host early."""
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if not parts.hostname or parts.port == 0 or "@" in f"{parts.path}{parts.query}{parts.fragment}":
        raise ValueError
    return parts
