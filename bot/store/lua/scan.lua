-- Scans: their parts, and whether one goes on.
--- use: record waiters

-- Milliseconds that giving up a part of a scan may take.
local GIVING_UP = 60000

local function stands(member)
  if redis.call('ZSCORE', KEY.due, member) then return true end
  if redis.call('ZSCORE', KEY.unreadable, member) then return not garbled(member) end
  -- parked a moment ago, and whoever did it is still saving what becomes of it
  local parked = redis.call('HEXISTS', KEY.claims, member) == 1
    and redis.call('ZSCORE', KEY.parked, member)
  return parked and now - tonumber(parked) < GIVING_UP
end

local function lives(id)
  if stands('scan:' .. id) then return true end
  for _, number in ipairs(redis.call('HKEYS', KEY.scan_part(id, 'chunks'))) do
    if stands('chunk:' .. id .. ':' .. number) then return true end
  end
  return false
end
