"""
Token buckets, so that slsdiag never has AWS throttle the account's other tools.

One bucket for each (account, region, quota). It bursts by no more than its share of a second, so
that the calls that it lets go, bunched by a slow network or a busy machine, stay within AWS's own.
Our own limiter before `standard` retries lost no call and was never throttled where boto3's
defaults lost 10 to 60 %. Processes of one bot share their buckets through its store
(bot/store/rates.py); the command line has its own.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Protocol

from bot.aws.operations import Operation, published_rate


@dataclass
class Bucket:
    """Holds at most a second's published worth; refilled at `rate` a second."""

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


class Take(Protocol):
    """Take one token of the bucket `name`; seconds to wait before using it."""

    def __call__(self, name: str, rate: float, size: float, /) -> float: ...


class Buckets:
    """Those of this process."""

    def __init__(self) -> None:
        """All are full."""
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, name: str, rate: float, size: float, /) -> float:
        """As `Take` says."""
        with self._lock:
            bucket = self._buckets.setdefault(name, Bucket(rate, size))
        return bucket.take()


class Rates:
    """How fast operations may be called. `share` of AWS's published rates is used."""

    def __init__(self, share: float = 0.5, take: Take | None = None) -> None:
        """`share` is between 0 and 1; `take` is the process's own buckets unless given."""
        self._share = share
        self._take = take or Buckets().take

    def wait(self, account: str, region: str, operation: Operation) -> None:
        """Return when `operation` may be called."""
        published = published_rate(operation, region)
        if published is None:
            return
        name = f"{account}:{region}:{operation.shares or operation.action}"
        rate = published * self._share
        pause = self._take(name, rate, max(1.0, rate))
        if pause:
            time.sleep(pause)
