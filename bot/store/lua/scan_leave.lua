-- Wait no longer; a scan that nobody waits for ends.
--- use: scan
--- args: id waiter
local waiters = KEY.scan_part(id, 'waiters')
redis.call('SREM', waiters, waiter)
if redis.call('SCARD', waiters) > 0 or not exists('scan', id) then return 0 end
redis.call('HSET', KEY.record('scan', id), 'cancelled', 1)
schedule('scan:' .. id, now)
return 1
