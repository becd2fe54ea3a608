-- When Slack wants no more for a while.
--
-- A pause is of one kind of call in one channel. What is to be sent there meanwhile gets a slot
-- each, a second apart, so that nobody calls before the time and everything goes in its order when
-- it comes. A later pause makes the slots before its end void.
--- use: outbox

-- Milliseconds; Slack takes one message a second in a channel.
local GAP = 1000

local function paused(call)
  local pause = redis.call('HMGET', KEY.pause(call), 'until', 'next')
  return tonumber(pause[1] or 0), tonumber(pause[2] or 0)
end

local function pause(call, till, following)
  redis.call('HSET', KEY.pause(call), 'until', till, 'next', following)
  redis.call('PEXPIREAT', KEY.pause(call), following + GAP)
end

local function limited(key, call, at)
  local till, following = paused(call)
  pause(call, math.max(till, at), math.max(following, at + GAP))
  redis.call('HSET', KEY.entry(key), 'slot', at)
end

local function must_wait(key, call)
  local till, following = paused(call)
  local slot = tonumber(get(key, 'slot') or 0)
  if slot > 0 and slot >= till and slot <= now then return false end
  local at = math.max(till, following)
  if at <= now then return false end
  pause(call, till, at + GAP)
  redis.call('HSET', KEY.entry(key), 'slot', at, 'after', at)
  schedule('entry:' .. key, at)
  return true
end
