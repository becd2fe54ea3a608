"""
What a person, and a channel, asked for: their reports, and the functions that come up often.

A function's score grows with each ask and halves in a day. It is kept as a logarithm, so that
old scores need no upkeep: score = log2(sum of 2^(days since 1970 of each ask)).
"""

from __future__ import annotations

from typing import cast

from redis import Redis

REPORTS, NAMES = 50, 100
"""Kept for each person; for each person and channel."""
REPORTS_TTL, NAMES_TTL = 7 * 24 * 3600, 14 * 24 * 3600
"""Seconds since the last ask."""

_NOTE = f"""
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local user, channel, id, function_ = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local reports = 'slsdiag:reports:' .. user
if redis.call('ZADD', reports, 'NX', now, id) == 0 then return 0 end
redis.call('ZREMRANGEBYRANK', reports, 0, -{REPORTS + 1})
redis.call('EXPIRE', reports, {REPORTS_TTL})
local days = now / 86400000
for _, whose in ipairs({{user, channel}}) do
  local name = 'slsdiag:asked:' .. whose
  local score = tonumber(redis.call('ZSCORE', name, function_) or '-1')
  local high, low = math.max(score, days), math.min(score, days)
  if score >= 0 then high = high + math.log(1 + 2 ^ (low - high)) / math.log(2) end
  redis.call('ZADD', name, high, function_)
  redis.call('ZREMRANGEBYRANK', name, 0, -{NAMES + 1})
  redis.call('EXPIRE', name, {NAMES_TTL})
end
return 1
"""


class Asked:
    """Ids are Slack's; a function is written as the caller likes."""

    def __init__(self, redis: Redis) -> None:
        """Costs no round trip."""
        self._redis = redis
        self._note = redis.register_script(_NOTE)

    def note(self, user: str, channel: str, report: str, function: str) -> None:
        """`user` got the report of that id about `function`; twice is once."""
        self._note(args=[user, channel, report, function])

    def reports(self, user: str, most: int) -> list[str]:
        """Ids of the person's reports, newest first."""
        found = self._redis.zrevrange(f"slsdiag:reports:{user}", 0, most - 1)
        return cast(list[str], found)

    def often(self, whose: str) -> dict[str, float]:
        """The functions that a person or a channel asks for, each with its score."""
        found = self._redis.zrevrange(f"slsdiag:asked:{whose}", 0, NAMES - 1, withscores=True)
        return dict(cast(list[tuple[str, float]], found))
