-- Note what the setups of functions were seen to be; one that is as before only gets a later time.
--- use: clock
--- args: place names:list setups:list most:number ttl
local stamp = string.format('%.0f', now)
for i, function_name in ipairs(names) do
  local key = KEY.setups(place, function_name)
  local first, before = string.match(redis.call('LINDEX', key, -1) or '', '^(%d+) %d+ (.*)$')
  if before == setups[i] then
    redis.call('LSET', key, -1, first .. ' ' .. stamp .. ' ' .. before)
  else
    redis.call('RPUSH', key, stamp .. ' ' .. stamp .. ' ' .. setups[i])
    redis.call('LTRIM', key, -most, -1)
  end
  redis.call('PEXPIRE', key, ttl)
end
