-- The work has come so far that who waits may know of it.
--- use: flight
--- args: name token
if redis.call('GET', KEY.flight(name)) ~= token then return {} end
local left = math.max(1, redis.call('PTTL', KEY.flight(name)))
redis.call('SET', KEY.flight_confirmed(name), 1, 'PX', left)
return wake_waiters(name)
