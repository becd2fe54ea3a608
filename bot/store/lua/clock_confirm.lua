-- No step was seen: the time is right.
--- use: when_full
--- args: at steps
if (redis.call('HGET', KEY.clock, 'steps') or '0') ~= steps then return end
redis.call('HSET', KEY.clock, 'confirmed', at)
