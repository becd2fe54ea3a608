-- One act: whether it is a replay, whether it is too much, and whose record it is about.
-- `limits`: a key and how many a minute, in turn. `record`: a member of the due set, or nothing.
--- use: when_full server_time
--- args: signature record user limits:list

-- Milliseconds.
local MINUTE = 60000
-- Milliseconds between two notices of the limit to one person.
local NOTICE_EVERY = 10000
-- Seconds; a signature is valid for five minutes, either way of the clock.
local REPLAYABLE = 600

if signature ~= '' and redis.call('EXISTS', KEY.signed(signature)) == 1 then return {'again'} end
local wait = 0
for i = 1, #limits, 2 do
  local oldest = redis.call('LINDEX', limits[i], limits[i + 1] - 1)
  -- one from the future was counted before the clock was set back
  if oldest and tonumber(oldest) <= server_now then
    wait = math.max(wait, oldest + MINUTE - server_now)
  end
end
if wait > 0 then
  local notice = redis.call('SET', KEY.limit_notice(user), 1, 'NX', 'PX', NOTICE_EVERY)
  return {'wait', wait, notice and 1 or 0}
end
for i = 1, #limits, 2 do
  redis.call('LPUSH', limits[i], server_now)
  redis.call('LTRIM', limits[i], 0, limits[i + 1] - 1)
  redis.call('PEXPIRE', limits[i], MINUTE)
end
if signature ~= '' then redis.call('SET', KEY.signed(signature), 1, 'EX', REPLAYABLE) end
if record == '' then return {'pass'} end
-- a record of another type is refused, or opened, by who loads it: it is not judged here
local about = redis.pcall('HMGET', KEY.of_member(record), 'version', 'owner_version', 'owner', 'doc')
if about.err then return {'pass'} end
if about[2] and about[1] == about[2] then return {'owner', about[3]} end
return {'doc', about[4]}
