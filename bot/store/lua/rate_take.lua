-- Take tokens of a bucket; gives the seconds to wait for them.
--- use: server_time
--- args: name rate:number size:number tokens:number
local seconds = time[1] + time[2] / 1000000
local bucket = redis.call('HMGET', KEY.rate(name), 'level', 'filled_at')
local level, filled_at = tonumber(bucket[1] or size), tonumber(bucket[2] or seconds)
level = math.min(size, level + math.max(0, seconds - filled_at) * rate) - tokens
redis.call('HSET', KEY.rate(name), 'level', tostring(level),
  'filled_at', string.format('%.6f', seconds))
redis.call('PEXPIRE', KEY.rate(name), math.ceil((size - level) / rate * 1000) + 1000)
return tostring(math.max(0, -level / rate))
