-- Join the scan of a scope, or begin it; gives its id, and whether it was there before.
--- use: scan
--- args: id version doc scope waiter once recent_will_do:flag

-- Scans that a scope's index names.
local MOST = 20

local joined = KEY.scan_joined(waiter, once)
local answered = once ~= '' and redis.call('GET', joined)
if answered then return {answered, 1} end
local running = redis.call('GET', KEY.scan_running(scope))
if running and not lives(running) then running = false end
local recent = not running and recent_will_do and redis.call('GET', KEY.scan_recent(scope))
if recent then return {recent, 1} end
local before = running and 1 or 0
if not running then
  running = id
  store('scan', id, version, doc, '')
  index('scan', scope, id, MOST)
  redis.call('SET', KEY.scan_running(scope), id, 'EX', RECORD_TTL)
  schedule('scan:' .. id, now)
end
add_waiter(KEY.scan_part(running, 'waiters'), waiter, RECORD_TTL)
if once ~= '' then redis.call('SET', joined, running, 'EX', RECORD_TTL) end
return {running, before}
