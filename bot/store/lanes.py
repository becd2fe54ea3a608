"""
How outbox entries wait for each other, as Lua that other scripts include.

An entry may stand in a lane, a list of keys in creation order, of which only the first is
ever due. A lane of replies, or of edits, opens when the message they belong to was sent;
what waits for a message that is dead dies with it. A new edit takes the place of the
pending ones before it: those count as sent, without a `ts`. A message is edited once a second
at most.

`doc` is the entry as it was created; what changes later are fields of their own beside it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.store.coding import encode
from bot.store.due import LUA as DUE_LUA
from bot.store.messages import Entry
from bot.tracing import current

FINISHED_TTL = 14 * 24 * 3600
"""Seconds; longer than a diagnosis, whose card may still be edited."""

PACE = 1_000
"""Milliseconds between two edits of one message, at least; what comes sooner folds meanwhile."""

LUA = (
    DUE_LUA
    + f"local FINISHED_TTL, PACE = {FINISHED_TTL}, {PACE}"
    + """
local released = {}

local function entry(key) return 'slsdiag:entry:' .. key end
local function get(key, field) return redis.call('HGET', entry(key), field) end
local function lane(name) return 'slsdiag:lane:' .. name end

local function lead(name)
  local head = redis.call('LINDEX', lane(name), 0)
  if not head then return end
  local parent = get(head, 'parent')
  local state = parent ~= '' and get(parent, 'state')
  if state and state ~= 'sent' then return end
  if redis.call('ZSCORE', DUE, 'entry:' .. head) then return end
  local at = math.max(now, tonumber(get(head, 'after') or 0))
  if get(head, 'folds') == '1' then
    at = math.max(at, tonumber(get(parent, 'edited_at') or 0) + PACE)
  end
  schedule('entry:' .. head, at)
  if at <= now then table.insert(released, head) end
end

local function settle(key, state, field, value)
  redis.call('HSET', entry(key), 'state', state, field, value)
  redis.call('ZREM', 'slsdiag:outbox', key)
  redis.call('EXPIRE', entry(key), FINISHED_TTL)
  finish('entry:' .. key)
  local name = get(key, 'lane')
  if name ~= '' then
    redis.call('LREM', lane(name), 1, key)
    lead(name)
  end
end

local function fold(name, newest)
  local after = 0
  for _, key in ipairs(redis.call('LRANGE', lane(name), 0, -1)) do
    if key ~= newest and get(key, 'state') == 'pending' then
      after = math.max(after, tonumber(get(key, 'after') or 0))
      redis.call('HSET', entry(key), 'state', 'sent')
      redis.call('ZREM', 'slsdiag:outbox', key)
      redis.call('EXPIRE', entry(key), FINISHED_TTL)
      redis.call('LREM', lane(name), 1, key)
      finish('entry:' .. key)
    end
  end
  if after > 0 then redis.call('HSET', entry(newest), 'after', after) end
end

local function bury(key, why)
  settle(key, 'dead', 'error', why)
  for _, name in ipairs({'thread:' .. key, 'update:' .. key}) do
    for _, child in ipairs(redis.call('LRANGE', lane(name), 0, -1)) do bury(child, why) end
  end
end

local function admit(key)
  local name, parent = get(key, 'lane'), get(key, 'parent')
  if name == '' then return schedule('entry:' .. key, now) end
  redis.call('RPUSH', lane(name), key)
  local state = parent ~= '' and get(parent, 'state')
  if state == 'dead' then return bury(key, get(parent, 'error')) end
  if state == 'sent' then redis.call('EXPIRE', entry(parent), FINISHED_TTL) end
  if get(key, 'folds') == '1' then fold(name, key) end
  lead(name)
end

local function create(first)
  local new = {}
  for i = first, #ARGV, 5 do
    if redis.call('EXISTS', entry(ARGV[i])) == 0 then
      redis.call('HSET', entry(ARGV[i]), 'state', 'pending', 'doc', ARGV[i + 1],
        'lane', ARGV[i + 2], 'parent', ARGV[i + 3], 'folds', ARGV[i + 4])
      redis.call('ZADD', 'slsdiag:outbox', now, ARGV[i])
      table.insert(new, ARGV[i])
    end
  end
  for _, key in ipairs(new) do admit(key) end
end
"""
)


def arguments(entries: tuple[Entry, ...]) -> list[str]:
    """What `create` takes, five an entry."""
    return [word for entry in entries for word in _arguments(entry)]


def _arguments(entry: Entry) -> tuple[str, str, str, str, str]:
    parent = entry.of or entry.thread_of or ""
    folds = "1" if entry.of else ""
    told = replace(entry, trace=entry.trace or current())
    return entry.key, encode(told), _lane(entry), parent, folds


def _lane(entry: Entry) -> str:
    if entry.of:
        return f"update:{entry.of}"
    if entry.thread_of:
        return f"thread:{entry.thread_of}"
    if entry.thread_ts:
        return f"in:{entry.about}:{entry.thread_ts}"
    if entry.response_url:
        return f"respond:{entry.about}"
    return ""
