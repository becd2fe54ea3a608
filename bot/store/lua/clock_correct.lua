-- Move what is due by a step of the clock, once. Slots of digests are times of the wall clock.
--- use: when_full
--- args: by:number at steps
if (redis.call('HGET', KEY.clock, 'steps') or '0') ~= steps then return 0 end
redis.call('HINCRBY', KEY.clock, 'steps', 1)
redis.call('HSET', KEY.clock, 'confirmed', at)
local due = redis.call('ZRANGE', KEY.due, 0, -1, 'WITHSCORES')
for i = 1, #due, 2 do
  local claimed = redis.call('HEXISTS', KEY.claims, due[i]) == 1
  local slot = string.sub(due[i], 1, 7) == 'digest:' and not claimed
  if not slot then redis.call('ZADD', KEY.due, due[i + 1] + by, due[i]) end
end
for _, key in ipairs(redis.call('ZRANGE', KEY.outbox, 0, -1)) do
  local after = redis.call('HGET', KEY.entry(key), 'after')
  if after then redis.call('HSET', KEY.entry(key), 'after', after + by) end
end
return 1
