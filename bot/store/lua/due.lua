-- What is due, who has claimed it, and what was set aside.
--- use: when_full clock

local function held(member, fence)
  return redis.call('HGET', KEY.claims, member) == fence
end

local function release(member)
  redis.call('HDEL', KEY.claims, member)
  redis.call('HDEL', KEY.tries, member)
end

local function unpark(member)
  for _, name in ipairs({KEY.parked, KEY.unreadable, KEY.unknown_kinds}) do
    redis.call('ZREM', name, member)
  end
end

local function garbled(member)
  return tonumber(redis.call('ZSCORE', KEY.unreadable, member) or 0) == math.huge
end

local function schedule(member, at)
  redis.call('ZADD', KEY.due, at, member)
  unpark(member)
  release(member)
end

local function parked(member)
  return redis.call('ZSCORE', KEY.parked, member)
end

-- For who only has to see that something else moved; an earlier time stays. Whoever has a claim may
-- have looked before that, so the member is due again when they finish. What was set aside stays
-- there until somebody can read it.
local function wake(member)
  if parked(member) then return end
  if redis.call('HEXISTS', KEY.claims, member) == 1 then
    redis.call('SADD', KEY.woken, member)
  elseif not redis.call('ZSCORE', KEY.due, member) then
    schedule(member, now)
  end
end

local function finish(member)
  redis.call('ZREM', KEY.due, member)
  release(member)
  if redis.call('SREM', KEY.woken, member) == 1 and not parked(member) then
    schedule(member, now)
  end
end
