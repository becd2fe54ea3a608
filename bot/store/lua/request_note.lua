-- Somebody got a report. A function's score grows with each request and halves in a day; it is kept
-- as a logarithm, so that old scores need no upkeep.
--- use: when_full server_time
--- args: user channel id called

-- Kept for each person; for each person and channel.
local REPORTS, NAMES = 50, 100
-- Seconds since the last request.
local REPORTS_TTL, NAMES_TTL = 7 * 24 * 3600, 14 * 24 * 3600

local reports = KEY.reports(user)
if redis.call('ZADD', reports, 'NX', server_now, id) == 0 then return 0 end
redis.call('ZREMRANGEBYRANK', reports, 0, -REPORTS - 1)
redis.call('EXPIRE', reports, REPORTS_TTL)
local days = server_now / 86400000
for _, who in ipairs({user, channel}) do
  local name = KEY.requested(who)
  local score = tonumber(redis.call('ZSCORE', name, called) or '-1')
  local high, low = math.max(score, days), math.min(score, days)
  if score >= 0 then high = high + math.log(1 + 2 ^ (low - high)) / math.log(2) end
  redis.call('ZADD', name, high, called)
  redis.call('ZREMRANGEBYRANK', name, 0, -NAMES - 1)
  redis.call('EXPIRE', name, NAMES_TTL)
end
return 1
